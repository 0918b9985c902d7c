import { ExpositionError } from '../../adapters/exporters/exposition-error.ts';
import { LabelSets } from '../../adapters/exporters/label-sets.ts';
import { ExpositionScanner } from '../../adapters/exporters/scanner.ts';
import { WantedNames } from '../../adapters/exporters/wanted-names.ts';
import type { Labels, WantedFamilies } from '../../src/ports/metrics.ts';
import { wholeFamilies } from '../support/recording-sinks.ts';

/** The time of all scans. */
export const scrapedAtMs = 1_700_000_000_000;

export type Sample = readonly [name: string, labels: Labels, value: number, timestampMs: number];

export interface Scan {
  readonly samples: readonly Sample[];
  readonly counted: number;
  readonly misdated: number;
  /** The most memory that ever waited for the end of a line. */
  readonly heldBytes: number;
  readonly error: string | null;
}

export interface ScanOptions {
  /** Whole families. */
  readonly wanted?: readonly string[] | WantedNames;
  readonly families?: WantedFamilies;
  readonly openMetrics?: boolean;
  readonly labelSets?: LabelSets;
}

const usual = ['up', 'm', 'metric_a', 'metric_ab', 'ns:rule'];

const wantedNames = (names: readonly string[] | WantedNames) =>
  names instanceof WantedNames ? names : new WantedNames(wholeFamilies(names));

/** What the scanner makes of these chunks. Throws where it throws anything but an ExpositionError. */
export function scan(chunks: readonly Buffer[], options: ScanOptions = {}): Scan {
  const samples: Sample[] = [];
  let heldBytes = 0;
  const scanner = new ExpositionScanner({
    wanted: options.families === undefined ? wantedNames(options.wanted ?? usual) : new WantedNames(options.families),
    labelSets: options.labelSets ?? new LabelSets({ instance: 'a:1' }),
    scrapedAtMs,
    openMetrics: options.openMetrics ?? false,
    sample: (...sample) => samples.push(sample),
  });
  const seen = (error: string | null): Scan => {
    const { samples: counted, misdated } = scanner;
    return { samples, counted, misdated, heldBytes, error };
  };
  try {
    for (const chunk of chunks) {
      scanner.write(chunk);
      heldBytes = Math.max(heldBytes, scanner.heldBytes);
    }
    scanner.end();
    return seen(null);
  } catch (error) {
    if (!(error instanceof ExpositionError)) throw error;
    return seen(`${error.kind}: ${error.message}`);
  }
}

export const scanText = (text: string, options: ScanOptions = {}) => scan([Buffer.from(text)], options);

/** Cuts the bytes at the given places. */
export function cut(bytes: Buffer, places: readonly number[]): readonly Buffer[] {
  const sorted = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return sorted.slice(1).map((end, index) => bytes.subarray(sorted[index]!, end));
}
