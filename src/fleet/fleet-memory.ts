import type { Farm } from '../domain/farm.ts';
import type { KnownAsic, KnownMachine } from '../domain/known-target.ts';
import { isSameSlot } from '../domain/observation/assemble-rig.ts';
import { cardKey, type JoinedCards } from '../domain/observation/join-cards.ts';
import type { TargetGroup } from '../domain/observation/join-targets.ts';
import type { RigMemory } from '../domain/observation/settle-states.ts';
import type { TargetReading } from '../domain/observation/target-reading.ts';
import type { Rig } from '../domain/rig.ts';
import { KnownCards } from './known-cards.ts';
import { KnownTargets, type Said } from './known-targets.ts';

/** Targets, and rigs without any, are forgotten so long after they were listed last. */
const FORGET_MS = 7 * 86_400_000;

interface SeenRig {
  /** Before its states were settled. */
  readonly seen: Rig;
  readonly joined: JoinedCards;
  readonly isUnseen: boolean;
}

/** What observations of one farm leave behind for the next one, so that what disappears is missed. */
export class FleetMemory {
  readonly cards: KnownCards;
  readonly targets: KnownTargets;
  readonly #settled = new Map<string, RigMemory>();

  constructor(farm: Pick<Farm, 'rigs' | 'retired'>) {
    this.cards = new KnownCards(farm);
    this.targets = new KnownTargets(farm);
  }

  /** The rig's name by the key of a target that was up. */
  readonly names = { get: (key: string) => this.targets.get(key)?.rig ?? undefined };

  /** Keys of targets that are no exporters of a rig's own. */
  readonly strangers = { has: (key: string) => this.targets.get(key)?.isStranger === true };

  /** Machines of the account that a target speaks for: while it fails, they are there and nothing is known of them. */
  machinesOf(key: string): readonly KnownMachine[] {
    return this.targets.get(key)?.machines ?? [];
  }

  partsOf(key: string): readonly string[] {
    return this.targets.get(key)?.parts ?? [];
  }

  /** Whether a target is no exporter of a rig's own and has said which rigs or machines it speaks of. */
  speaksOfOthers(key: string): boolean {
    const target = this.targets.get(key);
    return target?.isStranger === true && (target.machines.length > 0 || target.parts.length > 0);
  }

  settledOf(rig: string): RigMemory | null {
    return this.#settled.get(rig) ?? null;
  }

  asicsOf(rig: string): readonly KnownAsic[] {
    return this.targets.asicsOf(rig).filter((asic) => !this.cards.isRetired(asic));
  }

  /** Rigs that hold something that is missed while nobody prints it. */
  *missable(): Generator<string, void> {
    yield* this.cards.rigs();
    for (const rig of this.targets.asicRigs()) if (this.asicsOf(rig).length > 0) yield rig;
  }

  /** Whether cards that are not printed now may be there, because an exporter that may have printed them fails. */
  isUnseen({ targets }: TargetGroup): boolean {
    return targets.some(({ failure, key }) => failure !== null && this.targets.get(key)?.hasCards !== false);
  }

  /** Whether a target has ever answered. */
  isKnown(key: string): boolean {
    return (this.targets.get(key)?.hasCards ?? null) !== null;
  }

  addTarget(reading: TargetReading, atMs: number): void {
    const said = reading.failure === null ? saidBy(reading) : null;
    const isNobody = reading.isMute && this.#hasNeverSpoken(reading.key);
    this.targets.list(reading.key, said === null || !isNobody ? said : { ...said, isStranger: true }, atMs);
  }

  #hasNeverSpoken(key: string): boolean {
    const known = this.targets.get(key);
    return known === null || known.hasCards === null || known.isStranger;
  }

  /** What one observation showed of a rig, and what was made of its states. */
  addRig(group: TargetGroup, { seen, joined, isUnseen }: SeenRig, settled: RigMemory): void {
    const { name, state, gpus, asics } = seen;
    this.#settled.set(name, settled);
    if (state === 'down') return;
    for (const { key, isPart } of group.targets) if (!isPart) this.targets.join(key, name, settled.atMs);
    const withAsics = group.targets.filter((target) => target.asics.size > 0);
    if (withAsics.length > 0)
      this.targets.seeAsics(
        name,
        asics,
        withAsics.map(({ key }) => key),
      );
    const printed = new Set(joined.cards.map((card) => cardKey(name, card)));
    for (const gpu of gpus) {
      // Cards that are only counted, or found on a bus, are printed by nobody: they are seen while nothing is away.
      const isSeen = printed.has(gpu.key) || (gpu.state !== 'down' && (!isUnseen || !this.cards.has(name, gpu.key)));
      if (isSeen) this.cards.see(name, gpu, settled.atMs);
      else this.cards.remodel(name, gpu);
    }
    if (state === 'up') this.#forgetNameless(seen);
  }

  /** Forgets what an observation with these rigs shows to be gone for good; yields after each small step. */
  *forget(groups: readonly TargetGroup[], atMs: number): Generator<void, void> {
    const listed = new Set<string>();
    for (const { name, targets } of groups) {
      if (targets.length > 0) listed.add(name);
      yield;
    }
    for (const { key, rig, listedMs } of this.targets.all()) {
      // A rig that is missed is missed under its name, also when its exporters come back and fail.
      const isMissed = rig !== null && !listed.has(rig) && this.#isMissable(rig);
      if (atMs - listedMs >= FORGET_MS && !isMissed) this.targets.forget(key);
      yield;
    }
    for (const [rig, settled] of this.#settled) {
      if (atMs - settled.atMs >= FORGET_MS) this.#settled.delete(rig);
      yield;
    }
  }

  #isMissable(rig: string): boolean {
    return this.cards.of(rig).length > 0 || this.asicsOf(rig).length > 0;
  }

  /** Once all exporters answer, what was known by less than a UUID is one of the cards that have more: it would count twice. */
  #forgetNameless(rig: Rig): void {
    const isNamed = rig.gpus.some(({ uuid, bus }) => uuid !== null || bus !== null);
    const shown = new Set(rig.gpus.map(({ key }) => key));
    for (const card of this.cards.of(rig.name)) {
      if (shown.has(card.key) || card.uuid !== null) continue;
      const isNow = card.bus === null ? isNamed : rig.gpus.some((gpu) => isSameSlot(gpu, card));
      if (isNow) this.cards.forget(rig.name, card.key);
    }
  }
}

function saidBy(reading: TargetReading): Said {
  return {
    hasCards: reading.cards.size > 0 || reading.parts.values().some((part) => part.cards.size > 0),
    isStranger: reading.isAccount || reading.isOutside,
    parts: [...reading.parts.keys()],
    machines: reading.isAccount
      ? Array.from(reading.machines.values(), ({ id, hostname, model }) => ({ id, hostname, model }))
      : null,
  };
}
