import fc from 'fast-check';
import parsePrometheusTextFormat from 'parse-prometheus-text-format';
import { describe, expect, it } from 'vitest';
import { LabelSets } from '../../adapters/exporters/label-sets.ts';
import { ExpositionError, ExpositionScanner } from '../../adapters/exporters/scanner.ts';
import { WantedNames } from '../../adapters/exporters/wanted-names.ts';
import type { Labels, WantedFamilies } from '../../src/ports/metrics.ts';
import { wholeFamilies } from '../support/recording-sinks.ts';
import { missingSamples, readSample } from '../support/samples.ts';

type Sample = readonly [name: string, labels: Labels, value: number, timestampMs: number];

interface Scan {
  readonly samples: readonly Sample[];
  readonly counted: number;
  readonly error: string | null;
}

interface ScanOptions {
  readonly wanted?: readonly string[];
  readonly families?: WantedFamilies;
  readonly openMetrics?: boolean;
  readonly labelSets?: LabelSets;
}

const usual = ['up', 'm', 'metric_a', 'metric_ab', 'ns:rule'];

function scan(chunks: readonly Buffer[], options: ScanOptions = {}): Scan {
  const samples: Sample[] = [];
  const scanner = new ExpositionScanner({
    wanted: new WantedNames(options.families ?? wholeFamilies(options.wanted ?? usual)),
    labelSets: options.labelSets ?? new LabelSets({ instance: 'a:1' }),
    scrapedAtMs: 5_000,
    openMetrics: options.openMetrics ?? false,
    sample: (...sample) => samples.push(sample),
  });
  try {
    for (const chunk of chunks) scanner.write(chunk);
    scanner.end();
    return { samples, counted: scanner.samples, error: null };
  } catch (error) {
    if (!(error instanceof ExpositionError)) throw error;
    return { samples, counted: scanner.samples, error: `${error.kind}: ${error.message}` };
  }
}

/** DCGM's value for what a card does not support; no literal, for it is no double. */
const notSupported = Number('9223372036854775794');

const scanText = (text: string, options: ScanOptions = {}) => scan([Buffer.from(text)], options);

describe('a sample line', () => {
  const own = (labels: Labels) => ({ ...labels, instance: 'a:1' });
  it.each<[string, Labels, number, number]>([
    ['m 1', {}, 1, 5_000],
    ['m{} 1', {}, 1, 5_000],
    ['m{}1', {}, 1, 5_000],
    ['m {a="b"} 1', { a: 'b' }, 1, 5_000],
    ['  m\t{ a = "b" , c="d" ,}\t 1  ', { a: 'b', c: 'd' }, 1, 5_000],
    ['m{a="}"} 1', { a: '}' }, 1, 5_000],
    ['m{a="\\\\ \\" \\n \\x"} 1', { a: '\\ " \n \\x' }, 1, 5_000],
    ['m{a="é 漢 🦀"} 1', { a: 'é 漢 🦀' }, 1, 5_000],
    ['m{empty=""} 1', {}, 1, 5_000],
    ['m 1 1700000000123', {}, 1, 1_700_000_000_123],
    ['m 1 -5', {}, 1, -5],
    ['m NaN', {}, Number.NaN, 5_000],
    ['m +Inf', {}, Number.POSITIVE_INFINITY, 5_000],
    ['m -Inf', {}, Number.NEGATIVE_INFINITY, 5_000],
    ['m 9223372036854775794', {}, notSupported, 5_000],
    ['m 1.7976931348623157e+308', {}, Number.MAX_VALUE, 5_000],
    ['m 5e-324', {}, Number.MIN_VALUE, 5_000],
    ['m 3.6465664e+07', {}, 36465664, 5_000],
    ['m 0.1', {}, 0.1, 5_000],
    ['m -0', {}, -0, 5_000],
    ['m .5', {}, 0.5, 5_000],
    ['m 5.', {}, 5, 5_000],
  ])('%s', (line, labels, value, timestampMs) => {
    expect(scanText(`${line}\n`)).toEqual({
      samples: [['m', own(labels), value, timestampMs]],
      counted: 1,
      error: null,
    });
  });

  it.each([
    'm',
    'm ',
    'm{a="b"}',
    'm{a="b" 1',
    'm{a="b} 1',
    'm{a=b} 1',
    'm{a:b="c"} 1',
    'm{1a="b"} 1',
    'm{a="b",a="c"} 1',
    'm{a="b"c="d"} 1',
    'm{,} 1',
    'm one',
    'm 0x10',
    'm 1e999',
    'm 1_000',
    'm --1',
    'm 1e',
    'm 1 2 3',
    'm 1 1.5',
    'm 1 # {trace="x"} 1',
    'm-a 1',
    '"m" 1',
    '{"m"} 1',
    '1m 1',
    'm 1\r',
  ])('is refused with its number where it is malformed: %s', (line) => {
    const { error, samples } = scanText(`up 1\n\n${line}\nm 2\n`);
    expect(error).toMatch(/^malformed: .* in line 3: "/);
    expect(samples).toHaveLength(1);
  });
});

it('wants whole names only, and counts every sample', () => {
  const text = '# HELP m x\nmetric_a 1\nmetric_ab 2\nmetric_abc 3\nmetric 4\n\n#\nns:rule 5\nother{ garbage\n';
  const { samples, counted, error } = scanText(text);
  expect(samples.map(([name, , value]) => [name, value])).toEqual([
    ['metric_a', 1],
    ['metric_ab', 2],
    ['ns:rule', 5],
  ]);
  expect({ counted, error }).toEqual({ counted: 6, error: null });
});

describe('a family of which only some series are wanted', () => {
  const idle: WantedFamilies = new Map([
    ['cpu', { label: 'mode', value: 'idle' }],
    ['up', null],
  ]);
  const scanIdle = (text: string, target: Labels = {}) => {
    const labelSets = new LabelSets(target);
    return { ...scanText(text, { families: idle, labelSets }), kept: labelSets.size };
  };

  it.each<[string, boolean]>([
    ['{cpu="0",mode="idle"}', true],
    ['{mode="idle"}', true],
    ['{mode="idle",cpu="0",}', true],
    ['{ cpu = "0" , mode = "idle" }', true],
    ['{cpu="é\\n\\"",mode="idle"}', true],
    [' {mode="idle"}', true],
    ['{cpu="0",mode="user"}', false],
    ['{cpu="0",mode="idle2"}', false],
    ['{cpu="0",mode="idl"}', false],
    ['{cpu="0",mode=""}', false],
    ['{cpu="0",amode="idle"}', false],
    ['{cpu="0",modea="idle"}', false],
    ['{cpu="mode=\\"idle\\"",mode="user"}', false],
    ['{cpu=",mode=",mode="user"}', false],
    ['{cpu="0"}', false],
    ['{}', false],
    ['', false],
  ])('%s', (labels, wanted) => {
    const { samples, counted, error } = scanIdle(`up 1\ncpu${labels} 2\n`);
    expect({ counted, error }).toEqual({ counted: 2, error: null });
    expect(samples.map(([name]) => name)).toEqual(wanted ? ['up', 'cpu'] : ['up']);
  });

  it('keeps nothing of the others', () => {
    const modes = ['user', 'system', 'idle', 'iowait', 'nice', 'irq', 'softirq', 'steal'];
    const lines = Array.from({ length: 64 }, (_, cpu) => modes.map((mode) => `cpu{cpu="${cpu}",mode="${mode}"} 1\n`));
    const { samples, kept, counted } = scanIdle(`up{a="b"} 1\ncpu{cpu="all"} 1\n${lines.flat().join('')}`);
    expect([samples.length, kept, counted]).toEqual([65, 65, 514]);
  });

  it('looks at the first sample whole, wanted or not', () => {
    expect(scanIdle('cpu{mode="user"} one\n').error).toMatch(/^malformed: .*bad value in line 1/);
    expect(scanIdle('cpu{mode="user"} 1\n')).toMatchObject({ samples: [], counted: 1, error: null });
  });

  it('means the labels as they are handed on', () => {
    const text = 'up 1\ncpu{mode="idle"} 2\ncpu{mode="user"} 3\ncpu 4\n';
    const values = (target: Labels) => scanIdle(text, target).samples.map(([, , value]) => value);
    expect(values({ mode: 'idle' })).toEqual([1, 2, 3, 4]);
    expect(values({ mode: 'test' })).toEqual([1]);
  });

  it('is the same as all series that carry the label when they are parsed', () => {
    const name = fc.constantFrom('mode', 'amode', 'mod', 'exported_mode', 'site', 'exported_site');
    const value = fc.constantFrom('idle', 'user', '', 'é', ' idle', 'idle\\', '"idle"', 'mode="idle"', 'a,mode="idle');
    const sets = fc.array(fc.dictionary(name, value, { maxKeys: 4, noNullPrototype: true }), { maxLength: 6 });
    fc.assert(
      fc.property(sets, name, value, fc.dictionary(name, value), (series, label, wanted, target) => {
        const text = series.map((labels, at) => {
          const set = Object.entries(labels).map(([one, content]) => `${one}="${escaped(content)}"`);
          return `cpu{${set.join(',')}} ${at}\n`;
        });
        const filter = { label, value: wanted };
        const options = () => ({ labelSets: new LabelSets(target), wanted: ['cpu'] });
        const all = scanText(text.join(''), options());
        const some = scanText(text.join(''), { ...options(), families: new Map([['cpu', filter]]) });
        expect(some.samples).toEqual(all.samples.filter(([, labels]) => labels[label] === wanted));
        expect(some.counted).toBe(all.counted);
      }),
      { numRuns: 500 },
    );
  });
});

it('takes the first of two samples of one series, unless they have times of their own', () => {
  const { samples, counted } = scanText('m 1\nm{a="b"} 2\nup{a="b"} 3\nm{a="b"} 4\nm 5\nm 6 7\nm 8 9\nup 10\n');
  expect(samples.map(([, , value]) => value)).toEqual([1, 2, 3, 6, 8, 10]);
  expect(counted).toBe(8);
});

it('takes an empty exposition for one without samples', () => {
  expect(scanText('')).toEqual({ samples: [], counted: 0, error: null });
});

describe('what is no exposition', () => {
  it.each([
    [
      'HTML',
      '<!DOCTYPE html>\n<p>hello</p>\n',
      /^malformed: not the Prometheus text format: no metric name in line 1: "<!DOC/,
    ],
    ['prose', 'Not found\n', /^malformed: not the Prometheus text format: bad value in line 1/],
    ['NUL', 'up 1\nx\0y\n', /^malformed: binary data in line 2$/],
    ['no line feed', 'up 1\nm{a="b"', /^truncated: ends within line 2: "m\{a/],
    ['only half a line', 'm 12', /^truncated: ends within line 1/],
  ])('is refused: %s', (_name, text, message) => {
    expect(scanText(text).error).toMatch(message);
  });

  it('is refused as binary where it is not UTF-8, even without a line feed', () => {
    expect(scan([Buffer.from([0x1f, 0x8b, 0x08, 0xff, 0xfe])]).error).toBe('malformed: binary data in line 1');
    expect(scan([Buffer.from([0x6d, 0x20, 0xff, 0x0a])]).error).toBe('malformed: binary data in line 1');
  });

  it('is truncated and not binary where it is cut within a character', () => {
    expect(scan([Buffer.from('m{a="é').subarray(0, -1)]).error).toMatch(/^truncated/);
  });

  it('is quoted in a short and printable way', () => {
    const { error } = scanText(`m \u001b[31m${'x'.repeat(10_000)}\n`);
    expect(error).toMatch(/"m \?\[31mx+…"$/);
    expect(error!.length).toBeLessThan(200);
  });
});

describe('OpenMetrics', () => {
  const scanOpen = (text: string) => scanText(text, { openMetrics: true });
  it('has timestamps in seconds, exemplars and an end', () => {
    const { samples, error } = scanOpen('m{a="b"} 1 1700000000.123 # {trace="x"} 0.5\nm 2 # {} 1 2\n# EOF\n');
    expect(error).toBeNull();
    expect(samples.map(([, , value, timestampMs]) => [value, timestampMs])).toEqual([
      [1, 1_700_000_000_123],
      [2, 5_000],
    ]);
  });

  it('needs no line feed after its end, but the end', () => {
    expect(scanOpen('m 1\n# EOF').error).toBeNull();
    expect(scanOpen('m 1\n').error).toBe('truncated: ends without "# EOF"');
    expect(scanOpen('# EOF\nm 1\n').error).toMatch(/^malformed/);
  });
});

describe('labels', () => {
  const merge = (line: string, target: Labels) =>
    scanText(`${line}\n`, { labelSets: new LabelSets(target) }).samples[0]?.[1];
  it('give way to those of the target as exported_', () => {
    const target = { instance: 'a:1', job: 'rigs', exported_job: 'taken' };
    expect(merge('m{instance="mine",job="theirs",gpu="0"} 1', target)).toEqual({
      ...target,
      gpu: '0',
      exported_instance: 'mine',
      exported_exported_job: 'theirs',
    });
    expect(merge('m{job="theirs",exported_job="x"} 1', { job: 'rigs' })).toEqual({
      job: 'rigs',
      exported_job: 'x',
      exported_exported_job: 'theirs',
    });
  });

  it('may be called like something every object has', () => {
    const labels = merge('m{constructor="a",__proto__="b",toString="c"} 1', { job: 'rigs' });
    expect(Object.entries(labels!).sort()).toEqual([
      ['__proto__', 'b'],
      ['constructor', 'a'],
      ['job', 'rigs'],
      ['toString', 'c'],
    ]);
  });

  it('are parsed once and shared, and forgotten a few scrapes after they vanish', () => {
    const labelSets = new LabelSets({ job: 'rigs' });
    const text = 'm{gpu="0"} 1\nm{gpu="1"} 2\nup{gpu="0"} 3\n';
    const first = scanText(text, { labelSets }).samples;
    const second = scanText(text, { labelSets }).samples;
    expect(second).toEqual(first);
    expect(second[2]![1]).toBe(first[0]![1]);
    expect(labelSets.size).toBe(2);
    for (let scrape = 0; scrape < 100; scrape++) scanText(`m{scrape="${scrape}"} 1\n`, { labelSets });
    expect(labelSets.size).toBeLessThanOrEqual(5);
  });

  it('are found whatever order they come in', () => {
    const labelSets = new LabelSets({});
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 1, 0],
      [0, 2],
      [2, 0, 1],
    ]) {
      const { samples } = scanText(order.map((gpu) => `m{gpu="${gpu}"} ${gpu}\n`).join(''), { labelSets });
      const once = [...new Set(order)];
      expect(samples.map(([, labels, value]) => [labels['gpu'], value])).toEqual(once.map((gpu) => [`${gpu}`, gpu]));
    }
  });
});

/** Cuts the bytes at the given places. */
function cut(bytes: Buffer, places: readonly number[]): readonly Buffer[] {
  const sorted = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return sorted.slice(1).map((end, index) => bytes.subarray(sorted[index]!, end));
}

const lines = fc.constantFrom(
  'm 1',
  'm{a="é\\n"} 2',
  'up NaN 17',
  '# HELP m é',
  'metric_a{',
  'other 3',
  'm x',
  '',
  '# EOF',
);
const hostile = fc.oneof(
  { weight: 2, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
  {
    weight: 3,
    arbitrary: fc
      .array(
        fc.oneof(
          lines.map((line) => Buffer.from(`${line}\n`)),
          fc.uint8Array({ maxLength: 8 }).map((b) => Buffer.from(b)),
        ),
      )
      .map((parts) => Buffer.concat(parts)),
  },
  {
    weight: 1,
    arbitrary: fc.string({ unit: fc.constantFrom(...'m{}a="\\\n #1e.-N,é') }).map((text) => Buffer.from(text)),
  },
);

it('comes to an end on any bytes, and to the same one however they are cut', () => {
  fc.assert(
    fc.property(hostile, fc.array(fc.nat(), { maxLength: 12 }), fc.boolean(), (bytes, places, openMetrics) => {
      const whole = scan([bytes], { openMetrics });
      expect(scan(cut(bytes, places), { openMetrics })).toEqual(whole);
      expect(scan(cut(bytes, [...bytes.keys()]), { openMetrics })).toEqual(whole);
    }),
    { numRuns: 500 },
  );
});

const labelValue = fc.string({ unit: 'grapheme', maxLength: 8 }).filter((text) => text !== '' && !text.includes('\0'));
const generated = fc.record({
  name: fc.stringMatching(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,6}$/),
  labels: fc.dictionary(fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,5}$/), labelValue, { maxKeys: 4 }),
  value: fc.oneof(fc.double(), fc.integer(), fc.constantFrom(notSupported, Number.NaN)),
  timestampMs: fc.option(fc.integer({ min: 0, max: 4_102_444_800_000 })),
});

const escaped = (text: string) => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
const printed = (value: number) =>
  Number.isFinite(value) ? (Object.is(value, -0) ? '-0' : String(value)) : goName(value);
const goName = (value: number) => (Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf');

const seriesKey = ({ name, labels }: { name: string; labels: Labels }) =>
  JSON.stringify([name, ...Object.entries(labels).sort()]);

it('reads what was written, value for value', () => {
  fc.assert(
    fc.property(fc.uniqueArray(generated, { maxLength: 8, selector: seriesKey }), (samples) => {
      const text = samples.map(({ name, labels, value, timestampMs }) => {
        const set = Object.entries(labels).map(([label, content]) => `${label}="${escaped(content)}"`);
        return `${name}${set.length > 0 ? `{${set.join(',')}}` : ''} ${printed(value)}${timestampMs === null ? '' : ` ${timestampMs}`}\n`;
      });
      const found = scanText(text.join(''), { wanted: samples.map(({ name }) => name), labelSets: new LabelSets({}) });
      expect(found.error).toBeNull();
      const entries = (labels: Labels) => Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
      expect(found.samples.map(([name, labels, value, at]) => [name, entries(labels), value, at])).toEqual(
        samples.map(({ name, labels, value, timestampMs }) => [name, entries(labels), value, timestampMs ?? 5_000]),
      );
    }),
    { numRuns: 500 },
  );
});

describe.skipIf(missingSamples())('recorded samples', () => {
  it.each([
    'node_exporter',
    'nvidia_gpu_exporter-demo-seeded',
    'nvidia_gpu_exporter-h100-80gb-hbm3-load',
    'nvidia_gpu_exporter-rtx-2080-super-idle',
    'vastai_exporter-readme',
    'amd_device_metrics_exporter',
  ])('%s reads as parse-prometheus-text-format reads it', (file) => {
    const bytes = readSample(`exposition/${file}.prom`);
    const expected = plainSamples(bytes.toString('utf8'));
    const wanted = [...new Set(expected.map(({ name }) => name))];
    const { samples, counted, error } = scan(cut(bytes, [1_000, 7_777, 30_001]), {
      wanted,
      labelSets: new LabelSets({}),
    });
    expect(error).toBeNull();
    expect(counted).toBe(
      bytes
        .toString('utf8')
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#')).length,
    );
    const key = (name: string, labels: Labels, value: number) =>
      `${name} ${JSON.stringify(
        Object.entries(labels)
          .filter(([, text]) => text !== '')
          .sort(),
      )} ${value}`;
    const found = new Set(samples.map(([name, labels, value]) => key(name, labels, value)));
    for (const { name, labels, value } of expected) expect(found).toContain(key(name, labels, value));
    expect(expected.length).toBeGreaterThan(0);
  });
});

it.skipIf(missingSamples())('reads recorded excerpts that are not quite regular', () => {
  const smart = scan([readSample('exposition/smartctl_exporter.prom')], { wanted: ['smartctl_device_temperature'] });
  expect(smart).toMatchObject({ error: null, counted: 104 });
  const dcgm = scan([readSample('exposition/dcgm-exporter-readme.prom')], { wanted: ['DCGM_FI_DEV_MEMORY_TEMP'] });
  expect(dcgm).toMatchObject({ error: null, counted: 3 });
  expect(dcgm.samples[0]?.slice(2)).toEqual([notSupported, 5_000]);
});

/** Gauges, counters and untyped only: the library folds histograms and summaries into one. */
function plainSamples(text: string): { name: string; labels: Labels; value: number }[] {
  return parsePrometheusTextFormat(text)
    .filter(({ type }) => type !== 'HISTOGRAM' && type !== 'SUMMARY')
    .flatMap(({ name, metrics }) =>
      metrics.flatMap(({ labels, value }) =>
        value === undefined ? [] : [{ name, labels: labels ?? {}, value: value === '+Inf' ? Infinity : Number(value) }],
      ),
    );
}
