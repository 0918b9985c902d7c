import type { RigDayAggregate, SignalDays } from '../aggregates.ts';
import { MS_PER_HOUR } from '../quantities.ts';
import type { Gpu, Rig } from '../rig.ts';
import type { Snapshot } from '../snapshot.ts';
import { cardSignalTable, hostSignalTable } from './aggregate-signals.ts';
import type { Breathe } from './integrator.ts';
import { hourOf } from './period.ts';
import { layoutOf, type SightGrowth, SignalSums } from './signal-sums.ts';
import { type LedgerTiming, longestStretchMs } from './timing.ts';

/** An hour, or a part of one, of one rig's accounting day. */
export type HourAggregate = RigDayAggregate & { readonly fromMs: number };

/** Start and end of the farm's accounting day that holds an instant, Unix ms; the domain has no calendar of its own. */
export type DayAt = (atMs: number) => { readonly fromMs: number; readonly toMs: number };

const cardLayout = layoutOf<Gpu>(cardSignalTable);
const hostLayout = layoutOf<Rig>(hostSignalTable);

interface OpenHour {
  readonly dayMs: number;
  readonly endMs: number;
  readonly fromMs: number;
  untilMs: number;
}

interface RigTrack {
  readonly name: string;
  seenMs: number | null;
  open: OpenHour | null;
  readonly host: SignalSums<Rig>;
  readonly cards: Map<string, SignalSums<Gpu>>;
}

const atOnce: Breathe = () => undefined;

/**
 * Adds up signals to the days that readiness looks back on, hour by hour, over the same stretches as the ledger: what is
 * seen at the end of a stretch held from its beginning, and a gap is no coverage. Calls must not overlap.
 */
export class AggregateFold {
  readonly #timing: LedgerTiming;
  readonly #dayAt: DayAt;
  readonly #rigs = new Map<string, RigTrack>();
  readonly #hostSight = emptySight(hostLayout.slots.length);
  readonly #cardSights: SightGrowth[] = [];
  #closed: HourAggregate[] = [];
  #newestMs = Number.NEGATIVE_INFINITY;

  constructor(options: { readonly timing: LedgerTiming; readonly dayAt: DayAt }) {
    this.#timing = options.timing;
    this.#dayAt = options.dayAt;
  }

  async add({ rigs, atMs }: Snapshot, breathe: Breathe = atOnce): Promise<void> {
    if (atMs <= this.#newestMs) return;
    for (const rig of rigs) {
      this.#addRig(rig, atMs);
      const pause = breathe();
      if (pause !== undefined) await pause;
    }
    this.#newestMs = atMs;
  }

  /** Hours that ended and settled by the newest observation, in order for each rig; forgets them. */
  async takeClosed(breathe: Breathe = atOnce): Promise<readonly HourAggregate[]> {
    return this.#take(this.#newestMs - this.#timing.settleMs, breathe);
  }

  /** Everything, also of hours that are not over: for an orderly end. */
  async takeAll(breathe: Breathe = atOnce): Promise<readonly HourAggregate[]> {
    return this.#take(Number.POSITIVE_INFINITY, breathe);
  }

  async #take(closedMs: number, breathe: Breathe): Promise<readonly HourAggregate[]> {
    const { maxGapMs, downAfterMs } = this.#timing;
    for (const track of this.#rigs.values()) {
      if (track.open !== null && track.open.endMs <= closedMs) this.#close(track, track.open);
      const gone = track.seenMs === null || this.#newestMs - track.seenMs > maxGapMs + downAfterMs + MS_PER_HOUR;
      if (gone && track.open === null) this.#rigs.delete(track.name);
      const pause = breathe();
      if (pause !== undefined) await pause;
    }
    const closed = this.#closed;
    this.#closed = [];
    return closed;
  }

  #addRig(rig: Rig, atMs: number): void {
    let track = this.#rigs.get(rig.name);
    if (track === undefined) {
      track = { name: rig.name, seenMs: null, open: null, host: new SignalSums(hostLayout), cards: new Map() };
      this.#rigs.set(rig.name, track);
    }
    if (rig.state === 'silent') return;
    const { seenMs } = track;
    track.seenMs = atMs;
    const isGap = seenMs === null || atMs - seenMs > longestStretchMs(this.#timing, seenMs, rig);
    this.#read(track, rig, atMs, isGap ? null : seenMs);
    if (isGap) return;
    for (let fromMs = seenMs; fromMs < atMs; ) {
      const open = this.#openAt(track, fromMs);
      const toMs = Math.min(atMs, open.endMs);
      open.untilMs = toMs;
      const seconds = (toMs - fromMs) / 1000;
      const share = (toMs - fromMs) / (atMs - seenMs);
      track.host.add(this.#hostSight, seconds, share);
      for (const [index, gpu] of rig.gpus.entries()) {
        const sight = this.#cardSights[index];
        if (sight !== undefined) track.cards.get(gpu.key)?.add(sight, seconds, share);
      }
      fromMs = toMs;
    }
  }

  #read(track: RigTrack, rig: Rig, atMs: number, sinceMs: number | null): void {
    track.host.read(rig, atMs, sinceMs, this.#hostSight);
    for (const [index, gpu] of rig.gpus.entries()) {
      let sums = track.cards.get(gpu.key);
      if (sums === undefined) {
        sums = new SignalSums(cardLayout);
        track.cards.set(gpu.key, sums);
      }
      this.#cardSights[index] ??= emptySight(cardLayout.slots.length);
      sums.read(gpu, atMs, sinceMs, this.#cardSights[index]);
    }
  }

  /** The hour that holds an instant, cut where the accounting day ends; an earlier one is closed. */
  #openAt(track: RigTrack, atMs: number): OpenHour {
    const { open } = track;
    if (open !== null) {
      if (atMs < open.endMs && atMs >= open.fromMs) return open;
      this.#close(track, open);
    }
    const day = this.#dayAt(atMs);
    const endMs = Math.min(hourOf(atMs) + MS_PER_HOUR, day.toMs);
    track.open = { dayMs: day.fromMs, endMs, fromMs: atMs, untilMs: atMs };
    return track.open;
  }

  #close(track: RigTrack, { dayMs, fromMs, untilMs }: OpenHour): void {
    track.open = null;
    const cards: Record<string, SignalDays> = {};
    for (const [key, sums] of track.cards) {
      const days = sums.take();
      if (Object.keys(days).length > 0) cards[key] = days;
      else if (sums.seenMs < fromMs) track.cards.delete(key);
    }
    this.#closed.push({ rig: track.name, dayMs, fromMs, untilMs, host: track.host.take(), cards });
  }
}

function emptySight(length: number): SightGrowth {
  return { values: new Float64Array(length), growths: new Float64Array(length) };
}
