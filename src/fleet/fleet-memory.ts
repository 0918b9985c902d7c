import type { MachineReading } from '../domain/observation/marketplace-reading.ts';
import type { TargetReading } from '../domain/observation/target-reading.ts';
import type { Gpu, Rig } from '../domain/rig.ts';

/** A card that is gone is shown as down for so long; then it was sold or moved. Targets are forgotten as late. */
const FORGET_MS = 7 * 86_400_000;

interface KnownCard {
  readonly gpu: Gpu;
  readonly seenAtMs: number;
}

/** What observations of one farm leave behind for the next one, so that what disappears is missed. */
export class FleetMemory {
  readonly #names = new Map<string, string>();
  readonly #accounts = new Map<string, readonly MachineReading[]>();
  /** When each instance was a target last, whether it answered or not. */
  readonly #listedAtMs = new Map<string, number>();
  readonly #cards = new Map<string, Map<string, KnownCard>>();

  /** The rig's name by the instance of a target that was up. */
  get names(): ReadonlyMap<string, string> {
    return this.#names;
  }

  /** Machines by the instance that speaks for their account: while it fails, they are there and nothing is known of them. */
  get accounts(): ReadonlyMap<string, readonly MachineReading[]> {
    return this.#accounts;
  }

  cardsOf(rig: string): readonly Gpu[] {
    return [...(this.#cards.get(rig)?.values() ?? [])].map(({ gpu }) => gpu);
  }

  addAccount(reading: TargetReading): void {
    this.#accounts.set(reading.instance, [...reading.machines.values()]);
  }

  addRig(rig: Rig, atMs: number): void {
    if (rig.state === 'down') return;
    for (const instance of rig.instances) this.#names.set(instance, rig.name);
    if (rig.state !== 'up') return;
    const before = this.#cards.get(rig.name);
    const cards = new Map<string, KnownCard>();
    for (const gpu of rig.gpus) {
      const seenAtMs = gpu.state === 'down' ? (before?.get(gpu.key)?.seenAtMs ?? atMs) : atMs;
      if (atMs - seenAtMs < FORGET_MS) cards.set(gpu.key, { gpu, seenAtMs });
    }
    this.#cards.set(rig.name, cards);
  }

  /** Forgets what an observation with these targets and rigs shows to be gone for good; yields after each small step. */
  *forget(readings: readonly TargetReading[], rigs: readonly Rig[], atMs: number): Generator<void, void> {
    yield* this.#forgetTargets(readings, atMs);
    yield* this.#forgetCards(rigs, atMs);
  }

  *#forgetTargets(readings: readonly TargetReading[], atMs: number): Generator<void, void> {
    for (const { instance } of readings) {
      this.#listedAtMs.set(instance, atMs);
      yield;
    }
    for (const [instance, lastMs] of this.#listedAtMs) {
      if (atMs - lastMs >= FORGET_MS) {
        this.#listedAtMs.delete(instance);
        this.#names.delete(instance);
        this.#accounts.delete(instance);
      }
      yield;
    }
  }

  /** A card that answers in another rig was moved there. Nobody misses the cards of a rig that is gone itself. */
  *#forgetCards(rigs: readonly Rig[], atMs: number): Generator<void, void> {
    const home = new Map<string, string>();
    const names = new Set<string>();
    for (const rig of rigs) {
      names.add(rig.name);
      for (const gpu of rig.gpus) if (gpu.uuid !== null && gpu.state !== 'down') home.set(gpu.uuid, rig.name);
      yield;
    }
    for (const [rig, cards] of this.#cards) {
      for (const [key, { gpu, seenAtMs }] of cards) {
        const now = gpu.uuid === null ? undefined : home.get(gpu.uuid);
        const isMoved = now !== undefined && now !== rig && seenAtMs < atMs;
        if (isMoved || (!names.has(rig) && atMs - seenAtMs >= FORGET_MS)) cards.delete(key);
      }
      if (cards.size === 0) this.#cards.delete(rig);
      yield;
    }
  }
}
