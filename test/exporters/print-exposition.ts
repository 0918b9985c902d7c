import fc from 'fast-check';
import { type Sample, scrapedAtMs } from './scan.ts';

/** An exposition and what it says. */
export interface Exposition {
  readonly text: string;
  /** In the order in which they are printed. */
  readonly samples: readonly Sample[];
}

export type Format = 'text' | 'OpenMetrics';

const plain = (name: RegExp) => fc.stringMatching(name);
const metricName = plain(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,8}$/);
const labelName = plain(/^[a-zA-Z_][a-zA-Z0-9_]{0,5}$/);
const noNul = (text: string) => !text.includes('\0');
const labelValue = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 8 }).filter(noNul),
  fc.string({ unit: fc.constantFrom('\\', '"', '\n', '}', '{', ',', '=', ' ', '#', 'n', '\r', '\t', 'é', '漢', '🦀') }),
);
const labels = fc.dictionary(labelName, labelValue, { maxKeys: 4, noNullPrototype: true });
const remark = fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.replace(/[\0\n\\]/g, ' '));

interface Spelling {
  readonly value: number;
  readonly text: string;
}

/** One number in one of the ways in which it may be written. */
const spelling: fc.Arbitrary<Spelling> = fc.oneof(
  fc.tuple(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.nat(6)).map(([value, way]) => ({
    value,
    text: spelt(value, way),
  })),
  fc.tuple(fc.maxSafeInteger(), fc.nat(6)).map(([value, way]) => ({ value, text: spelt(value, way) })),
  fc.constantFrom('NaN', 'nan', 'NAN').map((text) => ({ value: Number.NaN, text })),
  fc.constantFrom('Inf', '+Inf', 'inf', '+infinity').map((text) => ({ value: Number.POSITIVE_INFINITY, text })),
  fc.constantFrom('-Inf', '-inf', '-Infinity').map((text) => ({ value: Number.NEGATIVE_INFINITY, text })),
  fc.constantFrom('9223372036854775794', '1e-400', '00012.50', '.5', '5.', '1E5').map((text) => ({
    value: Number(text),
    text,
  })),
);

function spelt(value: number, way: number): string {
  const shortest = Object.is(value, -0) ? '-0' : String(value);
  switch (way) {
    case 0:
      return Object.is(value, -0) ? '-0' : value.toPrecision(17);
    case 1:
      return Object.is(value, -0) ? '-0e0' : value.toExponential();
    case 2:
      return shortest.toUpperCase();
    case 3:
      return shortest.startsWith('-') ? shortest : `+${shortest}`;
    case 4:
      return /^\d+$/.test(shortest) ? `00${shortest}.000` : shortest;
    default:
      return shortest;
  }
}

/** Which blanks stand where there may be some. */
interface Blanks {
  readonly lead: string;
  readonly inner: string;
  readonly between: string;
  readonly trailing: string;
  readonly lastComma: boolean;
}

const blanks: fc.Arbitrary<Blanks> = fc.oneof(
  fc.constant({ lead: '', inner: '', between: ' ', trailing: '', lastComma: false }),
  fc.record({
    lead: fc.constantFrom('', ' ', '\t'),
    inner: fc.constantFrom('', ' ', '\t '),
    between: fc.constantFrom(' ', '\t', '  '),
    trailing: fc.constantFrom('', ' ', '\t'),
    lastComma: fc.boolean(),
  }),
);

interface Series {
  readonly suffix: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly number: Spelling;
  /** So long before the scrape; null for no time of its own. */
  readonly agoMs: number | null;
  readonly exemplar: { readonly labels: Readonly<Record<string, string>>; readonly number: Spelling } | null;
  readonly blanks: Blanks;
}

const series = (more: { readonly suffix: string; readonly labels: Readonly<Record<string, string>> }) =>
  fc
    .record({
      labels,
      number: spelling,
      agoMs: fc.option(fc.integer({ min: 0, max: 300_000 }), { freq: 3 }),
      exemplar: fc.option(fc.record({ labels, number: spelling }), { freq: 2 }),
      blanks,
    })
    .map((one): Series => ({ ...one, suffix: more.suffix, labels: { ...one.labels, ...more.labels } }));

const single = (suffix: string) => fc.array(series({ suffix, labels: {} }), { maxLength: 5 });

/** The series of a family by its type; a histogram and a summary print several for each set of labels. */
const bodies: Readonly<Record<string, fc.Arbitrary<readonly Series[]>>> = {
  gauge: single(''),
  untyped: single(''),
  counter: fc.tuple(single('_total'), single('_created')).map((parts) => parts.flat()),
  histogram: fc.tuple(
    ...['0.1', '1', '+Inf'].map((le) => series({ suffix: '_bucket', labels: { le } })),
    series({ suffix: '_sum', labels: {} }),
    series({ suffix: '_count', labels: {} }),
  ),
  summary: fc.tuple(
    ...['0.5', '0.99'].map((quantile) => series({ suffix: '', labels: { quantile } })),
    series({ suffix: '_sum', labels: {} }),
    series({ suffix: '_count', labels: {} }),
  ),
};

const family = fc
  .constantFrom(...Object.keys(bodies))
  .chain((type) =>
    fc.record({ name: metricName, type: fc.constant(type), help: remark, note: remark, series: bodies[type]! }),
  );

/** Any valid exposition; one series is printed once at each time. */
export function exposition(format: Format): fc.Arbitrary<Exposition> {
  return fc.array(family, { maxLength: 5 }).map((families) => {
    const printed = new Set<string>();
    const samples: Sample[] = [];
    let text = '';
    for (const { name, type, help, note, series } of families) {
      text += `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
      if (format === 'text') text += `#${note}\n \t\n`;
      for (const one of series) {
        const sample = said(`${name}${one.suffix}`, one);
        const key = JSON.stringify([sample[0], Object.entries(sample[1]).sort()]);
        if (printed.has(key)) continue;
        printed.add(key);
        samples.push(sample);
        text += line(`${name}${one.suffix}`, one, format);
      }
    }
    return { text: format === 'OpenMetrics' ? `${text}# EOF\n` : text, samples };
  });
}

function said(name: string, { labels, number, agoMs }: Series): Sample {
  const kept = Object.entries(labels).filter(([, value]) => value !== '');
  return [name, Object.fromEntries(kept), number.value, scrapedAtMs - (agoMs ?? 0)];
}

function line(name: string, { labels, number, agoMs, exemplar, blanks }: Series, format: Format): string {
  const { lead, inner, between, trailing, lastComma } = blanks;
  const timeMs = agoMs === null ? null : scrapedAtMs - agoMs;
  const time = timeMs === null ? [] : [format === 'text' ? `${timeMs}` : (timeMs / 1000).toFixed(3)];
  const extra =
    format === 'OpenMetrics' && exemplar !== null ? ['#', set(exemplar.labels, '', false), exemplar.number.text] : [];
  return `${lead}${[name + inner + set(labels, inner, lastComma), number.text, ...time, ...extra].join(between)}${trailing}\n`;
}

function set(labels: Readonly<Record<string, string>>, inner: string, lastComma: boolean): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${inner}${name}${inner}=${inner}"${escaped(value)}"${inner}`,
  );
  return `{${pairs.join(',')}${lastComma && pairs.length > 0 ? ',' : ''}}`;
}

function escaped(value: string): string {
  return value.replace(/[\\"\n]/g, (letter) => (letter === '\n' ? '\\n' : `\\${letter}`));
}
