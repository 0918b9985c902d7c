import type { Dialect, MachineSignal, SeriesMapping } from '../dialect.ts';
import { normaliseModel } from '../model-name.ts';
import { convert, firstLabel, type Labels, text } from './raw-values.ts';

/** One machine of a marketplace account. */
export interface MachineReading {
  readonly id: string;
  hostname: string | null;
  model: string | null;
  readonly signals: Partial<Record<MachineSignal, number>>;
  readonly usedGpus: Map<string, number>;
  downloadBitsPerSecond: number | null;
  uploadBitsPerSecond: number | null;
}

/** Prices of one model on a marketplace; `rented` and `verified` as the exporter labels them. */
export interface MarketReading {
  readonly model: string;
  readonly prices: { quantile: 'p10' | 'median' | 'p90'; rented: string; verified: string; value: number }[];
  readonly counts: { rented: string; verified: string; value: number }[];
}

export function addMachineSample(
  machines: Map<string, MachineReading>,
  dialect: Dialect,
  mapping: Extract<SeriesMapping, { kind: 'machine-info' | 'machine' | 'machine-line' | 'machine-used' }>,
  labels: Labels,
  value: number,
): void {
  const id = firstLabel(labels, dialect.machineLabels ?? []);
  if (id === null) return;
  let machine = machines.get(id);
  if (machine === undefined) {
    machine = {
      id,
      hostname: null,
      model: null,
      signals: {},
      usedGpus: new Map(),
      downloadBitsPerSecond: null,
      uploadBitsPerSecond: null,
    };
    machines.set(id, machine);
  }
  if (mapping.kind === 'machine-info') {
    machine.hostname = text(labels[mapping.host]);
    machine.model = normaliseModel(labels[mapping.model] ?? '');
  } else if (mapping.kind === 'machine') {
    const known = convert(value, mapping);
    const isSecondBest = mapping.fallback === true && machine.signals[mapping.signal] !== undefined;
    if (known !== null && !isSecondBest) machine.signals[mapping.signal] = known;
  } else if (mapping.kind === 'machine-used') {
    if (Number.isFinite(value)) machine.usedGpus.set(labels[mapping.label] ?? '', value);
  } else if (value > 0) {
    const known = convert(value, mapping);
    if (labels[mapping.direction] === 'down') machine.downloadBitsPerSecond = known;
    if (labels[mapping.direction] === 'up') machine.uploadBitsPerSecond = known;
  }
}

export function addMarketSample(
  markets: Map<string, MarketReading>,
  mapping: Extract<SeriesMapping, { kind: 'market-count' | 'market-price' }>,
  labels: Labels,
  value: number,
): void {
  const model = normaliseModel(labels['gpu_name'] ?? '');
  if (model === null || !Number.isFinite(value)) return;
  let market = markets.get(model);
  if (market === undefined) {
    market = { model, prices: [], counts: [] };
    markets.set(model, market);
  }
  const rented = labels['rented'] ?? '';
  const verified = labels['verified'] ?? '';
  if (mapping.kind === 'market-count') market.counts.push({ rented, verified, value });
  // A price of 0 is a placeholder for "no offer".
  else if (value > 0) market.prices.push({ quantile: mapping.quantile, rented, verified, value });
}
