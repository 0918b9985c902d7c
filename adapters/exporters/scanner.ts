import { isUtf8 } from 'node:buffer';
import type { Labels } from '../../src/ports/metrics.ts';
import { ExpositionError } from './exposition-error.ts';
import { parseExact, parseNumber } from './exposition-number.ts';
import { HeldLine } from './held-line.ts';
import { labelLimits, skipBlanks } from './label-set-text.ts';
import type { LabelSets, SetFault } from './label-sets.ts';
import { nameEnd, startsName } from './name-bytes.ts';
import { unquoteName } from './quoted-name.ts';
import type { WantedNames } from './wanted-names.ts';

const newline = 0x0a;
const carriageReturn = 0x0d;
const hash = 0x23;
const brace = 0x7b;
const excerptLength = 80;

/** Longer than any line that an exporter prints, its help text included. */
const maxLineBytes = 2 ** 20;

/** As Prometheus looks back, and ahead: a sample with a time of its own that is further away says nothing of now. */
const staleAfterMs = 300_000;
const aheadMs = 600_000;

export interface ScannerOptions {
  readonly wanted: WantedNames;
  readonly labelSets: LabelSets;
  /** Unix ms; the time of samples that bring none, and no sample gets a later one. */
  readonly scrapedAtMs: number;
  /** OpenMetrics: timestamps in seconds, exemplars, and `# EOF` at the end. */
  readonly openMetrics: boolean;
  readonly sample: (name: string, labels: Labels, value: number, timestampMs: number) => void;
}

/**
 * Reads one exposition as its bytes arrive, in the text format 0.0.4 or OpenMetrics. Wanted samples are parsed and handed
 * on; of all others little more than the line's end is looked for. How the bytes are cut into chunks changes nothing.
 */
export class ExpositionScanner {
  readonly #options: ScannerOptions;
  readonly #held = new HeldLine();
  #line = 0;
  #ended = false;
  /** By the index of the name: of two samples of one series and time the first counts, as Prometheus has it. */
  readonly #seen: Set<Labels>[] = [];
  /** Times of the samples that bring their own: one that is not later than the last counts no more, either. */
  readonly #stamped: Map<Labels, number>[] = [];
  /** Samples so far, wanted or not. */
  samples = 0;
  /** Wanted samples that were left out because their own time is too far from the scrape's. */
  misdated = 0;

  constructor(options: ScannerOptions) {
    this.#options = options;
    options.labelSets.beginScrape();
  }

  /** Memory that waits for the end of a line. */
  get heldBytes(): number {
    return this.#held.capacity;
  }

  /** @throws ExpositionError */
  write(chunk: Buffer): void {
    const last = chunk.lastIndexOf(newline);
    if (last < 0) {
      this.#hold(chunk);
      return;
    }
    let start = 0;
    if (this.#held.length > 0) {
      start = chunk.indexOf(newline) + 1;
      this.#hold(chunk.subarray(0, start));
      this.#lines(this.#held.take());
    }
    if (start <= last) this.#lines(start === 0 && last + 1 === chunk.length ? chunk : chunk.subarray(start, last + 1));
    this.#hold(chunk.subarray(last + 1));
  }

  /**
   * Says that no more bytes come.
   * @throws ExpositionError
   */
  end(): void {
    if (this.#held.length > 0) this.#unfinishedLine(this.#held.take());
    if (this.#options.openMetrics && !this.#ended) throw new ExpositionError('truncated', 'ends without "# EOF"');
  }

  #hold(piece: Buffer): void {
    if (this.#held.length + piece.length > maxLineBytes) throw this.#tooLong();
    if (piece.length > 0) this.#held.append(piece);
  }

  #unfinishedLine(rest: Buffer): void {
    this.#line++;
    if (!isWholeText(rest)) throw this.#binary();
    if (this.#options.openMetrics && rest.toString('latin1') === '# EOF') this.#ended = true;
    else throw new ExpositionError('truncated', `ends within line ${this.#line}: ${excerpt(rest, 0, rest.length)}`);
  }

  /** `lines` ends with a line feed. */
  #lines(lines: Buffer): void {
    if (lines.length <= maxLineBytes && !lines.includes(0) && isUtf8(lines)) this.#scan(lines);
    else this.#oneByOne(lines);
  }

  /** Reads what stands before a line that cannot be read, so that the outcome does not depend on the chunks. */
  #oneByOne(lines: Buffer): void {
    for (let start = 0; start < lines.length; ) {
      const end = lines.indexOf(newline, start) + 1;
      const line = lines.subarray(start, end);
      if (line.length > maxLineBytes) throw this.#tooLong();
      if (line.includes(0) || !isUtf8(line)) {
        this.#line++;
        throw this.#binary();
      }
      this.#scan(line);
      start = end;
    }
  }

  #scan(lines: Buffer): void {
    const { wanted, labelSets } = this.#options;
    const length = lines.length;
    for (let at = 0; at < length; ) {
      this.#line++;
      let start = at;
      let first = lines[at]!;
      if (first === 0x20 || first === 0x09) {
        start = skipBlanks(lines, at);
        first = lines[start]!;
      }
      if (first === newline) {
        at = start + 1;
        continue;
      }
      if (this.#ended) throw this.#malformed('text after "# EOF"', lines, start);
      if (first === hash) {
        const end = lines.indexOf(newline, start);
        if (end - start === 5 && lines.toString('latin1', start, end) === '# EOF')
          this.#ended = this.#options.openMetrics;
        at = end + 1;
        continue;
      }
      if (first === brace) {
        at = this.#quoted(lines, start);
        continue;
      }
      if (!startsName(first)) throw this.#malformed('no metric name', lines, start);
      const name = wanted.match(lines, start);
      const end = lines.indexOf(newline, wanted.end);
      const unwanted = name < 0 || wanted.filters[name]?.excludes(lines, wanted.end, labelSets.bare) === true;
      // One sample is always looked at whole, so that a page of prose is not taken for an exposition without our series.
      if (!unwanted || this.samples === 0) this.#sample(name, lines, start, end);
      this.samples++;
      at = end + 1;
    }
  }

  /** Reads the line whose name stands in quotes within the braces; returns where it ends. */
  #quoted(lines: Buffer, start: number): number {
    const { wanted } = this.#options;
    const end = lines.indexOf(newline, start) + 1;
    const unquoted = unquoteName(lines, start, end);
    if (unquoted === null) throw this.#malformed('no metric name', lines, start);
    const { line, isPlain } = unquoted;
    const name = isPlain ? wanted.match(line, 0) : -1;
    if (name >= 0 || this.samples === 0) this.#sample(name, line, 0, line.length - 1);
    this.samples++;
    return end;
  }

  /** `name` is the index of the wanted name, or -1 where the line is only checked. */
  #sample(name: number, lines: Buffer, start: number, end: number): void {
    const { labelSets, wanted, openMetrics, scrapedAtMs } = this.#options;
    let at = skipBlanks(lines, name >= 0 ? wanted.end : nameEnd(lines, start));
    let labels: Labels = labelSets.bare;
    if (lines[at] === brace) {
      const found = labelSets.find(lines, at, end);
      if (typeof found === 'string') throw this.#badLabels(found, lines, start);
      labels = found;
      at = skipBlanks(lines, labelSets.end);
    }
    const valueEnd = wordEnd(lines, at);
    let value = parseExact(lines, at, valueEnd);
    if (value === null) {
      const parsed = parseNumber(lines, at, valueEnd);
      if (parsed === null) throw this.#malformed('bad value', lines, start);
      value = parsed.value;
    }
    let timestampMs = scrapedAtMs;
    at = skipBlanks(lines, valueEnd);
    if (at < end && lines[at] !== hash) {
      const stampEnd = wordEnd(lines, at);
      const stamp = parseTimestamp(lines, at, stampEnd, openMetrics);
      if (stamp === null) throw this.#malformed('bad timestamp', lines, start);
      timestampMs = stamp;
      at = skipBlanks(lines, stampEnd);
    }
    if (at < end && !(openMetrics && lines[at] === hash)) throw this.#malformed('text after the sample', lines, start);
    if (name < 0 || wanted.filters[name]?.accepts(labels) === false) return;
    if (timestampMs < scrapedAtMs - staleAfterMs || timestampMs > scrapedAtMs + aheadMs) this.misdated++;
    // A clock that runs ahead a little made it no later than the scrape.
    else this.#handOn(name, labels, value, Math.min(timestampMs, scrapedAtMs));
  }

  #handOn(name: number, labels: Labels, value: number, timestampMs: number): void {
    const { wanted, scrapedAtMs, sample } = this.#options;
    const isNews = timestampMs === scrapedAtMs ? this.#isFirst(name, labels) : this.#isLater(name, labels, timestampMs);
    if (isNews) sample(wanted.names[name]!, labels, value, timestampMs);
  }

  #isFirst(name: number, labels: Labels): boolean {
    this.#seen[name] ??= new Set();
    const seen = this.#seen[name];
    const before = seen.size;
    return seen.add(labels).size > before;
  }

  #isLater(name: number, labels: Labels, timestampMs: number): boolean {
    if (this.#seen[name]?.has(labels) === true) return false;
    this.#stamped[name] ??= new Map();
    const last = this.#stamped[name].get(labels);
    if (last !== undefined && last >= timestampMs) return false;
    this.#stamped[name].set(labels, timestampMs);
    return true;
  }

  #badLabels(fault: SetFault, lines: Buffer, start: number): ExpositionError {
    const { labels, labelBytes } = labelLimits;
    switch (fault) {
      case 'bad labels':
        return this.#malformed(fault, lines, start);
      case 'too many label sets':
        return new ExpositionError('too-large', `more than ${this.#options.labelSets.most} different label sets`);
      case 'too many labels':
        return new ExpositionError('too-large', `more than ${labels} labels in line ${this.#line}`);
      case 'too long a label':
        return new ExpositionError('too-large', `a label of more than ${labelBytes} bytes in line ${this.#line}`);
    }
  }

  #tooLong(): ExpositionError {
    return new ExpositionError('too-large', `line ${this.#line + 1} is longer than ${maxLineBytes} bytes`);
  }

  #malformed(what: string, lines: Buffer, start: number): ExpositionError {
    const end = lines.indexOf(newline, start);
    const place = this.samples === 0 ? 'not the Prometheus text format: ' : '';
    // As Prometheus has it; said, because it cannot be seen.
    const found = lines[end - 1] === carriageReturn ? 'a carriage return' : what;
    return new ExpositionError('malformed', `${place}${found} in line ${this.#line}: ${excerpt(lines, start, end)}`);
  }

  #binary(): ExpositionError {
    return new ExpositionError('malformed', `binary data in line ${this.#line}`);
  }
}

/** Where the word that starts at `start` ends; every line ends with a line feed. */
function wordEnd(bytes: Uint8Array, start: number): number {
  let at = start;
  for (let byte = bytes[at]!; byte !== 0x20 && byte !== newline && byte !== 0x09; byte = bytes[at]!) at++;
  return at;
}

/** Whole milliseconds in the text format, seconds in OpenMetrics. */
function parseTimestamp(bytes: Buffer, start: number, end: number, openMetrics: boolean): number | null {
  const parsed = parseNumber(bytes, start, end);
  if (parsed === null || !Number.isFinite(parsed.value)) return null;
  if (openMetrics) return Math.round(parsed.value * 1000);
  return Number.isSafeInteger(parsed.value) && /^[+-]?\d+$/.test(bytes.toString('latin1', start, end))
    ? parsed.value
    : null;
}

/** UTF-8 without NUL that may be cut within its last character. */
function isWholeText(bytes: Buffer): boolean {
  if (bytes.includes(0)) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** A short printable piece of a line. */
function excerpt(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString('utf8', start, Math.min(end, start + excerptLength * 4));
  const printable = text.replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, '?').slice(0, excerptLength);
  return JSON.stringify(end - start > printable.length ? `${printable}…` : printable);
}
