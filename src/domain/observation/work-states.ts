import type { MarketplaceMachine, PlatformRental } from '../rig.ts';
import { noStates, type PerState, type WorkState } from '../work-state.ts';

/** What is known of one card's work before its state is decided. */
export interface CardEvidence {
  readonly present: boolean;
  /** The exporter that printed it does not answer: it is presumed to be there. */
  readonly isUnseen?: true;
  readonly hashrate: number | null;
  readonly utilisationRatio: number | null;
  readonly computeApps: number | null;
  /** Names of compute processes; null where nobody names them. */
  readonly processes: readonly string[] | null;
}

export interface DecidedState {
  readonly state: WorkState;
  readonly evidence: string;
}

export interface DecidedStates {
  readonly cards: readonly DecidedState[];
  /** GPUs of the rig by state; where a marketplace counts per machine, the truth that no card alone can tell. */
  readonly counts: PerState;
  readonly problems: readonly string[];
}

export interface RigEvidence {
  readonly rigDown: boolean;
  readonly machine: MarketplaceMachine | null;
  /** What the operator prints himself of rentals. */
  readonly rentals?: readonly PlatformRental[];
  /** Cards that hash but could not be tied to one of `cards`. */
  readonly looseMiningCards: number;
  readonly isMiner: (process: string) => boolean;
}

/** Below this utilisation a card without processes does nothing; a desktop's compositor stays under it. */
const IDLE_UTILISATION = 0.05;

/**
 * Work states in the order of METRICS.md section 2 rule 4. A marketplace's rentals count per machine: which card is
 * rented is a fact only where all are or none is, or where elimination leaves no choice; the counts hold in any case.
 */
export function decideStates(cards: readonly CardEvidence[], rig: RigEvidence): DecidedStates {
  const problems: string[] = [];
  const own = cards.map((card) => ownState(card, rig));
  const live = own.filter((decided) => decided.state !== 'down').length;
  const rentals = rentalsOf(rig);
  const hashing = own.filter((decided) => decided.state === 'mining').length + rig.looseMiningCards;
  const rented = rentedOf(
    rentals.reduce((sum, { gpus }) => sum + gpus, 0),
    { live, hashing, down: own.length - live },
  );
  if (rented === 0) {
    const counts = noStates();
    for (const decided of own) counts[decided.state]++;
    moveLoose(counts, rig.looseMiningCards);
    return { cards: own, counts, problems };
  }
  if (hashing > live - rented) {
    problems.push(
      `${rented} of ${live} GPUs are rented, yet ${hashing} hash: the marketplace's or the miner's count is late`,
    );
  }
  const counted = rentalsInWords(rentals, { live, rented });
  if (rented < live) return { ...partlyRented(own, cards, rig, { live, rented, counted }), problems };
  const states = own.map((card) => (card.state === 'down' ? card : ({ state: 'rented', evidence: counted } as const)));
  const counts = noStates();
  for (const card of states) counts[card.state]++;
  return { cards: states, counts, problems };
}

/** How many of the cards that are there are rented: a card that is down may be one of those that are counted, one that hashes is not. */
function rentedOf(
  counted: number,
  { live, hashing, down }: { readonly live: number; readonly hashing: number; readonly down: number },
): number {
  const free = Math.max(0, live - hashing);
  return Math.min(counted, live, Math.max(free, counted - down));
}

/** Rentals by platform; of one that both its marketplace and the operator count the marketplace's word counts. */
function rentalsOf({ machine, rentals = [] }: RigEvidence): readonly PlatformRental[] {
  const counted = machine?.rentedGpus == null ? [] : [{ platform: machine.platform, gpus: machine.rentedGpus }];
  const isCounted = (platform: string) => counted.some((own) => platform.toLowerCase().split('.')[0] === own.platform);
  const others = rentals.filter(({ platform }) => !isCounted(platform));
  return [...counted, ...others].filter(({ gpus }) => Number.isFinite(gpus) && gpus > 0);
}

function rentalsInWords(
  rentals: readonly PlatformRental[],
  { live, rented }: { live: number; rented: number },
): string {
  const platforms = rentals.map(({ platform }) => platform).sort();
  const verb = platforms.length === 1 ? 'counts' : 'count';
  return `${platforms.join(' and ')} ${verb} ${rented} of ${live} GPUs rented`;
}

function partlyRented(
  own: readonly DecidedState[],
  cards: readonly CardEvidence[],
  rig: RigEvidence,
  { live, rented, counted }: { live: number; rented: number; counted: string },
): Omit<DecidedStates, 'problems'> {
  const candidates = own.filter((card) => card.state !== 'down' && card.state !== 'mining').length;
  const eliminated = rig.looseMiningCards === 0 && candidates === rented;
  const states = own.map((card): DecidedState => {
    if (card.state === 'down' || card.state === 'mining') return card;
    return eliminated
      ? { state: 'rented', evidence: `${counted}, and every other card hashes` }
      : { state: 'unknown', evidence: `${counted}; which ones is not printed` };
  });
  const counts = noStates();
  counts.down = own.filter((card) => card.state === 'down').length;
  counts.rented = rented;
  const hashing = own.filter((card) => card.state === 'mining').length + rig.looseMiningCards;
  counts.mining = Math.min(hashing, live - rented);
  let rest = live - rented - counts.mining;
  // A rental is taken to be where work is: of the cards that are left, as many as wait are idle.
  const idle = own.filter((card, index) => card.state.startsWith('idle') && isIdle(cards[index] as CardEvidence));
  const idleCount = Math.min(rest, idle.length);
  if (idleCount > 0) counts[idleState(rig.machine)] += idleCount;
  rest -= idleCount;
  counts.unknown += rest;
  return { cards: states, counts };
}

/** The state of a card as far as rentals do not decide it. */
function ownState(card: CardEvidence, rig: RigEvidence): DecidedState {
  if (rig.rigDown) return { state: 'down', evidence: 'none of the exporters of the rig answers' };
  if (card.isUnseen) return { state: 'unknown', evidence: 'the exporter that printed it does not answer' };
  if (!card.present) return { state: 'down', evidence: 'its exporter answers, the card is gone' };
  if (card.hashrate !== null && card.hashrate > 0) return { state: 'mining', evidence: 'hashrate above 0' };
  const work = card.processes?.filter((process) => !rig.isMiner(process)) ?? [];
  // On a marketplace that does not say what is rented, work may be a renter's, and a card that waits may wait for him.
  const rentalsKnown = rig.machine === null || rig.machine.rentedGpus !== null;
  if (work.length > 0 && rentalsKnown) return { state: 'busy', evidence: `runs ${work.slice(0, 3).join(', ')}` };
  if (isIdle(card) && rentalsKnown) {
    const state = idleState(rig.machine);
    const listing = state === 'idle-listed' ? 'the machine is listed' : 'the machine is not listed';
    return { state, evidence: `no process, utilisation under ${IDLE_UTILISATION * 100} %; ${listing}` };
  }
  return { state: 'unknown', evidence: unknownBecause(card, rig) };
}

function isIdle(card: CardEvidence): boolean {
  if (card.utilisationRatio === null || card.utilisationRatio >= IDLE_UTILISATION) return false;
  if ((card.hashrate ?? 0) > 0) return false;
  if (card.processes !== null) return card.processes.length === 0;
  return card.computeApps === null || card.computeApps === 0;
}

function idleState(machine: MarketplaceMachine | null): 'idle-listed' | 'idle-unlisted' {
  return machine?.listed === true && machine.online !== false ? 'idle-listed' : 'idle-unlisted';
}

function unknownBecause(card: CardEvidence, rig: RigEvidence): string {
  const miners = card.processes?.filter(rig.isMiner) ?? [];
  const work = card.processes?.filter((process) => !rig.isMiner(process)) ?? [];
  if (work.length > 0) {
    return `runs ${work.slice(0, 3).join(', ')}; ${rig.machine?.platform} does not say how many GPUs are rented`;
  }
  if (miners.length > 0) return `${miners[0]} runs, but no hashrate is printed`;
  if ((rig.machine?.defaultJobGpus ?? 0) > 0) {
    return `the host's default job runs on ${rig.machine?.defaultJobGpus} GPUs, but no hashrate is printed`;
  }
  if (isIdle(card)) return `${rig.machine?.platform} does not say how many GPUs are rented`;
  if (card.utilisationRatio !== null && card.utilisationRatio >= IDLE_UTILISATION) {
    return `works at ${Math.round(card.utilisationRatio * 100)} %, but nothing says at what`;
  }
  if ((card.computeApps ?? 0) > 0) return `${card.computeApps} compute processes run, and nobody names them`;
  if (card.hashrate === 0) return 'its miner prints a hashrate of 0 and nobody prints the utilisation';
  return 'neither hashrate nor utilisation is printed';
}

/** A miner's card that could not be tied is one of the rig's cards all the same: one unknown less. */
function moveLoose(counts: Record<WorkState, number>, loose: number): void {
  for (const from of ['unknown', 'idle-unlisted', 'idle-listed'] as const) {
    const moved = Math.min(loose, counts[from]);
    counts[from] -= moved;
    counts.mining += moved;
    loose -= moved;
  }
}
