import type { Farm } from '../domain/farm.ts';
import type { KnownCard } from '../domain/known-card.ts';
import type { Gpu } from '../domain/rig.ts';
import { todaysNames, withRigNamed } from './former-names.ts';

/** What has changed since it was taken last, and is to be written. */
export interface CardChanges {
  readonly save: readonly KnownCard[];
  readonly remove: readonly Pick<KnownCard, 'rig' | 'key'>[];
}

/** `seenMs` of a card that did not change is written so often. */
const SAVE_EVERY_MS = 10 * 60_000;

/** Beyond this many cards, which no farm has, the rig that was not seen for longest is forgotten. */
const MOST_CARDS = 500_000;

interface Entry {
  card: KnownCard;
  savedMs: number;
}

/** Cards that were ever seen, by rig, without those that are retired: what is not printed any more is missed. */
export class KnownCards {
  readonly #farm: Pick<Farm, 'rigs' | 'retired'>;
  readonly #rigs = new Map<string, Map<string, Entry>>();
  /** Rig by UUID. */
  readonly #homes = new Map<string, string>();
  readonly #dirty = new Set<Entry>();
  #removed: Pick<KnownCard, 'rig' | 'key'>[] = [];
  #count = 0;

  constructor(farm: Pick<Farm, 'rigs' | 'retired'>) {
    this.#farm = farm;
  }

  /** Takes over what was saved: without what is retired now, and under today's names. Call it before the first observation. */
  restore(cards: readonly KnownCard[]): void {
    const today = todaysNames(this.#farm);
    for (const saved of cards) {
      const card = withRigNamed(saved, today.get(saved.rig));
      const known = this.#rigs.get(card.rig)?.get(card.key)?.card;
      const isOutdated = known !== undefined && known.seenMs >= card.seenMs;
      if (card !== saved) this.#removed.push({ rig: saved.rig, key: saved.key });
      if (isOutdated) continue;
      if (this.isRetired(card)) {
        if (card === saved) this.#removed.push({ rig: card.rig, key: card.key });
        continue;
      }
      this.#put({ card, savedMs: card === saved ? card.seenMs : Number.NEGATIVE_INFINITY });
    }
  }

  isRetired({ rig, key }: Pick<KnownCard, 'rig' | 'key'>): boolean {
    return this.#farm.retired.has(rig) || this.#farm.retired.has(key);
  }

  rigs(): Iterable<string> {
    return this.#rigs.keys();
  }

  of(rig: string): readonly KnownCard[] {
    const entries = this.#rigs.get(rig);
    return entries === undefined ? [] : Array.from(entries.values(), ({ card }) => card);
  }

  has(rig: string, key: string): boolean {
    return this.#rigs.get(rig)?.has(key) === true;
  }

  /** A card that answers in another rig was moved there. */
  move(uuid: string, rig: string, atMs: number): void {
    const before = this.#homes.get(uuid);
    if (before === undefined || before === rig) return;
    const entry = this.#remove(before, uuid);
    if (entry === null) return;
    this.#put({ card: { ...entry.card, rig, firstSeenMs: atMs }, savedMs: Number.NEGATIVE_INFINITY });
  }

  /** A card that is printed now. */
  see(rig: string, gpu: Gpu, atMs: number): void {
    if (this.isRetired({ rig, key: gpu.key })) return;
    const entry = this.#rigs.get(rig)?.get(gpu.key);
    if (entry === undefined) {
      const card = { rig, ...identityOf(gpu, null), firstSeenMs: atMs, seenMs: atMs };
      this.#put({ card, savedMs: Number.NEGATIVE_INFINITY });
      this.#bound();
      return;
    }
    const { card } = entry;
    const identity = identityOf(gpu, card);
    const isSame = identityKeys.every((key) => identity[key] === card[key]);
    entry.card = { rig, ...identity, firstSeenMs: card.firstSeenMs, seenMs: atMs };
    if (!isSame || atMs - entry.savedMs >= SAVE_EVERY_MS) this.#dirty.add(entry);
  }

  /** A card that is missed under another number than it had: which model is missing shows in the others. */
  remodel(rig: string, { key, model }: Pick<Gpu, 'key' | 'model'>): void {
    const entry = this.#rigs.get(rig)?.get(key);
    if (entry === undefined || model === null || entry.card.model === model) return;
    entry.card = { ...entry.card, model };
    this.#dirty.add(entry);
  }

  forget(rig: string, key: string): void {
    this.#remove(rig, key);
  }

  /** What has to be written; taken once. */
  takeDirty(): CardChanges {
    const save = Array.from(this.#dirty, (entry) => {
      entry.savedMs = entry.card.seenMs;
      return entry.card;
    });
    const removed = this.#removed.filter(({ rig, key }) => this.#rigs.get(rig)?.has(key) !== true);
    this.#dirty.clear();
    this.#removed = [];
    return { save, remove: removed };
  }

  /** What was taken and could not be written is handed out again. */
  giveBack({ save, remove }: CardChanges): void {
    for (const { rig, key } of save) {
      const entry = this.#rigs.get(rig)?.get(key);
      if (entry !== undefined) this.#dirty.add(entry);
    }
    this.#removed.push(...remove);
  }

  #put(entry: Entry): void {
    const { rig, key, uuid } = entry.card;
    let cards = this.#rigs.get(rig);
    if (cards === undefined) {
      cards = new Map();
      this.#rigs.set(rig, cards);
    }
    const before = cards.get(key);
    if (before === undefined) this.#count += 1;
    else this.#dirty.delete(before);
    cards.set(key, entry);
    if (uuid !== null) this.#homes.set(uuid, rig);
    if (entry.savedMs === Number.NEGATIVE_INFINITY) this.#dirty.add(entry);
  }

  #remove(rig: string, key: string): Entry | null {
    const cards = this.#rigs.get(rig);
    const entry = cards?.get(key);
    if (cards === undefined || entry === undefined) return null;
    cards.delete(key);
    if (cards.size === 0) this.#rigs.delete(rig);
    this.#count -= 1;
    this.#dirty.delete(entry);
    this.#removed.push({ rig, key });
    const { uuid } = entry.card;
    if (uuid !== null && this.#homes.get(uuid) === rig) this.#homes.delete(uuid);
    return entry;
  }

  #bound(): void {
    if (this.#count <= MOST_CARDS) return;
    let oldest: { rig: string; seenMs: number } | null = null;
    for (const [rig, cards] of this.#rigs) {
      const seenMs = Math.max(...Array.from(cards.values(), ({ card }) => card.seenMs));
      if (oldest === null || seenMs < oldest.seenMs) oldest = { rig, seenMs };
    }
    if (oldest === null) return;
    for (const { rig, key } of this.of(oldest.rig)) this.#remove(rig, key);
  }
}

const identityKeys = [
  'key',
  'index',
  'uuid',
  'bus',
  'model',
  'vramTotalBytes',
  'pcieWidthMax',
  'pcieGenerationMax',
  'computeCapability',
  'driverVersion',
  'cudaVersion',
  'vbiosVersion',
] as const satisfies readonly (keyof KnownCard & keyof Gpu)[];

/** What is not printed now is what it was before: of several exporters one may be away. */
function identityOf(gpu: Gpu, before: KnownCard | null): Pick<Gpu, (typeof identityKeys)[number]> {
  return {
    key: gpu.key,
    index: gpu.index ?? before?.index ?? null,
    uuid: gpu.uuid ?? before?.uuid ?? null,
    bus: gpu.bus ?? before?.bus ?? null,
    model: gpu.model ?? before?.model ?? null,
    vramTotalBytes: gpu.vramTotalBytes ?? before?.vramTotalBytes ?? null,
    pcieWidthMax: gpu.pcieWidthMax ?? before?.pcieWidthMax ?? null,
    pcieGenerationMax: gpu.pcieGenerationMax ?? before?.pcieGenerationMax ?? null,
    computeCapability: gpu.computeCapability ?? before?.computeCapability ?? null,
    driverVersion: gpu.driverVersion ?? before?.driverVersion ?? null,
    cudaVersion: gpu.cudaVersion ?? before?.cudaVersion ?? null,
    vbiosVersion: gpu.vbiosVersion ?? before?.vbiosVersion ?? null,
  };
}
