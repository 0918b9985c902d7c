import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createImageRenderer } from '../../adapters/image/image-renderer.ts';
import { themes } from '../../src/charts/theme.ts';
import type { ChartBlock } from '../../src/chat/reply.ts';
import type { ImageRenderer, PictureRequest } from '../../src/ports/image.ts';
import { gpuHours, netPerDay, revenue, sampleCharts } from '../charts/sample-charts.ts';
import { decodePng } from './decode-png.ts';

// The limit is generous: other suites share the processor.
let renderer: ImageRenderer;
beforeAll(() => {
  renderer = createImageRenderer({ timeLimitMs: 15_000 });
});
afterAll(() => renderer.close());

function draw(chart: ChartBlock, changes: Partial<PictureRequest> = {}): Promise<Uint8Array> {
  return renderer.png({ chart, theme: 'light', locale: 'en-US', timeZone: 'America/Toronto', ...changes });
}

function named(names: readonly string[]): ChartBlock {
  return { ...netPerDay, along: { kind: 'names', names } };
}

describe.each(['light', 'dark'] as const)('a picture on a %s ground', (theme) => {
  test.each(Object.entries(sampleCharts))(
    '%s is a PNG of twice 640 pixels, small enough for a phone',
    async (_, chart) => {
      const png = await draw(chart, { theme });
      expect([...png.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
      expect(png.byteLength).toBeLessThan(220_000);
      const { width, height, count } = await decodePng(png);
      expect(width).toBe(1280);
      expect(height).toBeGreaterThan(500);
      expect(count(themes[theme].background)).toBeGreaterThan(0.3 * width * height);
      expect(count(themes[theme].series[0] ?? '')).toBeGreaterThan(1_000);
    },
  );
});

test('bars cover as much as their figures say', async () => {
  const [all = 0, half = 0] = await Promise.all(
    [10, 5].map(async (value) => {
      const { count } = await decodePng(
        await draw({ ...netPerDay, series: [{ name: 'net', values: [10, value, 0, 0] }] }),
      );
      return count(themes.light.series[0] ?? '');
    }),
  );
  expect(half / all).toBeGreaterThan(0.74);
  expect(half / all).toBeLessThan(0.76);
});

test('a gap is shaded, and nothing is shaded where there is none', async () => {
  const shaded = async (chart: ChartBlock) => (await decodePng(await draw(chart))).count(themes.light.gap);
  expect(await shaded(revenue)).toBeGreaterThan(10_000);
  expect(await shaded(gpuHours)).toBeGreaterThan(3_000);
  expect(await shaded(netPerDay)).toBe(0);
});

test('another locale or zone is another picture', async () => {
  const pictures = await Promise.all([
    draw(gpuHours),
    draw(gpuHours, { locale: 'fr-CA' }),
    draw(gpuHours, { timeZone: 'Asia/Tokyo' }),
  ]);
  expect(new Set(pictures.map((png) => Buffer.from(png).toString('base64'))).size).toBe(3);
});

test.each([
  { template: '{value}', filled: '0' },
  { template: '{b}', filled: 'mine' },
  { template: '{a|x}', filled: 'x' },
])('a name $template is printed as it is', async ({ template, filled }) => {
  const [literal, other] = await Promise.all([
    draw(named([template, 'b', 'c', 'd'])),
    draw(named([filled, 'b', 'c', 'd'])),
  ]);
  expect(Buffer.from(literal).equals(other)).toBe(false);
});

test('the main thread goes on while a picture is drawn', async () => {
  let turns = 0;
  let counting = true;
  const count = () => {
    turns += 1;
    if (counting) setImmediate(count);
  };
  setImmediate(count);
  await draw({ ...gpuHours, title: 'drawn meanwhile' });
  counting = false;
  // Drawn here it would be one turn.
  expect(turns).toBeGreaterThan(10);
});

test('a hundred pictures take no more memory than ten', { timeout: 90_000 }, async () => {
  const drawMany = async (count: number, name: string) => {
    for (let index = 0; index < count; index += 1) await draw({ ...netPerDay, title: `${name} ${index}` });
    return process.memoryUsage.rss() / 2 ** 20;
  };
  const before = await drawMany(10, 'first');
  expect((await drawMany(100, 'then')) - before).toBeLessThan(120);
});

test('texts come from the bundled fonts: a machine without any draws the same', { timeout: 90_000 }, async () => {
  const script = fileURLToPath(new URL('./print-digests.ts', import.meta.url));
  const digests = async (environment: NodeJS.ProcessEnv) => {
    const env = { ...process.env, ...environment };
    const { stdout } = await promisify(execFile)(process.execPath, [script], { env, timeout: 80_000 });
    return stdout.trim().split('\n');
  };
  const bare = await digests({ DISABLE_SYSTEM_FONTS_LOAD: '1', FONTCONFIG_FILE: '/dev/null' });
  expect(await digests({})).toEqual(bare);
  // A character that the fonts lack would be the same empty box as another.
  expect(new Set(bare).size).toBe(6);
});
