import { type CardSignal, cardSignals, type Dialect } from '../dialect.ts';
import type { XidEvent } from '../rig.ts';
import type { FamilyMapping } from './families.ts';

const signalIndex = Object.fromEntries(cardSignals.map((signal, index) => [signal, index])) as Record<
  CardSignal,
  number
>;

const noNumbers: readonly number[] = cardSignals.map(() => Number.NaN);

/** One card as one exporter sees it. */
export class CardReading {
  readonly dialect: Dialect;
  readonly rank: number;
  readonly slot: string;
  uuid: string | null = null;
  bus: string | null = null;
  index: number | null = null;
  model: string | null = null;
  driverVersion: string | null = null;
  cudaVersion: string | null = null;
  vbiosVersion: string | null = null;
  processes: Set<string> | null = null;
  xids: Map<number, XidEvent> | null = null;
  /** By signal; no typed array, whose bytes lie outside the heap and cost the collector more than all the rest. */
  readonly #numbers: number[] = [...noNumbers];

  constructor({ dialect, rank }: FamilyMapping, slot: string) {
    this.dialect = dialect;
    this.rank = rank;
    this.slot = slot;
  }

  set(signal: CardSignal, value: number): void {
    this.#numbers[signalIndex[signal]] = value;
  }

  get(signal: CardSignal): number | null {
    const value = this.#numbers[signalIndex[signal]] as number;
    return Number.isNaN(value) ? null : value;
  }
}
