import { describe, expect, onTestFinished, test } from 'vitest';
import { createImageRenderer } from '../../adapters/image/image-renderer.ts';
import type { ImageRenderer, PictureRequest } from '../../src/ports/image.ts';
import { netPerDay } from '../charts/sample-charts.ts';
import { recordingLog } from '../support/recording-log.ts';

const script = new URL('./stubborn-worker.ts', import.meta.url);

function stubborn(timeLimitMs = 10_000): ImageRenderer & { readonly lines: readonly string[] } {
  const log = recordingLog();
  const renderer = createImageRenderer({ script, timeLimitMs, log });
  onTestFinished(() => renderer.close());
  return { ...renderer, lines: log.lines };
}

function titled(title: string): PictureRequest {
  return { chart: { ...netPerDay, title }, theme: 'dark', locale: 'en-US', timeZone: 'UTC' };
}

const lost = (message: RegExp, retryable = true) => ({
  name: 'UpstreamError',
  system: 'image',
  retryable,
  message: expect.stringMatching(message),
});

describe('a drawing thread', () => {
  test.each([
    { title: 'die', reason: /the thread has ended/ },
    { title: 'throw', reason: /the thread died: torn canvas/ },
  ])('that comes to $title loses its picture alone', async ({ title, reason }) => {
    const { png, lines } = stubborn();
    const [dead, next] = await Promise.allSettled([png(titled(title)), png(titled('a'))]);
    expect(dead).toMatchObject({ status: 'rejected', reason: lost(reason) });
    // The first picture of a new thread.
    expect(next).toEqual({ status: 'fulfilled', value: new Uint8Array([1]) });
    expect(lines).toEqual(['warn: the drawing thread is replaced']);
  });

  test('that hangs is ended when the time is up, and the next pictures come from a new one', async () => {
    const { png } = stubborn(300);
    await expect(png(titled('hang'))).rejects.toMatchObject(lost(/it took longer than 300 ms/));
    // What starts a thread has its time too; on a busy machine more than one try.
    await expect.poll(() => png(titled('a')).catch(() => null), { timeout: 10_000 }).toEqual(new Uint8Array([1]));
  });

  test('lets those behind it wait as long as a picture may take, and no longer', async () => {
    const { png } = stubborn(300);
    const before = ['en', 'fr'].map((locale) => png({ ...titled('wait'), locale }));
    const results = Promise.allSettled([...before, png(titled('a'))]);
    expect((await results).map((result) => result.status === 'rejected' && result.reason.message)).toEqual([
      expect.stringContaining('it took longer than 300 ms'),
      expect.stringContaining('it took longer than 300 ms'),
      expect.stringContaining('others took longer than 300 ms'),
    ]);
  });

  test('that cannot draw a chart says so, and lives', async () => {
    const { png, lines } = stubborn();
    await expect(png(titled('refuse'))).rejects.toMatchObject(lost(/no such colour/, false));
    expect(await png(titled('a'))).toEqual(new Uint8Array([2]));
    expect(lines).toEqual(['error: a picture cannot be drawn']);
  });

  test('has 32 pictures waiting and refuses the next', async () => {
    const { png, close } = stubborn();
    const waiting = ['wait', ...Array.from({ length: 32 }, (_, index) => `n${index}`)].map((title) =>
      png(titled(title)),
    );
    const results = Promise.allSettled(waiting);
    await expect(png(titled('one too many'))).rejects.toMatchObject(lost(/32 pictures are waiting already/));
    await close();
    for (const result of await results) {
      expect(result).toMatchObject({ status: 'rejected', reason: lost(/the renderer is closed/, false) });
    }
  });

  test('draws nothing once it is closed', async () => {
    const { png, close } = stubborn();
    await close();
    await expect(png(titled('a'))).rejects.toMatchObject(lost(/the renderer is closed/, false));
  });
});

describe('the same picture', () => {
  test('asked for by many at once is drawn once, and kept', async () => {
    const { png } = stubborn();
    const pictures = await Promise.all(Array.from({ length: 50 }, () => png(titled('a'))));
    expect(new Set(pictures).size).toBe(1);
    expect(await png(titled('b'))).toEqual(new Uint8Array([2]));
    expect(await png(titled('a'))).toEqual(new Uint8Array([1]));
  });

  test('is another one in another theme, locale or zone', async () => {
    const { png } = stubborn();
    const same = titled('a');
    const others = [
      same,
      { ...same, theme: 'light' },
      { ...same, locale: 'fr' },
      { ...same, timeZone: 'Asia/Tokyo' },
    ] as const;
    const pictures = await Promise.all(others.map((request) => png(request)));
    expect(pictures.map(([count]) => count)).toEqual([1, 2, 3, 4]);
  });

  test('that could not be drawn is tried again', async () => {
    const { png } = stubborn();
    await expect(png(titled('die'))).rejects.toThrow();
    await expect(png(titled('die'))).rejects.toThrow(/has ended/);
  });
});

test('a chart that holds too much is refused', async () => {
  const values = Array.from({ length: 200_000 }, (_, index) => index + 0.123456);
  const request = { ...titled('a'), chart: { ...netPerDay, series: [{ name: 'a', values }] } };
  await expect(stubborn().png(request)).rejects.toMatchObject(lost(/holds too much/, false));
});
