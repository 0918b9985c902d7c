/** One series of a range vector: its labels, `__name__` among them, and its samples in order of time. */
export interface RangeSeries {
  readonly labels: Readonly<Record<string, string>>;
  /** Unix ms. */
  readonly times: readonly number[];
  readonly values: readonly number[];
  /**
   * NaN says that the series had ended: VictoriaMetrics hands on the markers of staleness, which Prometheus leaves out,
   * and stores no NaN that an exporter printed.
   */
  readonly nanEnds: boolean;
}

/**
 * One element of an answer's result. By hand: there are too many series for a schema. Native histograms have no `values`
 * and so no samples.
 * @throws SyntaxError
 */
export function parseSeries(json: string, nanEnds: boolean): RangeSeries {
  const parsed: unknown = JSON.parse(json);
  if (!isRecord(parsed) || !isRecord(parsed['metric'])) throw new SyntaxError('a series without labels');
  const { metric, values = [] } = parsed;
  if (!isLabels(metric) || !Array.isArray(values)) throw new SyntaxError('a series with broken labels or values');
  const times = new Array<number>(values.length);
  const numbers = new Array<number>(values.length);
  for (const [index, pair] of values.entries()) {
    if (!Array.isArray(pair) || typeof pair[0] !== 'number' || typeof pair[1] !== 'string') {
      throw new SyntaxError('a series with a broken sample');
    }
    times[index] = Math.round(pair[0] * 1000);
    if (times[index]! < times[index - 1]!) throw new SyntaxError('a series whose samples are out of order');
    numbers[index] = sampleValue(pair[1]);
  }
  return { labels: metric, times, values: numbers, nanEnds };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isLabels(value: unknown): value is Record<string, string> {
  return isRecord(value) && Object.values(value).every((label) => typeof label === 'string');
}

/** Prometheus writes infinities as `+Inf` and `-Inf`. */
function sampleValue(text: string): number {
  if (text.endsWith('Inf')) return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const value = Number(text);
  // Number('') is 0.
  if (text.trim() === '' || (Number.isNaN(value) && text !== 'NaN')) throw new SyntaxError('a value that is no number');
  return value;
}
