import fc from 'fast-check';
import parsePrometheusTextFormat from 'parse-prometheus-text-format';
import { describe, expect, it } from 'vitest';
import { LabelSets } from '../../adapters/exporters/label-sets.ts';
import { WantedNames } from '../../adapters/exporters/wanted-names.ts';
import { wholeFamilies } from '../support/recording-sinks.ts';
import { missingSamples, readSample } from '../support/samples.ts';
import { exposition } from './print-exposition.ts';
import { cut, type Sample, scan } from './scan.ts';

/** Longer than any line that is read. */
const lineBound = 2 * 2 ** 20;

const places = fc.array(fc.nat(), { maxLength: 12 });
const everywhere = (bytes: Buffer) => [...bytes.keys()];

/** Label names in one order: JavaScript and the printer keep them in different ones. */
const inOrder = (samples: readonly Sample[]) =>
  samples.map(([name, labels, value, timestampMs]) => [name, Object.entries(labels).sort(byName), value, timestampMs]);
const byName = ([a]: readonly [string, string], [b]: readonly [string, string]) => (a < b ? -1 : 1);

describe.each(['text', 'OpenMetrics'] as const)('any valid exposition in %s', (format) => {
  const openMetrics = format === 'OpenMetrics';

  it('says the same when it is read, however it is cut and whatever of it is wanted', () => {
    fc.assert(
      fc.property(exposition(format), places, fc.func(fc.boolean()), ({ text, samples }, cuts, isWanted) => {
        const bytes = Buffer.from(text);
        const names = [...new Set(samples.map(([name]) => name))].filter(isWanted);
        const expected = inOrder(samples.filter(([name]) => names.includes(name)));
        for (const chunks of [[bytes], cut(bytes, cuts), cut(bytes, everywhere(bytes))]) {
          const found = scan(chunks, { wanted: names, openMetrics, labelSets: new LabelSets({}) });
          expect(found).toMatchObject({ error: null, counted: samples.length, misdated: 0 });
          expect(inOrder(found.samples)).toEqual(expected);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is void where its end is missing', () => {
    fc.assert(
      fc.property(exposition(format), fc.nat(), ({ text, samples }, place) => {
        const bytes = Buffer.from(text);
        const half = bytes.subarray(0, place % Math.max(1, bytes.length - 1));
        const { error } = scan([half], { wanted: samples.map(([name]) => name), openMetrics });
        if (openMetrics) expect(error).toMatch(/^truncated: /);
        else if (half.length > 0 && half.at(-1) !== 0x0a) expect(error).toMatch(/^truncated: /);
        else expect(error).toBeNull();
      }),
      { numRuns: 300 },
    );
  });
});

it('reads gauges as parse-prometheus-text-format reads them', () => {
  const name = fc.stringMatching(/^[a-z_]{1,6}$/);
  const value = fc.string({
    unit: fc.constantFrom('a', '"', '\\', '\n', ' ', ',', '}', 'é'),
    minLength: 1,
    maxLength: 6,
  });
  const labels = fc.dictionary(name, value, { maxKeys: 3, noNullPrototype: true });
  const series = fc.uniqueArray(fc.tuple(labels, fc.double({ noNaN: true })), {
    selector: ([set]) => seriesOf('', set, 0),
    maxLength: 4,
  });
  const family = fc.record({ name, series });
  const quoted = (text: string) => text.replace(/[\\"\n]/g, (letter) => (letter === '\n' ? '\\n' : `\\${letter}`));
  fc.assert(
    fc.property(fc.uniqueArray(family, { selector: (one) => one.name, maxLength: 4 }), (families) => {
      const lines = families.flatMap(({ name, series }) => [
        `# TYPE ${name} gauge`,
        ...series.map(([labels, number]) => {
          const pairs = Object.entries(labels).map(([label, text]) => `${label}="${quoted(text)}"`);
          return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${goNumber(number)}`;
        }),
      ]);
      const text = lines.map((one) => `${one}\n`).join('');
      const { samples, error } = scan([Buffer.from(text)], {
        wanted: families.map(({ name }) => name),
        labelSets: new LabelSets({}),
      });
      expect(error).toBeNull();
      const theirs = parsePrometheusTextFormat(text).flatMap(({ name, metrics }) =>
        metrics.map(({ labels, value }) =>
          seriesOf(name, labels ?? {}, Number(String(value).replace('Inf', 'Infinity'))),
        ),
      );
      expect(samples.map(([name, labels, number]) => seriesOf(name, labels, number)).sort()).toEqual(theirs.sort());
    }),
    { numRuns: 300 },
  );
});

const goNumber = (value: number) => (Number.isFinite(value) ? String(value) : value > 0 ? '+Inf' : '-Inf');
const seriesOf = (name: string, labels: Readonly<Record<string, string>>, value: number) =>
  `${name} ${JSON.stringify(Object.entries(labels).sort(byName))} = ${value}`;

it('takes a series for the same in whatever order and with whatever blanks its labels come', () => {
  const name = fc.stringMatching(/^[a-z]{1,3}$/);
  const value = fc.string({ unit: fc.constantFrom('a', '"', '\\', '\n', 'é', ',', '}'), maxLength: 3 });
  const sets = fc.uniqueArray(fc.tuple(name, value), { selector: ([label]) => label, maxLength: 4 });
  const twoWays = sets.chain((set) => fc.tuple(fc.constant(set), fc.shuffledSubarray(set, { minLength: set.length })));
  const quoted = (text: string) => text.replace(/[\\"\n]/g, (letter) => (letter === '\n' ? '\\n' : `\\${letter}`));
  fc.assert(
    fc.property(fc.array(twoWays, { maxLength: 5 }), fc.constantFrom('', ' '), (series, blank) => {
      const written = (set: readonly (readonly [string, string])[], blanks: string) =>
        `m{${set.map(([label, text]) => `${blanks}${label}="${quoted(text)}"`).join(',')}} 1\n`;
      const once = series.map(([set]) => written(set, '')).join('');
      const twice = once + series.map(([, shuffled]) => written(shuffled, blank)).join('');
      const labelSets = new LabelSets({ job: 'rigs' });
      const different = new Set(
        series.map(([set]) => JSON.stringify(set.filter(([, text]) => text !== '').sort(byName))),
      );
      for (let scrape = 0; scrape < 5; scrape++) {
        const { samples, counted } = scan([Buffer.from(twice)], { labelSets });
        expect([samples.length, counted]).toEqual([different.size, 2 * series.length]);
        expect(labelSets.size).toBeLessThanOrEqual(3 * series.length);
      }
    }),
    { numRuns: 500 },
  );
});

const lines = fc.constantFrom(
  'm 1',
  'm{a="é\\n"} 2',
  'up NaN 1699999999999',
  'm 3 17',
  '# HELP m é',
  'metric_a{',
  '{"m"} 4',
  '{"my.name",a="b"} 5',
  'm{"a.b"="c"} 6 # {} 1',
  'other 3',
  'm x',
  '',
  '# EOF',
);
const fewBytes = fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes));
const hostile = fc.oneof(
  { weight: 2, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
  {
    weight: 3,
    arbitrary: fc
      .array(
        fc.oneof(
          lines.map((line) => Buffer.from(`${line}\n`)),
          fewBytes,
        ),
      )
      .map((all) => Buffer.concat(all)),
  },
  {
    weight: 2,
    arbitrary: fc
      .string({ unit: fc.constantFrom(...'m{}a="\\\n #1e.-+Nn_,:\té\r'), maxLength: 60 })
      .map((text) => Buffer.from(text)),
  },
);

describe('any bytes at all', () => {
  it('come to an end, to the same one however they are cut, and little of them is held back', () => {
    fc.assert(
      fc.property(hostile, places, fc.boolean(), (bytes, cuts, openMetrics) => {
        const { heldBytes: _, ...whole } = scan([bytes], { openMetrics });
        for (const chunks of [cut(bytes, cuts), cut(bytes, everywhere(bytes))]) {
          const { heldBytes, ...found } = scan(chunks, { openMetrics });
          expect(found).toEqual(whole);
          expect(heldBytes).toBeLessThanOrEqual(2 * bytes.length);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('leave a scanner behind that reads the next scrape as if they had never been', () => {
    fc.assert(
      fc.property(fc.array(hostile, { maxLength: 4 }), exposition('text'), (before, { text, samples }) => {
        const labelSets = new LabelSets({});
        const wanted = [...samples.map(([name]) => name), 'm', 'up'];
        for (const bytes of before) scan([bytes], { labelSets, wanted });
        const { samples: found, error } = scan([Buffer.from(text)], { labelSets, wanted });
        expect(error).toBeNull();
        expect(inOrder(found)).toEqual(inOrder(samples));
      }),
      { numRuns: 300 },
    );
  });

  const patterns = [
    '{',
    '"',
    '\\',
    'm{',
    'm{a="',
    'm{a="\\',
    'm{a="b",',
    'm 1 ',
    ' ',
    '#',
    '1',
    'é',
    '\n',
    'm\n',
    '{"',
    '{"m",',
  ];
  it.each(patterns)('take no more work than they are long: %j again and again', (pattern) => {
    const chunk = Buffer.from(`m 1\nm${pattern.repeat(65_536 / pattern.length)}`);
    for (const ending of ['', '\n', '"} 1\n']) {
      for (const openMetrics of [false, true]) {
        // A line as long as is allowed, and one that is longer.
        for (const pieces of [15, 40]) {
          const chunks = [
            ...Array.from({ length: pieces }, (_, index) => (index === 0 ? chunk : chunk.subarray(5))),
            Buffer.from(ending),
          ];
          const startedMs = performance.now();
          const { heldBytes } = scan(chunks, { openMetrics });
          expect(performance.now() - startedMs).toBeLessThan(2_000);
          expect(heldBytes).toBeLessThanOrEqual(lineBound);
        }
      }
    }
  });

  it('may come one by one', () => {
    const bytes = Buffer.from(`m{a="${'x'.repeat(300_000)}"} 1\n`);
    expect(scan(cut(bytes, everywhere(bytes))).error).toMatch(/^too-large: a label/);
  });
});

describe.skipIf(missingSamples())('a recorded exposition that something happened to', () => {
  const recorded = [
    'node_exporter',
    'nvidia_gpu_exporter-demo-seeded',
    'smartctl_exporter',
    'amd_device_metrics_exporter',
  ].map((file) => readSample(`exposition/${file}.prom`));
  const wanted = new WantedNames(
    wholeFamilies(recorded.flatMap((bytes) => bytes.toString('utf8').match(/^[a-zA-Z_:][\w:]*/gm) ?? [])),
  );
  const part = fc
    .tuple(fc.constantFrom(...recorded), fc.nat(), fc.integer({ min: 1, max: 4_000 }))
    .map(([bytes, at, length]) => {
      const start = at % bytes.length;
      return bytes.subarray(start, start + length);
    });
  type Mutation = (bytes: Buffer) => Buffer;
  const mutation: fc.Arbitrary<Mutation> = fc.oneof(
    fc.tuple(fc.nat(), fc.nat(255)).map(
      ([at, byte]): Mutation =>
        (bytes) => {
          const changed = Buffer.from(bytes);
          if (changed.length > 0) changed[at % changed.length] = byte;
          return changed;
        },
    ),
    fc.tuple(fc.nat(), fc.nat(40)).map(
      ([at, length]): Mutation =>
        (bytes) => {
          const start = at % (bytes.length + 1);
          return Buffer.concat([bytes.subarray(0, start), bytes.subarray(start + length)]);
        },
    ),
    fc.tuple(fc.nat(), fc.nat(400)).map(
      ([at, length]): Mutation =>
        (bytes) => {
          const start = at % (bytes.length + 1);
          return Buffer.concat([bytes.subarray(0, start + length), bytes.subarray(start)]);
        },
    ),
    fc.tuple(fc.nat(), part).map(
      ([at, other]): Mutation =>
        (bytes) => {
          const start = at % (bytes.length + 1);
          return Buffer.concat([bytes.subarray(0, start), other, bytes.subarray(start)]);
        },
    ),
  );

  it('is read or refused, the same however it is cut', () => {
    fc.assert(
      fc.property(
        part,
        fc.array(mutation, { minLength: 1, maxLength: 4 }),
        places,
        fc.boolean(),
        (bytes, mutations, cuts, openMetrics) => {
          const mutated = mutations.reduce((all, mutate) => mutate(all), bytes);
          const { heldBytes: _, ...whole } = scan([mutated], { wanted, openMetrics });
          const { heldBytes: __, ...found } = scan(cut(mutated, cuts), { wanted, openMetrics });
          expect(found).toEqual(whole);
        },
      ),
      { numRuns: 500 },
    );
  });
});
