import type { AsicSignal, Dialect, SeriesMapping } from '../dialect.ts';
import { convert, firstLabel, type Labels, text } from './raw-values.ts';
import { SignalValues } from './signal-values.ts';

/** A mining machine without GPUs, as one exporter sees it: all that a target prints of one is one machine. */
export interface AsicReading {
  readonly dialect: Dialect;
  readonly rank: number;
  model: string | null;
  coin: string | null;
  algorithm: string | null;
  readonly values: SignalValues<AsicSignal>;
}

export function addAsicSample(
  asics: Map<string, AsicReading>,
  { dialect, rank, place }: { readonly dialect: Dialect; readonly rank: number; readonly place: number },
  mapping: Extract<SeriesMapping, { kind: 'asic' | 'asic-info' }>,
  labels: Labels,
  value: number,
): void {
  let asic = asics.get(dialect.id);
  if (asic === undefined) {
    asic = { dialect, rank, model: null, coin: null, algorithm: null, values: new SignalValues() };
    asics.set(dialect.id, asic);
  }
  asic.coin ??= text(firstLabel(labels, dialect.card?.coin ?? []))?.toUpperCase() ?? null;
  asic.algorithm ??= text(firstLabel(labels, dialect.card?.algorithm ?? []))?.toLowerCase() ?? null;
  if (mapping.kind === 'asic-info') asic.model ??= text(labels[mapping.model]);
  else {
    const known = convert(value, mapping);
    if (known !== null) asic.values.add(mapping.signal, known, place, mapping.sum ?? false);
  }
}
