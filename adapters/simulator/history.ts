import { targetLabels } from './configuration.ts';
import type { Farm } from './farm.ts';

/** How timestamps are written: OpenMetrics counts seconds and ends with a mark, the text format milliseconds. */
export type HistoryFormat = 'openmetrics' | 'prometheus';

const linesPerPart = 5_000;

/**
 * What a server would have stored that scraped every target at `fromMs`, `fromMs + stepMs` … `toMs`: their series with the
 * labels of the target, `up` and `scrape_samples_scraped`, as text without metadata and in parts of whole lines. For
 * `promtool tsdb create-blocks-from openmetrics` and for VictoriaMetrics' /api/v1/import/prometheus.
 */
export function* renderHistory(
  farm: Farm,
  fromMs: number,
  toMs: number,
  stepMs: number,
  format: HistoryFormat = 'prometheus',
): Generator<string, void> {
  const scrapes = farm.targets.map((target) => ({ target, labelled: new LabelledSeries(targetLabels(target)) }));
  let lines: string[] = [];
  for (let atMs = fromMs; atMs <= toMs; atMs += stepMs) {
    const time = format === 'openmetrics' ? (atMs / 1000).toFixed(3) : String(atMs);
    for (const { target, labelled } of scrapes) {
      const isSilent = farm.isSilent(target, atMs);
      const samples = isSilent ? [] : samplesOf(farm.render(target, atMs));
      lines.push(`${labelled.series('up')} ${isSilent ? 0 : 1} ${time}`);
      lines.push(`${labelled.series('scrape_samples_scraped')} ${samples.length} ${time}`);
      for (const { series, value } of samples) lines.push(`${labelled.series(series)} ${value} ${time}`);
      if (lines.length < linesPerPart) continue;
      yield `${lines.join('\n')}\n`;
      lines = [];
    }
  }
  if (lines.length > 0) yield `${lines.join('\n')}\n`;
  if (format === 'openmetrics') yield '# EOF\n';
}

interface PrintedSample {
  /** Name and labels. */
  readonly series: string;
  readonly value: string;
}

function samplesOf(page: string): readonly PrintedSample[] {
  return page
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const space = line.lastIndexOf(' ');
      return { series: line.slice(0, space), value: line.slice(space + 1) };
    });
}

/** Series of one target with its labels; a label that the exporter prints, too, becomes `exported_…`, as servers do it. */
class LabelledSeries {
  readonly #own: string;
  readonly #clash: RegExp;
  readonly #known = new Map<string, string>();

  constructor(labels: Readonly<Record<string, string>>) {
    this.#own = Object.entries(labels)
      .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
      .join(',');
    this.#clash = new RegExp(`([{,])(${Object.keys(labels).join('|')})(?==")`, 'g');
  }

  series(printed: string): string {
    let labelled = this.#known.get(printed);
    if (labelled === undefined) {
      const brace = printed.indexOf('{');
      const name = brace === -1 ? printed : printed.slice(0, brace);
      const labels = brace === -1 ? '' : `,${printed.slice(brace).replace(this.#clash, '$1exported_$2').slice(1, -1)}`;
      labelled = `${name}{${this.#own}${labels}}`;
      this.#known.set(printed, labelled);
    }
    return labelled;
  }
}
