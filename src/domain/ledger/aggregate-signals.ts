import type { HealthSignal } from '../dialect.ts';
import type { Gpu, Rig } from '../rig.ts';

/**
 * A signal of which readiness asks how it was over days. `gauge`: a value. `counter`: its growth too, with resets.
 * `instant`: when something last happened; its growth counts how often that changed.
 */
interface Signal<Of> {
  readonly kind: 'gauge' | 'counter' | 'instant';
  /** Seconds at or above each are counted, or below each where `worse` is less. */
  readonly thresholds: readonly number[];
  readonly worse: 'more' | 'less';
  /** Criterion of READINESS.md. */
  readonly criterion: string;
  readonly read: (of: Of) => number | null;
}

export type CardSignalTable = Readonly<Record<string, Signal<Gpu>>>;
export type HostSignalTable = Readonly<Record<string, Signal<Rig>>>;

const gauge = { kind: 'gauge', thresholds: [], worse: 'more' } as const;
const counter = { kind: 'counter', thresholds: [], worse: 'more' } as const;
/** Whatever is not 0. */
const aboveZero = [Number.MIN_VALUE] as const;
const lineThresholds = [100e6, 200e6, 300e6, 400e6, 500e6] as const;

function health(signal: HealthSignal): (gpu: Gpu) => number | null {
  return (gpu) => gpu.health[signal] ?? null;
}

/** A performance state of at most 2 is full speed; where none is printed, work shows it. */
const FULL_SPEED = 2;
const BUSY_UTILISATION = 0.5;

function isUnderLoad({ performanceState, hashrate, utilisationRatio }: Gpu): boolean {
  if (performanceState !== null) return performanceState <= FULL_SPEED;
  return (hashrate ?? 0) > 0 || (utilisationRatio ?? 0) >= BUSY_UTILISATION;
}

export const cardSignalTable = {
  coreTemperatureCelsius: {
    ...gauge,
    thresholds: [85, 95],
    criterion: 'C20',
    read: (gpu) => gpu.coreTemperatureCelsius,
  },
  memoryTemperatureCelsius: {
    ...gauge,
    thresholds: [85, 95, 100, 110],
    criterion: 'C21',
    read: (gpu) => gpu.memoryTemperatureCelsius,
  },
  thermalMarginCelsius: { ...gauge, worse: 'less', criterion: 'C20', read: health('thermalMarginCelsius') },
  hwThermalSlowdown: { ...gauge, thresholds: aboveZero, criterion: 'C19', read: health('hwThermalSlowdown') },
  swThermalSlowdown: { ...gauge, thresholds: aboveZero, criterion: 'C19', read: health('swThermalSlowdown') },
  hwSlowdown: { ...gauge, thresholds: aboveZero, criterion: 'C19', read: health('hwSlowdown') },
  hwThermalSlowdownSeconds: { ...counter, criterion: 'C19', read: health('hwThermalSlowdownSeconds') },
  swThermalSlowdownSeconds: { ...counter, criterion: 'C19', read: health('swThermalSlowdownSeconds') },
  powerBrake: { ...gauge, thresholds: aboveZero, criterion: 'C25', read: health('powerBrake') },
  powerBrakeSeconds: { ...counter, criterion: 'C25', read: health('powerBrakeSeconds') },
  pcieWidth: { ...gauge, criterion: 'C05', read: (gpu) => (isUnderLoad(gpu) ? gpu.pcieWidth : null) },
  /** At idle it lies: only a card that is known to run at full speed tells it. */
  pcieGeneration: {
    ...gauge,
    criterion: 'C05',
    read: (gpu) => (gpu.performanceState !== null && gpu.performanceState <= FULL_SPEED ? gpu.pcieGeneration : null),
  },
  pcieReplays: { ...counter, criterion: 'C22', read: health('pcieReplays') },
  nvlinkErrors: { ...counter, criterion: 'C27', read: health('nvlinkErrors') },
  sharesInvalid: { ...counter, criterion: 'C24', read: (gpu) => gpu.sharesInvalid },
  eccCorrectedVolatile: { ...gauge, criterion: 'C18', read: health('eccCorrectedVolatile') },
  eccUncorrectedVolatile: { ...gauge, criterion: 'C18', read: health('eccUncorrectedVolatile') },
  eccUncorrectedAggregate: { ...gauge, criterion: 'C18', read: health('eccUncorrectedAggregate') },
  eccSramThresholdExceeded: { ...gauge, criterion: 'C18', read: health('eccSramThresholdExceeded') },
  rowsRemappedCorrectable: { ...gauge, criterion: 'C18', read: health('rowsRemappedCorrectable') },
  rowsRemappedUncorrectable: { ...gauge, criterion: 'C18', read: health('rowsRemappedUncorrectable') },
  rowRemapPending: { ...gauge, criterion: 'C18', read: health('rowRemapPending') },
  rowRemapFailure: { ...gauge, criterion: 'C18', read: health('rowRemapFailure') },
  retiredPagesSingleBit: { ...gauge, criterion: 'C18', read: health('retiredPagesSingleBit') },
  retiredPagesDoubleBit: { ...gauge, criterion: 'C18', read: health('retiredPagesDoubleBit') },
  retiredPagesPending: { ...gauge, criterion: 'C18', read: health('retiredPagesPending') },
  recoveryAction: { ...gauge, criterion: 'C18', read: health('recoveryAction') },
} as const satisfies CardSignalTable;

export const hostSignalTable = {
  /** 1 while any of its exporters answers, 0 while it is down. */
  up: { ...gauge, thresholds: [1], criterion: 'C16', read: ({ state }) => (state === 'down' ? 0 : 1) },
  bootAtMs: { ...gauge, kind: 'instant', criterion: 'C16', read: ({ host }) => host.bootAtMs },
  gpuCount: { ...gauge, criterion: 'C23', read: presentGpus },
  lineDownBitsPerSecond: {
    ...gauge,
    thresholds: lineThresholds,
    worse: 'less',
    criterion: 'C11',
    read: ({ host, machine }) => host.lineDownBitsPerSecond ?? machine?.downloadBitsPerSecond ?? null,
  },
  lineUpBitsPerSecond: {
    ...gauge,
    thresholds: lineThresholds,
    worse: 'less',
    criterion: 'C11',
    read: ({ host, machine }) => host.lineUpBitsPerSecond ?? machine?.uploadBitsPerSecond ?? null,
  },
  /** 1 while a probe from outside reaches it. */
  reachable: {
    ...gauge,
    thresholds: [1],
    criterion: 'C12',
    read: ({ host }) => (host.reachable === null ? null : Number(host.reachable)),
  },
  carrierChanges: { ...counter, criterion: 'C11', read: ({ host }) => host.carrierChanges },
  edacCorrectable: { ...counter, criterion: 'C08', read: ({ host }) => host.edacCorrectable },
  edacUncorrectable: { ...counter, criterion: 'C08', read: ({ host }) => host.edacUncorrectable },
} as const satisfies HostSignalTable;

/** Only while all exporters answer is a card that nobody prints one that has gone. */
function presentGpus({ state, gpus }: Rig): number | null {
  if (state !== 'up') return null;
  return gpus.filter((gpu) => (gpu.unsettled?.seen ?? gpu.state) !== 'down').length;
}
