import type { StateTimes } from '../metrics-settings.ts';
import type { Asic, Gpu, Rig, RigState } from '../rig.ts';
import type { StateChange } from '../state-change.ts';
import type { PerState, WorkState } from '../work-state.ts';

/** What has to be remembered of one card until it is seen again. */
export interface CardMemory {
  /** The last state that was beyond doubt; null before the first. */
  readonly believed: WorkState | null;
  /** Null where nobody saw it come. */
  readonly sinceMs: number | null;
  /** Since when a miner prints no hashrate, or is not printed at all; null while it does. */
  readonly pauseSinceMs: number | null;
  /** Since when the card is not printed; null while it is, and once it is believed to be down. */
  readonly goneSinceMs: number | null;
}

/** What has to be remembered of one rig until it is seen again; plain data. */
export interface RigMemory {
  readonly atMs: number;
  readonly state: RigState;
  readonly silentSinceMs: number | null;
  readonly cards: ReadonlyMap<string, CardMemory>;
  readonly asics: ReadonlyMap<string, CardMemory>;
}

export interface SettledRig {
  readonly rig: Rig;
  readonly memory: RigMemory;
  readonly changes: readonly StateChange[];
}

interface Settling {
  readonly times: StateTimes;
  readonly atMs: number;
  readonly rigState: RigState;
  readonly silentSinceMs: number | null;
  /** When the rig was seen before. */
  readonly lastMs: number;
}

interface SettledState {
  readonly state: WorkState;
  readonly evidence: string;
  readonly sinceMs: number | null;
  readonly unsettled: Gpu['unsettled'];
  readonly memory: CardMemory;
}

/**
 * Work states as they are believed (METRICS.md section 2 rule 4). What may pass is held back: a miner without a hashrate
 * goes on mining for `miningGapMs`, what is not printed is unknown for `downAfterMs`; what lasts longer is believed then,
 * and since it began. Everything else counts at once. States at a time follow from the observations of the longest of the
 * two times before it.
 *
 * @param seen the rig as one observation shows it; `down` where none of its exporters answers.
 */
export function settleStates(seen: Rig, last: RigMemory | null, times: StateTimes, atMs: number): SettledRig {
  const before = last === null || last.atMs <= atMs ? last : notLaterThan(last, atMs);
  const { state, silentSinceMs } = settleRig(seen, before, times, atMs);
  const settling = { times, atMs, rigState: state, silentSinceMs, lastMs: before?.atMs ?? atMs };
  const changes: StateChange[] = [];
  if (before !== null && before.state !== state) changes.push(rigChange(seen.name, before.state, state, atMs));
  const settleAll = <Card extends Gpu | Asic>(
    all: readonly Card[],
    known: ReadonlyMap<string, CardMemory> | undefined,
  ) => {
    const memory = new Map<string, CardMemory>();
    const settled = all.map((card) => {
      const last = known?.get(card.key) ?? null;
      const now = settleCard(card, last, settling);
      memory.set(card.key, now.memory);
      const change = cardChange(seen.name, card.key, last, now, atMs);
      if (change !== null) changes.push(change);
      const { evidence: stateEvidence, sinceMs: stateSinceMs, unsettled } = now;
      return { ...card, state: now.state, stateEvidence, stateSinceMs, unsettled };
    });
    return { settled, memory };
  };
  const cards = settleAll(eliminated(seen, before, settling), before?.cards);
  const asics = settleAll(seen.asics, before?.asics);
  const gpuStates = heldCounts(seen, cards.settled);
  return {
    rig: { ...seen, state, silentSinceMs, gpus: cards.settled, gpuStates, asics: asics.settled },
    memory: { atMs, state, silentSinceMs, cards: cards.memory, asics: asics.memory },
    changes,
  };
}

/** After the clock was set back: what began in a time to come would be held until then. */
function notLaterThan({ cards, asics, ...rig }: RigMemory, atMs: number): RigMemory {
  const earlier = (time: number | null) => (time === null ? null : Math.min(time, atMs));
  const all = (memories: ReadonlyMap<string, CardMemory>) =>
    new Map(
      memories.entries().map(([key, { believed, sinceMs, pauseSinceMs, goneSinceMs }]) => [
        key,
        {
          believed,
          sinceMs: earlier(sinceMs),
          pauseSinceMs: earlier(pauseSinceMs),
          goneSinceMs: earlier(goneSinceMs),
        },
      ]),
    );
  return { ...rig, atMs, silentSinceMs: earlier(rig.silentSinceMs), cards: all(cards), asics: all(asics) };
}

function cardChange(
  rig: string,
  card: string,
  last: CardMemory | null,
  { memory, evidence }: SettledState,
  atMs: number,
): StateChange | null {
  const from = last?.believed ?? null;
  const { believed: to, sinceMs } = memory;
  return from === null || to === null || from === to ? null : { rig, card, atMs: sinceMs ?? atMs, from, to, evidence };
}

function settleRig(
  seen: Rig,
  before: RigMemory | null,
  times: StateTimes,
  atMs: number,
): Pick<RigMemory, 'state' | 'silentSinceMs'> {
  if (seen.state !== 'down') return { state: seen.state, silentSinceMs: null };
  const silentSinceMs = before?.silentSinceMs ?? atMs;
  const isDown = before?.state === 'down' || atMs - silentSinceMs >= times.downAfterMs;
  return { state: isDown ? 'down' : 'silent', silentSinceMs };
}

function rigChange(rig: string, from: RigState, to: RigState, atMs: number): StateChange {
  return { rig, card: null, atMs, from, to, evidence: rigEvidence[to] };
}

const rigEvidence = {
  up: 'all exporters of the rig answer',
  partial: 'some exporters of the rig answer, others do not',
  silent: 'none of the exporters of the rig answers',
  down: 'none of the exporters of the rig answers',
} as const satisfies Record<RigState, string>;

function settleCard(card: Gpu | Asic, before: CardMemory | null, settling: Settling): SettledState {
  if (card.state === 'down') return settleGone(card, before, settling);
  const { atMs } = settling;
  if (before?.believed === 'mining' && isPause(card.state)) {
    const pauseSinceMs = before.pauseSinceMs ?? atMs;
    if (!isHeld(card, before, settling)) return believe(card, before, pauseSinceMs);
    return {
      state: 'mining',
      evidence: pauseEvidence(card, atMs - pauseSinceMs),
      sinceMs: before.sinceMs,
      unsettled: { seen: card.state, sinceMs: pauseSinceMs },
      memory: { ...before, pauseSinceMs, goneSinceMs: null },
    };
  }
  return believe(card, before, atMs);
}

/** Whether a card that mined and does not now may be between two jobs: not after a time in which nobody looked. */
function isHeld(card: Gpu | Asic, before: CardMemory | null, { times, atMs, lastMs }: Settling): boolean {
  if (before?.believed !== 'mining' || !isPause(card.state) || atMs - lastMs > times.miningGapMs) return false;
  return atMs - (before.pauseSinceMs ?? atMs) < times.miningGapMs;
}

/** What a miner between two jobs looks like. */
function isPause(state: WorkState): boolean {
  return state === 'idle-listed' || state === 'idle-unlisted' || state === 'unknown';
}

function pauseEvidence(card: Gpu | Asic, forMs: number): string {
  const seconds = Math.round(forMs / 1000);
  return card.hashrate === null
    ? `no hashrate is printed for ${seconds} s: still mining, so far`
    : `hashrate 0 for ${seconds} s: between two jobs, so far`;
}

function settleGone(card: Gpu | Asic, before: CardMemory | null, settling: Settling): SettledState {
  const { times, atMs, rigState, silentSinceMs } = settling;
  const isSilent = rigState === 'silent';
  if (before?.believed === 'down' && !isSilent) return believe(card, before, atMs);
  const goneSinceMs = before?.goneSinceMs ?? atMs;
  const isLong = atMs - goneSinceMs >= times.downAfterMs && !isSilent;
  if (isLong || rigState === 'down') return believe(card, before, goneSinceMs);
  const { believed = null, sinceMs = null } = before ?? {};
  const seconds = Math.round((atMs - (isSilent ? (silentSinceMs ?? atMs) : goneSinceMs)) / 1000);
  return {
    state: 'unknown',
    evidence: isSilent
      ? `none of the exporters of the rig answers for ${seconds} s`
      : `its exporter answers, the card is not printed for ${seconds} s`,
    sinceMs: goneSinceMs,
    unsettled: { seen: 'down', sinceMs: goneSinceMs },
    memory: { believed, sinceMs, goneSinceMs, pauseSinceMs: before?.pauseSinceMs ?? goneSinceMs },
  };
}

/** @param fromMs since when it is so, if it was something else before. */
function believe(card: Gpu | Asic, before: CardMemory | null, fromMs: number): SettledState {
  const { state, stateEvidence: evidence } = card;
  const isSame = before?.believed === state;
  const isFirst = before === null || (before.believed === null && state === 'down');
  const sinceMs = isFirst ? null : isSame ? before.sinceMs : fromMs;
  const isKnown = isSame && before.pauseSinceMs === null && before.goneSinceMs === null;
  const memory = isKnown ? before : { believed: state, sinceMs, pauseSinceMs: null, goneSinceMs: null };
  return { state, evidence, sinceMs, unsettled: null, memory };
}

/**
 * Of cards of which some are rented and nobody says which: all that do not hash are, where they are as many and the others
 * only pause.
 */
function eliminated(seen: Rig, before: RigMemory | null, settling: Settling): readonly Gpu[] {
  const { gpus, gpuStates, looseMiners } = seen;
  if (gpuStates.rented === 0 || looseMiners.some(({ hashrate }) => (hashrate ?? 0) > 0)) return gpus;
  const isPausing = (gpu: Gpu) => isHeld(gpu, before?.cards.get(gpu.key) ?? null, settling);
  const isCandidate = (gpu: Gpu) => gpu.state !== 'down' && gpu.state !== 'mining' && !isPausing(gpu);
  if (!gpus.some(isPausing) || gpus.filter(isCandidate).length !== gpuStates.rented) return gpus;
  const stateEvidence = 'as many GPUs are rented as there are cards that do not mine';
  return gpus.map((gpu) => (isCandidate(gpu) ? { ...gpu, state: 'rented', stateEvidence } : gpu));
}

/**
 * The counts of the observation with the cards that are held in another state moved. Where a marketplace counts per
 * machine, the state that is seen of a card may not be among the counts: then it is one of those that nobody knows.
 */
function heldCounts(seen: Rig, held: readonly Gpu[]): PerState {
  const counts = { ...seen.gpuStates };
  for (const { state, unsettled } of held) {
    if (unsettled === null) continue;
    const from = [unsettled.seen, ...doubtful].find((candidate) => counts[candidate] > 0);
    if (from === undefined) continue;
    counts[from] -= 1;
    counts[state] += 1;
  }
  return counts;
}

const doubtful = ['unknown', 'idle-unlisted', 'idle-listed'] as const;
