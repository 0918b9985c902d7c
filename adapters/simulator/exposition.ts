export type MetricType = 'gauge' | 'counter' | 'untyped';

/** Labels as text in braces, and a value; text is printed as it is. */
export type Row = readonly [labels: string, value: number | string];

/** Text exposition format 0.0.4, as client_golang prints it. */
export class Exposition {
  readonly #families: { readonly name: string; readonly text: string }[] = [];

  /** A family without rows is left out, as a real exporter does. */
  family(name: string, type: MetricType, help: string, rows: readonly Row[]): void {
    if (rows.length === 0) return;
    this.#families.push({ name, text: `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${samplesText(name, rows)}` });
  }

  gauge(name: string, help: string, rows: readonly Row[]): void {
    this.family(name, 'gauge', help, rows);
  }

  counter(name: string, help: string, rows: readonly Row[]): void {
    this.family(name, 'counter', help, rows);
  }

  /** Samples without a description, as exporters print them that use no client library. */
  bare(name: string, rows: readonly Row[]): void {
    this.#families.push({ name, text: samplesText(name, rows) });
  }

  /** Sorted by name, as client_golang's registry gathers families. */
  sortedText(): string {
    return this.#families
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map((family) => family.text)
      .join('');
  }

  /** In the order in which they were added. */
  text(): string {
    return this.#families.map((family) => family.text).join('');
  }
}

function samplesText(name: string, rows: readonly Row[]): string {
  return rows
    .map(([labels, value]) => `${name}${labels} ${typeof value === 'number' ? formatFloat(value) : value}\n`)
    .join('');
}

/** `{a="b",c="d"}` in the order given; empty text without labels. */
export function labels(pairs: Readonly<Record<string, string | number>>): string {
  const parts = Object.entries(pairs).map(([name, value]) => `${name}="${escapeLabel(String(value))}"`);
  return parts.length === 0 ? '' : `{${parts.join(',')}}`;
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

/** Go's shortest `%g`: an exponent below 1e-4 and from 1e6 on, with at least two digits. */
export function formatFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const [mantissa = '0', exponent = '+0'] = value.toExponential().split('e');
  const power = Number(exponent);
  if (value === 0 || (power >= -4 && power < 6)) return String(value);
  return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}
