import type { Dialect } from '../dialect.ts';
import type { Gpu } from '../rig.ts';
import {
  type CardConflict,
  countConflict,
  modelConflict,
  orderConflict,
  orderDoubt,
  tiedByModel,
} from './card-conflicts.ts';
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
  readonly conflicts: readonly CardConflict[];
}

/** What identifies a card that was seen before. */
export type RememberedCard = Pick<Gpu, 'uuid' | 'bus' | 'index' | 'model'>;

interface Draft {
  readings: CardReading[];
  uuid: string | null;
  bus: string | null;
  index: number | null;
  model: string | null;
}

/** `RIG/BUS` or `RIG/#INDEX` where no exporter prints a UUID: stable as long as the card stays where it is. */
export function cardKey(rig: string, { uuid, bus, index, readings }: JoinedCard): string {
  return uuid ?? `${rig}/${bus ?? `#${index ?? readings[0]?.slot}`}`;
}

/**
 * The same UUID; else the same PCI bus; else the index, and that only if models agree, both sides count the same cards
 * and no two exporters of the rig number its cards differently (METRICS.md section 2 rule 2). Two different UUIDs are
 * never one card. Where no UUID is printed, cards `known` from before lend theirs under the same rules, so that a card stays
 * itself while the exporter that names it is away.
 */
export function joinCards(targets: readonly TargetReading[], known: readonly RememberedCard[] = []): JoinedCards {
  const lists = targets.flatMap(cardLists).sort((a, b) => strength(b) - strength(a) || rank(a) - rank(b));
  const cards: Draft[] = [];
  const loose: CardReading[] = [];
  const problems: string[] = [];
  const conflicts: CardConflict[] = [];
  // Orders come to light while cards are tied by name: what knows only indexes has to wait for that.
  const waiting: { list: readonly CardReading[]; unmatched: readonly CardReading[]; taken: ReadonlySet<Draft> }[] = [];
  let isDisordered = false;
  for (const [place, list] of lists.entries()) {
    const { unmatched, taken, disorder } = joinByName(cards, list, place === 0);
    if (disorder !== null && !isDisordered) {
      isDisordered = true;
      conflicts.push(disorder);
    }
    if (unmatched.length > 0) waiting.push({ list, unmatched, taken });
  }
  for (const { list, unmatched, taken } of waiting) {
    const conflict = isDisordered
      ? joinByModel(cards, unmatched, taken)
      : joinByIndex(cards, list, unmatched, taken, known);
    if (conflict === null) continue;
    // Another order shows in the models; where each of them is there once, they still tell which card is which.
    const isTied = conflict.kind === 'card-model' && joinByModel(cards, unmatched, taken) === null;
    const found = isTied ? tiedByModel(unmatched) : conflict;
    problems.push(found.message);
    conflicts.push(found);
    if (!isTied) loose.push(...unmatched);
  }
  recall(cards, known, isDisordered);
  cards.sort(
    (a, b) =>
      (a.index ?? 1e9) - (b.index ?? 1e9) ||
      compare(a.bus ?? a.uuid ?? '', b.bus ?? b.uuid ?? '') ||
      compare(a.readings[0]?.slot ?? '', b.readings[0]?.slot ?? ''),
  );
  return { cards, loose, problems, conflicts };
}

/** What each exporter says; one target may carry the series of several. The order of its series decides nothing. */
function cardLists(target: TargetReading): CardReading[][] {
  const lists = [...Map.groupBy(target.cards.values(), (card) => card.rank).values()];
  for (const list of lists) list.sort((a, b) => compare(a.slot, b.slot));
  return lists;
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

/** Ties a list by UUID and PCI bus; of the first list, and of drivers, a name of its own makes a card of its own. */
function joinByName(
  cards: Draft[],
  list: readonly CardReading[],
  isFirst: boolean,
): { unmatched: readonly CardReading[]; taken: ReadonlySet<Draft>; disorder: CardConflict | null } {
  const unmatched: CardReading[] = [];
  const taken = new Set<Draft>();
  let disorder: CardConflict | null = null;
  for (const reading of list) {
    const match = matching(cards, reading);
    if (match === null) {
      unmatched.push(reading);
      if (isFirst) cards.push(draft(reading));
      continue;
    }
    // Two of one list are one card that is printed twice, not two orders.
    if (!taken.has(match) && match.readings[0]?.rank !== reading.rank)
      disorder ??= orderConflict(match.readings[0], reading);
    absorb(match, reading);
    taken.add(match);
  }
  if (isFirst) return { unmatched: [], taken, disorder };
  const isUuidEverywhere =
    cards.every((card) => card.uuid !== null) && unmatched.every((reading) => reading.uuid !== null);
  // A miner's PCI bus may be decimal where others print hexadecimal numbers: it ties, but it is no proof of another card.
  const isBusEverywhere =
    cards.every((card) => card.bus !== null) &&
    unmatched.every((reading) => reading.bus !== null && !isMiner(reading.dialect));
  if (!isUuidEverywhere && !isBusEverywhere) return { unmatched, taken, disorder };
  cards.push(...unmatched.map(draft));
  return { unmatched: [], taken, disorder };
}

/** The card of this UUID, else of this bus; where it is two that so prove to be one, they become one. */
function matching(cards: Draft[], reading: CardReading): Draft | null {
  const { uuid, bus } = reading;
  const byUuid = uuid === null ? undefined : cards.find((card) => card.uuid === uuid);
  const byBus =
    bus === null
      ? undefined
      : cards.find((card) => card.bus === bus && (card.uuid === null || uuid === null || card.uuid === uuid));
  if (byUuid === undefined || byBus === undefined || byUuid === byBus) return byUuid ?? byBus ?? null;
  for (const other of byBus.readings) absorb(byUuid, other);
  cards.splice(cards.indexOf(byBus), 1);
  return byUuid;
}

function absorb(card: Draft, reading: CardReading): void {
  card.readings.push(reading);
  card.uuid ??= reading.uuid;
  card.bus ??= reading.bus;
  card.index ??= reading.index;
  card.model ??= reading.model;
}

/** Joins by index, all or none, or says why that would be a guess. */
function joinByIndex(
  cards: readonly Draft[],
  list: readonly CardReading[],
  unmatched: readonly CardReading[],
  taken: ReadonlySet<Draft>,
  known: readonly RememberedCard[],
): CardConflict | null {
  const who = unmatched[0]?.dialect.id ?? 'an exporter';
  if (list.length !== cards.length) {
    // Of a card that has vanished the miner may still print a figure: it is no card that the rig has more.
    return countConflict(who, list.length, cards.length, known.length);
  }
  const pairs = new Map<Draft, CardReading>();
  for (const reading of unmatched) {
    const free = (candidate: Draft) => !taken.has(candidate) && !pairs.has(candidate);
    const card = cards.find((candidate) => candidate.index === reading.index && free(candidate));
    if (card === undefined || reading.index === null) {
      return orderDoubt(`${who} prints card ${reading.slot}, which has no counterpart by index`);
    }
    if (card.uuid !== null && reading.uuid !== null) {
      return orderDoubt(`${who} prints another UUID for card ${reading.index}`);
    }
    if (card.bus !== null && reading.bus !== null) {
      return orderDoubt(`${who} prints another PCI bus for card ${reading.index}`);
    }
    if (!mayBeOne(card, reading)) {
      return modelConflict(who, reading, card.model);
    }
    pairs.set(card, reading);
  }
  for (const [card, reading] of pairs) absorb(card, reading);
  return null;
}

/** Where indexes prove nothing, a model that the rig and the list have once each still ties them. */
function joinByModel(
  cards: readonly Draft[],
  unmatched: readonly CardReading[],
  taken: ReadonlySet<Draft>,
): CardConflict | null {
  const pairs = new Map<Draft, CardReading>();
  for (const reading of unmatched) {
    const alike = (model: string | null) =>
      model !== null && reading.model !== null && modelsAgree(model, reading.model);
    const [card, another] = cards.filter((candidate) => alike(candidate.model));
    const isOnly = unmatched.filter(({ model }) => alike(model)).length === 1;
    if (card === undefined || another !== undefined || !isOnly || taken.has(card)) {
      const who = reading.dialect.id;
      return orderDoubt(
        `${who} prints only the index of card ${reading.slot}, and exporters of this rig number its cards differently: its cards are not tied to the rig's`,
      );
    }
    pairs.set(card, reading);
  }
  for (const [card, reading] of pairs) absorb(card, reading);
  return null;
}

/**
 * Gives cards the UUIDs of cards that were known and are surely the same: by PCI bus; else by index, all of them or none.
 */
function recall(cards: readonly Draft[], known: readonly RememberedCard[], isDisordered: boolean): void {
  const named = known.filter(({ uuid, bus }) => uuid !== null || bus !== null);
  const used = new Set(cards.map(({ uuid }) => uuid));
  for (const card of cards) {
    if (card.uuid !== null || card.bus === null) continue;
    const [before, another] = named.filter(({ bus }) => bus === card.bus);
    if (before === undefined || another !== undefined || used.has(before.uuid) || !mayBeOne(card, before)) continue;
    card.uuid = before.uuid;
  }
  if (isDisordered || named.length !== cards.length) return;
  const pairs = new Map<Draft, RememberedCard>();
  for (const card of cards) {
    if (card.uuid !== null || card.bus !== null || card.index === null) return;
    const [before, another] = named.filter(({ index }) => index === card.index);
    if (before === undefined || another !== undefined || !mayBeOne(card, before)) return;
    pairs.set(card, before);
  }
  if (new Set(pairs.values()).size < pairs.size) return;
  for (const [card, { uuid, bus, model }] of pairs) {
    card.uuid = uuid;
    card.bus = bus;
    card.model = model ?? card.model;
  }
}

function mayBeOne(card: Pick<Draft, 'model'>, other: Pick<Draft, 'model'>): boolean {
  return card.model === null || other.model === null || modelsAgree(card.model, other.model);
}

/** Miners leave the memory size away that drivers print, and the other way round. */
function modelsAgree(a: string, b: string): boolean {
  const bare = (model: string) => model.toLowerCase().replace(/\s*\d+\s*gb$/, '');
  return bare(a) === bare(b);
}

const miners = new WeakMap<Dialect, boolean>();

function isMiner(dialect: Dialect): boolean {
  let answer = miners.get(dialect);
  if (answer === undefined) {
    answer = Object.values(dialect.series).some((mapping) => mapping.kind === 'card' && mapping.signal === 'hashrate');
    miners.set(dialect, answer);
  }
  return answer;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
