import fc from 'fast-check';
import parsePrometheusTextFormat from 'parse-prometheus-text-format';
import { describe, expect, it } from 'vitest';
import { LabelSets } from '../../adapters/exporters/label-sets.ts';
import type { Labels, WantedFamilies } from '../../src/ports/metrics.ts';
import { missingSamples, readSample } from '../support/samples.ts';
import { cut, scan, scanText, scrapedAtMs } from './scan.ts';

/** DCGM's value for what a card does not support; no literal, for it is no double. */
const notSupported = Number('9223372036854775794');

const escaped = (text: string) => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

describe('a sample line', () => {
  const own = (labels: Labels) => ({ ...labels, instance: 'a:1' });
  it.each<[string, Labels, number, number]>([
    ['m 1', {}, 1, scrapedAtMs],
    ['m{} 1', {}, 1, scrapedAtMs],
    ['m{}1', {}, 1, scrapedAtMs],
    ['m {a="b"} 1', { a: 'b' }, 1, scrapedAtMs],
    ['  m\t{ a = "b" , c="d" ,}\t 1  ', { a: 'b', c: 'd' }, 1, scrapedAtMs],
    ['m{a="}"} 1', { a: '}' }, 1, scrapedAtMs],
    ['m{a="\\\\ \\" \\n \\x"} 1', { a: '\\ " \n \\x' }, 1, scrapedAtMs],
    ['m{a="é 漢 🦀"} 1', { a: 'é 漢 🦀' }, 1, scrapedAtMs],
    ['m{empty=""} 1', {}, 1, scrapedAtMs],
    ['m 1 1699999999123', {}, 1, scrapedAtMs - 877],
    ['m 1 1700000000000', {}, 1, scrapedAtMs],
    ['m 1 +1699999999123', {}, 1, scrapedAtMs - 877],
    ['m NaN', {}, Number.NaN, scrapedAtMs],
    ['m +Inf', {}, Number.POSITIVE_INFINITY, scrapedAtMs],
    ['m -Inf', {}, Number.NEGATIVE_INFINITY, scrapedAtMs],
    ['m 9223372036854775794', {}, notSupported, scrapedAtMs],
    ['m 1.7976931348623157e+308', {}, Number.MAX_VALUE, scrapedAtMs],
    ['m 5e-324', {}, Number.MIN_VALUE, scrapedAtMs],
    ['m 3.6465664e+07', {}, 36465664, scrapedAtMs],
    ['m 0.1', {}, 0.1, scrapedAtMs],
    ['m -0', {}, -0, scrapedAtMs],
    ['m .5', {}, 0.5, scrapedAtMs],
    ['m 5.', {}, 5, scrapedAtMs],
    ['m 3 1700000000000', {}, 3, scrapedAtMs],
    ['{"m"} 1', {}, 1, scrapedAtMs],
    ['{ "m" , a="b" } 1', { a: 'b' }, 1, scrapedAtMs],
    ['m{"a.b"="c","é\\n"="d"} 1', { 'a.b': 'c', 'é\n': 'd' }, 1, scrapedAtMs],
  ])('%s', (line, labels, value, timestampMs) => {
    expect(scanText(`${line}\n`)).toMatchObject({
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
    '1m 1',
    'm 0x1p-3',
    '{} 1',
    '{m} 1',
    '{""} 1',
    '{"m"a="b"} 1',
    '{"m} 1',
    'm{""="b"} 1',
    'm{"a.b"} 1',
    'm{"a"="b",a="c"} 1',
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

it('is read past names that nobody can map', () => {
  const { samples, counted, error } = scanText('{"my.name",label="x{} # "} 1\n{"m",a="b"} 2\n{"other"} x\nm 3\n');
  expect(samples.map(([, labels, value]) => [labels['a'], value])).toEqual([
    ['b', 2],
    [undefined, 3],
  ]);
  expect({ counted, error }).toEqual({ counted: 4, error: null });
  expect(scanText('{"my.name"} one\n').error).toMatch(
    /^malformed: not the Prometheus text format: bad value in line 1/,
  );
});

it('says of lines that end as on Windows what cannot be seen', () => {
  expect(scanText('up 1\nm 1\r\n').error).toBe('malformed: a carriage return in line 2: "m 1?"');
});

it('takes the first of two samples of one series and time', () => {
  const { samples, counted } = scanText('m 1\nm{a="b"} 2\nup{a="b"} 3\nm{a="b"} 4\nm 5\nup 10\n');
  expect(samples.map(([, , value]) => value)).toEqual([1, 2, 3, 10]);
  expect(counted).toBe(6);
});

it('knows a series again in whatever way its labels are written', () => {
  const labelSets = new LabelSets({ job: 'rigs' });
  const series = [
    'm{b="é",a="\\x\\n"} 1',
    'm{a="\\\\x\\n",b="é"} 2',
    'm{ "a" = "\\x\\n" , c="", b="é", } 3',
    'm{a="é"} 4',
  ];
  const bare = ['up{} 5', 'up 6', 'up{a=""} 7', ''];
  for (let scrape = 0; scrape < 6; scrape++) {
    const { samples, error } = scanText([...series, ...bare].join('\n'), { labelSets });
    expect(error).toBeNull();
    expect(samples.map(([, , value]) => value)).toEqual([1, 4, 5]);
  }
  const { samples } = scanText(`${series[2]}\n${series[0]}\n`, { labelSets });
  expect(samples.map(([, , value]) => value)).toEqual([3]);
  expect(labelSets.size).toBe(6);
});

it('knows a series again that was long written in one way when it comes in another', () => {
  const labelSets = new LabelSets({});
  for (let scrape = 0; scrape < 6; scrape++) scanText('m{b="1",a="2"} 1\n', { labelSets });
  const both = scanText('m{b="1",a="2"} 1\nm{a="2",b="1"} 2\nm{a="2", b="1"} 3\n', { labelSets });
  expect(both.samples.map(([, , value]) => value)).toEqual([1]);
  expect(scanText('m{a="\\x"} 1\nm{a="\\\\x"} 2\n').samples).toHaveLength(1);
});

describe('samples with times of their own', () => {
  const at = (agoMs: number) => scrapedAtMs - agoMs;
  const found = (text: string) => {
    const { samples, misdated, error } = scanText(text);
    expect(error).toBeNull();
    return { samples: samples.map(([, , value, timestampMs]) => [value, scrapedAtMs - timestampMs]), misdated };
  };

  it('go on in time, and what is not later counts no more', () => {
    const text = `m 1 ${at(3)}\nm 2 ${at(2)}\nm 3 ${at(2)}\nm 4 ${at(9)}\nm 5\nm 6 ${at(1)}\n`;
    expect(found(text).samples).toEqual([
      [1, 3],
      [2, 2],
      [5, 0],
    ]);
  });

  it('are left out and counted where they are not of now, and are no later than the scrape', () => {
    const text = `m{a="0"} 1 ${at(300_000)}
m{a="1"} 2 ${at(300_001)}
m{a="2"} 3 ${at(-600_000)}
m{a="3"} 4 ${at(-600_001)}
m{a="4"} 5 0
other 6 0
`;
    expect(found(text)).toEqual({
      samples: [
        [1, 300_000],
        [3, 0],
      ],
      misdated: 3,
    });
  });
});

describe('what would fill the memory is too large', () => {
  const mebibyte = 2 ** 20;
  it('a line', () => {
    const help = `# HELP m ${'x'.repeat(mebibyte)}\n`;
    const error = 'too-large: line 2 is longer than 1048576 bytes';
    expect(scanText(`m 1\n${help}`)).toMatchObject({ error, counted: 1 });
    expect(scan(cut(Buffer.from(`m 1\n${help}`), [2, 4, 70_000, 500_000, 1_000_000]))).toMatchObject({ error });
    expect(scanText(`m 1\n${help.slice(0, -100)}\nm 2\n`)).toMatchObject({ error: null, counted: 2 });
    const endless = Array.from({ length: 100 }, () => Buffer.alloc(65_536, 'm'));
    const { heldBytes, ...found } = scan(endless);
    expect(found.error).toBe('too-large: line 1 is longer than 1048576 bytes');
    expect(heldBytes).toBeLessThanOrEqual(mebibyte);
  });

  it('a label set', () => {
    const labels = (count: number) => Array.from({ length: count }, (_, index) => `l${index}="x"`).join(',');
    expect(scanText(`m{${labels(128)}} 1\n`).error).toBeNull();
    expect(scanText(`m{${labels(129)}} 1\n`).error).toBe('too-large: more than 128 labels in line 1');
    expect(scanText(`m{a="${'x'.repeat(16_383)}"} 1\n`).error).toBeNull();
    for (const label of [`a="${'x'.repeat(20_000)}"`, `${'a'.repeat(20_000)}="x"`]) {
      expect(scanText(`m{${label}} 1\n`).error).toBe('too-large: a label of more than 16384 bytes in line 1');
    }
  });

  it('as many label sets', () => {
    const sets = (from: number, count: number) =>
      Array.from({ length: count }, (_, index) => `m{a="${from + index}"} 1\n`).join('');
    const labelSets = new LabelSets({}, 200);
    expect(scanText(sets(0, 201), { labelSets }).error).toBe('too-large: more than 200 different label sets');
    for (let scrape = 1; scrape < 9; scrape++) {
      expect(scanText(sets(scrape * 200, 200), { labelSets }).error).toBeNull();
      expect(labelSets.size).toBeLessThanOrEqual(400);
    }
  });
});

it('takes an empty exposition for one without samples', () => {
  expect(scanText('')).toMatchObject({ samples: [], counted: 0, error: null });
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
    const { samples, error } = scanOpen(
      'm{a="b"} 1 1699999999.123 # {trace="x"} 0.5\nm_created 1699999999\nm 2 # {} 1 2\nup 3 1.6999999995e9\n# EOF\n',
    );
    expect(error).toBeNull();
    expect(samples.map(([, , value, timestampMs]) => [value, timestampMs])).toEqual([
      [1, 1_699_999_999_123],
      [2, scrapedAtMs],
      [3, 1_699_999_999_500],
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
  expect(dcgm.samples[0]?.slice(2)).toEqual([notSupported, scrapedAtMs]);
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
