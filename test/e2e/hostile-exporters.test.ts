import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { z } from 'zod';
import { status } from '../../commands/status.ts';
import { type Behaviour, type FakeExporter, startExporters } from '../support/exporter-farm.ts';
import { ask } from '../support/run-rigshift.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** One healthy rig among exporters that do everything wrong that an exporter can do. */

const mebibyte = 2 ** 20;

const healthy = `# TYPE trex_gpu_hashrate gauge
trex_gpu_hashrate{device_id="0",name="RTX 3090",worker="healthy"} 4.6e+07
# TYPE trex_gpu_power gauge
trex_gpu_power{device_id="0",name="RTX 3090",worker="healthy"} 290
`;

interface Hostile {
  readonly behaviour: Behaviour;
  readonly kind: string;
  readonly message: RegExp;
}

const hostile = {
  'answers-500': { behaviour: { kind: 'status', status: 500 }, kind: 'http-status', message: /HTTP 500/ },
  hangs: { behaviour: { kind: 'hangs' }, kind: 'timeout', message: /no answer within 5 s/ },
  stalls: {
    behaviour: { kind: 'stalls', text: healthy },
    kind: 'timeout',
    message: /not complete within 5 s, \d+ bytes came/,
  },
  drips: { behaviour: { kind: 'drips', text: healthy, everyMs: 200 }, kind: 'timeout', message: /within 5 s/ },
  'half-a-line': {
    behaviour: { kind: 'half a line', text: healthy.slice(0, -15) },
    kind: 'truncated',
    message: /ends within line 4/,
  },
  // 29 W instead of 290 would be a wrong figure that nobody notices.
  'half-a-number': {
    behaviour: { kind: 'half a line', text: healthy.slice(0, -2) },
    kind: 'truncated',
    message: /ends within line 4/,
  },
  'breaks-off': {
    behaviour: { kind: 'breaks off', text: healthy },
    kind: 'truncated',
    message: /the connection broke after \d+ bytes/,
  },
  'hangs-up': {
    behaviour: { kind: 'hangs up', afterwards: null },
    kind: 'network',
    message: /the connection broke before an answer/,
  },
  'prints-binary': {
    behaviour: { kind: 'prints', text: Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 167) % 256)) },
    kind: 'malformed',
    message: /./,
  },
  'prints-html': {
    behaviour: { kind: 'prints', text: '<!doctype html>\n<title>login</title>\n', contentType: 'text/html' },
    kind: 'malformed',
    message: /./,
  },
  'speaks-ssh': { behaviour: { kind: 'garbage' }, kind: 'malformed', message: /not HTTP/ },
  'cuts-its-gzip': {
    behaviour: { kind: 'gzip', text: healthy, cutTo: 60 },
    kind: 'truncated',
    message: /gzip data ends early/,
  },
} as const satisfies Readonly<Record<string, Hostile>>;

/** Each would fill the memory of who believes it. */
const endless = {
  'never-ends': {
    behaviour: { kind: 'endless', line: 'trex_gpu_hashrate{device_id="0",name="RTX 3090"} 4.6e+07\n' },
    kind: 'too-large',
    message: /more than \d+ bytes/,
  },
  'is-a-gzip-bomb': {
    behaviour: { kind: 'gzip', text: Buffer.alloc(64 * mebibyte, 'trex_gpu_power 290\n') },
    kind: 'too-large',
    message: /more than \d+ bytes/,
  },
} as const satisfies Readonly<Record<string, Hostile>>;

/** Says at its end how much memory the process ever held. */
const sayPeakMemory = `data:text/javascript,import { readFileSync } from 'node:fs';
process.on('exit', () => process.stderr.write(readFileSync('/proc/self/status', 'utf8')));`;

function peakBytesIn(stderr: string): number {
  const [, kilobytes] = /^VmHWM:\s*(\d+) kB$/m.exec(stderr) ?? [];
  return Number(kilobytes) * 1024;
}

interface Farm {
  readonly code: number | null;
  readonly facts: z.infer<typeof status.facts>;
  readonly peakBytes: number;
  readonly exporters: Readonly<Record<string, FakeExporter>>;
}

/** Asks once how a farm of these exporters and a healthy one is; a rig that refuses belongs to it, too. */
async function askAbout(
  rigs: Readonly<Record<string, Hostile>>,
  { interval, timeout, downAfter = '2m' }: { interval: string; timeout: string; downAfter?: string },
): Promise<Farm> {
  using folder = temporaryFolder();
  const behaviours = Object.entries(rigs).map(([rig, { behaviour }]) => [rig, behaviour] as const);
  const { exporters, stop } = await startExporters<string>({
    healthy: { kind: 'prints', text: healthy },
    ...Object.fromEntries(behaviours),
  });
  const urls = [...Object.entries(exporters).map(([rig, { url }]) => [rig, url]), ['refuses', 'http://127.0.0.1:1/']];
  const settings = {
    sites: [{ name: 'garage', tariff: { pricePerKwh: 0.05 } }],
    metrics: {
      interval,
      states: { downAfter },
      exporters: { timeout, targets: urls.map(([rig, url]) => ({ rig, site: 'garage', urls: [url] })) },
    },
  };
  writeFileSync(join(folder.path, 'rigshift.yaml'), stringify(settings));
  try {
    const preload = process.platform === 'linux' ? [sayPeakMemory] : [];
    const { code, answer, stderr } = await ask('status', [], { cwd: folder.path, preload, limitMs: 60_000 });
    return { code, facts: status.facts.parse(answer.facts), peakBytes: peakBytesIn(stderr), exporters };
  } finally {
    await stop();
  }
}

function expectReported({ facts, exporters }: Farm, rig: string, { kind, message }: Hostile): void {
  expect(facts.failures.first.filter((failure) => failure.rig === rig)).toEqual([
    { rig, kind, message: expect.stringMatching(message), instance: exporters[rig]?.instance },
  ]);
}

describe('a farm of exporters that misbehave', () => {
  let farm: Farm;
  beforeAll(async () => {
    farm = await askAbout(hostile, { interval: '5s', timeout: '5s' });
  });

  it('is answered all the same', () => {
    const failing = Object.keys(hostile).length + 1;
    expect(farm.code).toBe(0);
    expect(farm.facts.observation).toMatchObject({
      targets: { total: failing + 1, up: 1 },
      rigs: { up: 1, silent: failing, down: 0 },
    });
  });

  it('what does not answer is down at once where nobody is to wait', async () => {
    const { facts } = await askAbout({}, { interval: '5s', timeout: '5s', downAfter: '0s' });
    expect(facts.observation.rigs).toMatchObject({ up: 1, silent: 0, down: 1 });
  });

  it.each(Object.entries<Hostile>(hostile))('one that %s is reported as that', (rig, expected) => {
    expectReported(farm, rig, expected);
  });

  it('one that does not listen is reported as that', () => {
    const [failure] = farm.facts.failures.first.filter(({ rig }) => rig === 'refuses');
    expect(failure).toMatchObject({ kind: 'refused', message: 'connection refused' });
  });

  it('the healthy rig is read, and nothing of the others is', () => {
    expect(farm.facts).toMatchObject({
      gpus: { total: 1, mining: 1 },
      power: { cards: { watts: 290, gpus: 1, of: 1 } },
    });
  });
});

describe('exporters that print without an end', () => {
  let farm: Farm;
  beforeAll(async () => {
    // As much time for each as there ever is: how much it printed has to be what ends it.
    farm = await askAbout(endless, { interval: '1m', timeout: '50s' });
  });

  it.each(Object.entries<Hostile>(endless))('one that %s is reported as that', (rig, expected) => {
    expectReported(farm, rig, expected);
  });

  it('the healthy rig is read', () => {
    expect(farm.facts).toMatchObject({ gpus: { total: 1, mining: 1 } });
  });

  it('no more is read than it takes to know', () => {
    // What the sockets' buffers hold comes on top of the 32 MiB that are allowed.
    expect(farm.exporters['never-ends']?.bytesSent()).toBeLessThan(48 * mebibyte);
  });

  it.skipIf(process.platform !== 'linux')('memory stays bounded', async ({ annotate }) => {
    const { peakBytes } = await askAbout({}, { interval: '1m', timeout: '50s' });
    await annotate(`${farm.peakBytes} bytes at the most, ${peakBytes} without them`);
    expect(peakBytes).toBeGreaterThan(0);
    expect(farm.peakBytes - peakBytes).toBeLessThan(160 * mebibyte);
  });
});
