import type { Farm } from '../domain/farm.ts';
import type { KnownAsic, KnownTarget } from '../domain/known-target.ts';
import { todaysNames, withRigNamed } from './former-names.ts';

/** What has changed since it was taken last, and is to be written. */
export interface TargetChanges {
  readonly save: readonly KnownTarget[];
  /** Keys. */
  readonly remove: readonly string[];
}

/** `listedMs` of a target of which nothing else changed is written so often. */
const SAVE_EVERY_MS = 6 * 3_600_000;

interface Entry {
  target: KnownTarget;
  savedMs: number;
}

/** What a target said in one observation. */
export type Said = Pick<KnownTarget, 'isStranger' | 'parts'> & {
  readonly hasCards: boolean;
  /** Null where it speaks for no account. */
  readonly machines: KnownTarget['machines'] | null;
};

/** Targets that were ever listed, by key, and which rigs they are or speak of. */
export class KnownTargets {
  readonly #farm: Pick<Farm, 'rigs'>;
  readonly #entries = new Map<string, Entry>();
  /** By rig. */
  readonly #asics = new Map<string, readonly KnownAsic[]>();
  readonly #dirty = new Set<Entry>();
  #removed: string[] = [];

  constructor(farm: Pick<Farm, 'rigs'>) {
    this.#farm = farm;
  }

  /** Takes over what was saved, under today's names of the rigs. Call it before the first observation. */
  restore(targets: readonly KnownTarget[]): void {
    const today = todaysNames(this.#farm);
    for (const saved of targets) {
      const target = renamed(saved, today);
      const entry = { target, savedMs: saved.listedMs };
      this.#entries.set(target.key, entry);
      if (target !== saved) this.#dirty.add(entry);
      for (const asic of target.asics) {
        const known = this.#asics.get(asic.rig) ?? [];
        if (!known.some(({ key }) => key === asic.key)) this.#asics.set(asic.rig, [...known, asic]);
      }
    }
  }

  get(key: string): KnownTarget | null {
    return this.#entries.get(key)?.target ?? null;
  }

  all(): Iterable<KnownTarget> {
    return this.#entries.values().map(({ target }) => target);
  }

  asicsOf(rig: string): readonly KnownAsic[] {
    return this.#asics.get(rig) ?? [];
  }

  /** Rigs of which ASICs are known. */
  asicRigs(): Iterable<string> {
    return this.#asics.keys();
  }

  /** A target of this observation; `said` is null where it does not answer. */
  list(key: string, said: Said | null, atMs: number): void {
    const known = this.#entries.get(key);
    const entry = known ?? { target: nothingSaid(key, atMs), savedMs: Number.NEGATIVE_INFINITY };
    if (known === undefined) this.#entries.set(key, entry);
    const { target } = entry;
    const now = said === null ? target : { ...target, ...said, machines: said.machines ?? target.machines };
    entry.target = { ...now, listedMs: atMs };
    if (!isSame(target, now) || atMs - entry.savedMs >= SAVE_EVERY_MS) this.#dirty.add(entry);
  }

  /** The target is an exporter of this rig, which is up. */
  join(key: string, rig: string, atMs: number): void {
    const entry = this.#entries.get(key);
    if (entry === undefined || entry.target.rig === rig) return;
    const firstSeenMs = entry.target.rig === null ? entry.target.firstSeenMs : atMs;
    entry.target = { ...entry.target, rig, firstSeenMs };
    this.#dirty.add(entry);
  }

  /** The ASICs of a rig, which these targets print. */
  seeAsics(rig: string, asics: readonly Omit<KnownAsic, 'rig'>[], keys: Iterable<string>): void {
    const known = this.asicsOf(rig);
    const found = asics.map(({ key, model, algorithm, coin }) => ({ rig, key, model, algorithm, coin }));
    if (areEqual(known, found, ['key', 'model', 'algorithm', 'coin'])) return;
    this.#asics.set(rig, found);
    for (const key of keys) {
      const entry = this.#entries.get(key);
      if (entry === undefined) continue;
      entry.target = { ...entry.target, asics: [...entry.target.asics.filter((asic) => asic.rig !== rig), ...found] };
      this.#dirty.add(entry);
    }
  }

  forget(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#dirty.delete(entry);
    this.#removed.push(key);
  }

  /** What has to be written; taken once. */
  takeDirty(): TargetChanges {
    const save = Array.from(this.#dirty, (entry) => {
      entry.savedMs = entry.target.listedMs;
      return entry.target;
    });
    const remove = this.#removed.filter((key) => !this.#entries.has(key));
    this.#dirty.clear();
    this.#removed = [];
    return { save, remove };
  }

  /** What was taken and could not be written is handed out again. */
  giveBack({ save, remove }: TargetChanges): void {
    for (const { key } of save) {
      const entry = this.#entries.get(key);
      if (entry !== undefined) this.#dirty.add(entry);
    }
    this.#removed.push(...remove);
  }
}

function nothingSaid(key: string, atMs: number): KnownTarget {
  const nothing = { hasCards: null, isStranger: false, parts: [], machines: [], asics: [] };
  return { key, rig: null, ...nothing, firstSeenMs: atMs, listedMs: atMs };
}

function isSame(a: KnownTarget, b: KnownTarget): boolean {
  return (
    a.hasCards === b.hasCards &&
    a.isStranger === b.isStranger &&
    a.parts.length === b.parts.length &&
    a.parts.every((part, index) => part === b.parts[index]) &&
    areEqual(a.machines, b.machines, ['id', 'hostname', 'model'])
  );
}

function areEqual<Known>(a: readonly Known[], b: readonly Known[], fields: readonly (keyof Known)[]): boolean {
  return (
    a.length === b.length && a.every((known, index) => fields.every((field) => known[field] === b[index]?.[field]))
  );
}

function renamed(target: KnownTarget, today: ReadonlyMap<string, string>): KnownTarget {
  const rig = today.get(target.rig ?? '') ?? target.rig;
  const asics = target.asics.map((asic) => withRigNamed(asic, today.get(asic.rig)));
  const isSame = rig === target.rig && asics.every((asic, index) => asic === target.asics[index]);
  return isSame ? target : { ...target, rig, asics };
}
