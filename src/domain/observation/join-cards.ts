import type { CardReading } from './card-reading.ts';
import type { TargetReading } from './target-reading.ts';

/** One card with everything that was read of it, strongest exporter first. */
export interface JoinedCard {
  readonly readings: readonly CardReading[];
  readonly uuid: string | null;
  readonly bus: string | null;
  readonly index: number | null;
  readonly model: string | null;
}

export interface JoinedCards {
  readonly cards: readonly JoinedCard[];
  /** Cards that a miner prints but that could not be tied to a card of the rig: not cards of their own. */
  readonly loose: readonly CardReading[];
  readonly problems: readonly string[];
}

interface Draft {
  readings: CardReading[];
  uuid: string | null;
  bus: string | null;
  index: number | null;
  model: string | null;
}

/**
 * The same UUID; else the same PCI bus; else the index, and that only if models agree and both sides count the same
 * cards (METRICS.md section 2 rule 2). Two different UUIDs are never one card.
 */
export function joinCards(targets: readonly TargetReading[]): JoinedCards {
  const problems: string[] = [];
  const lists = targets.flatMap(cardLists).sort((a, b) => strength(b) - strength(a) || rank(a) - rank(b));
  const [base, ...others] = lists;
  if (base === undefined) return { cards: [], loose: [], problems };
  const cards: Draft[] = base.map(draft);
  const loose: CardReading[] = [];
  for (const list of others) {
    const unmatched: CardReading[] = [];
    const taken = new Set<Draft>();
    for (const reading of list) {
      const match = cards.find((card) => sameCard(card, reading));
      if (match === undefined) unmatched.push(reading);
      else {
        absorb(match, reading);
        taken.add(match);
      }
    }
    if (unmatched.length === 0) continue;
    if (unmatched.every((reading) => reading.uuid !== null) && cards.every((card) => card.uuid !== null)) {
      // A UUID of its own makes it a card of its own.
      cards.push(...unmatched.map(draft));
      continue;
    }
    const conflict = joinByIndex(cards, list, unmatched, taken);
    if (conflict !== null) {
      problems.push(conflict);
      loose.push(...unmatched);
    }
  }
  cards.sort((a, b) => (a.index ?? 1e9) - (b.index ?? 1e9) || compare(a.bus ?? a.uuid ?? '', b.bus ?? b.uuid ?? ''));
  return { cards, loose, problems };
}

/** What each exporter says; one target may carry the series of several. */
function cardLists(target: TargetReading): CardReading[][] {
  return [...Map.groupBy(target.cards.values(), (card) => card.rank).values()];
}

/** Where two know the same, the earlier dialect is asked first. */
function rank(cards: readonly CardReading[]): number {
  return cards[0]?.rank ?? 0;
}

function strength(cards: readonly CardReading[]): number {
  const withUuid = cards.filter((card) => card.uuid !== null).length;
  const withBus = cards.filter((card) => card.bus !== null).length;
  return (withUuid > 0 ? 4 : 0) + (withBus > 0 ? 2 : 0) + cards.length / 1000;
}

function draft(reading: CardReading): Draft {
  const { uuid, bus, index, model } = reading;
  return { readings: [reading], uuid, bus, index, model };
}

function sameCard(card: Draft, reading: CardReading): boolean {
  if (card.uuid !== null && reading.uuid !== null) return card.uuid === reading.uuid;
  return card.bus !== null && card.bus === reading.bus;
}

function absorb(card: Draft, reading: CardReading): void {
  card.readings.push(reading);
  card.uuid ??= reading.uuid;
  card.bus ??= reading.bus;
  card.index ??= reading.index;
  card.model ??= reading.model;
}

/** Joins by index or says in words why that would be a guess. */
function joinByIndex(
  cards: readonly Draft[],
  list: readonly CardReading[],
  unmatched: readonly CardReading[],
  taken: ReadonlySet<Draft>,
): string | null {
  const who = unmatched[0]?.dialect.id ?? 'an exporter';
  if (list.length !== cards.length) {
    return `${who} prints ${list.length} card${list.length === 1 ? '' : 's'}, the rig has ${cards.length}: its cards are not tied to the rig's`;
  }
  const pairs = new Map<Draft, CardReading>();
  for (const reading of unmatched) {
    const free = (candidate: Draft) => !taken.has(candidate) && !pairs.has(candidate);
    const card = cards.find((candidate) => candidate.index === reading.index && free(candidate));
    if (card === undefined || reading.index === null)
      return `${who} prints card ${reading.slot}, which has no counterpart by index`;
    if (card.uuid !== null && reading.uuid !== null) return `${who} prints another UUID for card ${reading.index}`;
    if (card.bus !== null && reading.bus !== null) return `${who} prints another PCI bus for card ${reading.index}`;
    if (card.model !== null && reading.model !== null && !modelsAgree(card.model, reading.model)) {
      return `${who} says card ${reading.index} is a ${reading.model}, others say ${card.model}`;
    }
    pairs.set(card, reading);
  }
  for (const [card, reading] of pairs) absorb(card, reading);
  return null;
}

/** Miners leave the memory size away that drivers print, and the other way round. */
function modelsAgree(a: string, b: string): boolean {
  const bare = (model: string) => model.toLowerCase().replace(/\s*\d+\s*gb$/, '');
  return bare(a) === bare(b);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
