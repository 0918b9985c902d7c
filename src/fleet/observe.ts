import { dialects } from '../data/dialects/index.ts';
import { minerProcesses } from '../data/miners.ts';
import { findPciCard } from '../data/pci-cards.ts';
import type { Farm } from '../domain/farm.ts';
import type { KnownMachine } from '../domain/known-target.ts';
import type { MetricsSettings } from '../domain/metrics-settings.ts';
import { assembleRig } from '../domain/observation/assemble-rig.ts';
import { familiesOf, wantedFamilies } from '../domain/observation/families.ts';
import { type HousedCards, houseCardsInSteps, type RigCards } from '../domain/observation/house-cards.ts';
import { type JoinedCards, joinCards } from '../domain/observation/join-cards.ts';
import { joinTargetsInSteps, type TargetGroup } from '../domain/observation/join-targets.ts';
import { marketplaceQuote } from '../domain/observation/marketplace.ts';
import type { MachineReading } from '../domain/observation/marketplace-reading.ts';
import { oncePerExporter } from '../domain/observation/once-per-exporter.ts';
import type { PciIdentity } from '../domain/observation/pci-reading.ts';
import { placeRig } from '../domain/observation/place-rig.ts';
import { rigPayouts } from '../domain/observation/rig-payouts.ts';
import { settleStates } from '../domain/observation/settle-states.ts';
import { TargetReading } from '../domain/observation/target-reading.ts';
import type { Rig } from '../domain/rig.ts';
import type { AccountPayout, IdentityConflict, MarketplaceQuote, Snapshot, TargetFailure } from '../domain/snapshot.ts';
import type { StateChange } from '../domain/state-change.ts';
import type { MetricsSource, ObserveReport, TargetIdentity, TargetSink } from '../ports/metrics.ts';
import { inStretches } from './breather.ts';
import { FleetMemory } from './fleet-memory.ts';
import type { KnownCards } from './known-cards.ts';
import type { KnownTargets } from './known-targets.ts';
import { machinesByRig, withMarketplaceOnly } from './marketplace-rigs.ts';
import { ownRigs, withUnlisted } from './unlisted-rigs.ts';

export interface Observer {
  /** Reads the fleet once. @throws UpstreamError where the source as a whole cannot be read. */
  observe(signal: AbortSignal): Promise<Snapshot>;
  /**
   * Past observations at `fromMs`, `fromMs + stepMs` … `toMs`, in order, with this observer's memory of cards and names.
   * Only where the source keeps history.
   */
  readonly replay:
    | ((
        range: { fromMs: number; toMs: number; stepMs: number },
        each: (snapshot: Snapshot) => Promise<void> | void,
        signal: AbortSignal,
      ) => Promise<ObserveReport>)
    | null;
  /** Cards that were ever seen: to be restored before the first observation, and written after each. */
  readonly knownCards: Pick<KnownCards, 'restore' | 'takeDirty' | 'giveBack'>;
  /** Targets that were ever listed and what they are to rigs: the same. */
  readonly knownTargets: Pick<KnownTargets, 'restore' | 'takeDirty' | 'giveBack'>;
}

/** Observations of one farm; remembers which cards and names it saw, so that what disappears is missed. */
export function createObserver(options: {
  readonly source: MetricsSource;
  readonly farm: Farm;
  readonly metrics: MetricsSettings;
}): Observer {
  const { source, farm, metrics } = options;
  const families = familiesOf([...dialects, ...metrics.dialects]);
  const wanted = wantedFamilies(families);
  const memory = new FleetMemory(farm);
  const rules = {
    rigLabels: metrics.rigLabels,
    sharedHosts: new Set(metrics.sharedHosts.map((host) => host.toLowerCase())),
    rewrites: metrics.rewrites,
    remembered: memory.names,
    accounts: memory.strangers,
  };

  function* assemble(
    readings: readonly TargetReading[],
    report: Omit<ObserveReport, 'bytesRead'>,
    durationMs: number,
  ): Generator<void, Snapshot> {
    for (const reading of readings) {
      remember(reading, report.atMs);
      yield;
    }
    const listed = yield* ownRigs(yield* joinTargetsInSteps(readings, rules), farm, memory);
    const reported = yield* withMarketplaceOnly(listed.groups, readings);
    const groups = yield* withUnlisted(reported, memory, report.incomplete);
    const { machines, conflicts: machineConflicts } = yield* machinesByRig(groups, readings);
    const { joined, conflicts: cardConflicts } = yield* houseCards(groups, report.atMs);
    const rigs: Rig[] = [];
    const conflicts: IdentityConflict[] = [...machineConflicts, ...cardConflicts];
    const changes: StateChange[] = [];
    const revenues: AccountPayout[] = [];
    for (const group of groups) {
      const cards = joined.get(group.name) ?? noCards;
      const isUnseen = report.incomplete || memory.isUnseen(group);
      const seen = assembleRig(group, {
        site: placeRig(group, farm),
        machine: machines.get(group.name) ?? null,
        known: memory.cards.of(group.name),
        knownAsics: memory.asicsOf(group.name),
        joined: cards,
        isUnseen,
        isMiner,
        modelsOf,
      });
      const settled = settle(seen, group, report);
      memory.addRig(group, { seen, joined: cards, isUnseen }, settled.memory);
      rigs.push(settled.rig);
      changes.push(...settled.changes);
      revenues.push(...rigPayouts(group, report.atMs));
      conflicts.push(...group.conflicts, ...cards.conflicts.map((found) => ({ ...found, rigs: [group.name] })));
      yield;
    }
    yield* memory.forget(groups, report.atMs);
    const failed = readings.filter((reading) => reading.failure !== null);
    const rigOf = yield* rigsOfFailed(groups);
    return {
      atMs: report.atMs,
      durationMs,
      source: source.kind,
      rigs,
      targetsTotal: readings.length,
      targetsUp: readings.length - failed.length,
      failures: failed
        .map((reading) => failure(reading, rigOf.get(reading) ?? null))
        .sort((a, b) => (a.instance < b.instance ? -1 : 1)),
      marketplace: marketplaceQuotes(readings, report.atMs),
      payouts: [...payouts(readings, report.atMs), ...revenues],
      samplesRead: report.samplesRead,
      warnings: [...report.warnings, ...machineConflicts.map(({ message }) => message), ...listed.warnings],
      incomplete: report.incomplete,
      conflicts,
      changes,
    };
  }

  /** What a failing target said before stays known of it: that it speaks of machines or rigs, and of which. */
  function remember(reading: TargetReading, atMs: number): void {
    // An account that cannot ask its marketplace may print nothing: that is no word that nobody rents any more.
    if (reading.isMute && memory.speaksOfOthers(reading.key))
      reading.fail('malformed', 'it answers, but prints nothing of what it printed before');
    memory.addTarget(reading, atMs);
    if (reading.failure === null) return;
    for (const machine of memory.machinesOf(reading.key)) reading.machines.set(machine.id, silent(machine));
    reading.addFailedParts(memory.partsOf(reading.key));
  }

  function* houseCards(groups: readonly TargetGroup[], atMs: number): Generator<void, Omit<HousedCards, 'homes'>> {
    const cards: RigCards[] = [];
    for (const { name, targets } of groups) {
      cards.push({ rig: name, joined: joinCards(oncePerExporter(targets), memory.cards.of(name)) });
      yield;
    }
    const housed = yield* houseCardsInSteps(cards);
    for (const [uuid, rig] of housed.homes) {
      memory.cards.move(uuid, rig, atMs);
      yield;
    }
    return housed;
  }

  function settle(seen: Rig, { name, targets }: TargetGroup, report: Pick<ObserveReport, 'atMs' | 'incomplete'>) {
    // Of a rig that is missing from a partial answer nobody knows whether it answers.
    const isMissing = report.incomplete && targets.length === 0;
    const times = isMissing ? { ...metrics.states, downAfterMs: Number.POSITIVE_INFINITY } : metrics.states;
    return settleStates(seen, memory.settledOf(name), times, report.atMs);
  }

  function opener(readings: TargetReading[]): (target: TargetIdentity) => TargetSink {
    return (target) => {
      const reading = new TargetReading(target, families, { rigLabels: metrics.rigLabels });
      readings.push(reading);
      return reading;
    };
  }

  const { history } = source;
  return {
    knownCards: memory.cards,
    knownTargets: memory.targets,
    async observe(signal) {
      const startedMs = performance.now();
      const readings: TargetReading[] = [];
      const report = await source.observe({ families: wanted, open: opener(readings), signal });
      return inStretches(assemble(readings, report, performance.now() - startedMs));
    },
    replay:
      history === undefined
        ? null
        : async ({ fromMs, toMs, stepMs }, each, signal) => {
            let pending: { atMs: number; readings: TargetReading[] } | null = null;
            const finish = async () => {
              if (pending === null) return;
              const { atMs, readings } = pending;
              pending = null;
              const report = { atMs, samplesRead: 0, warnings: [], incomplete: false };
              await each(await inStretches(assemble(readings, report, 0)));
            };
            const report = await history.call(source, {
              families: wanted,
              fromMs,
              toMs,
              stepMs,
              signal,
              step: async (atMs) => {
                await finish();
                const readings: TargetReading[] = [];
                pending = { atMs, readings };
                return opener(readings);
              },
            });
            await finish();
            return report;
          },
  };
}

function isMiner(process: string): boolean {
  const file = process.slice(Math.max(process.lastIndexOf('/'), process.lastIndexOf('\\')) + 1).toLowerCase();
  return minerProcesses.has(file.replace(/\.exe$/, ''));
}

/** A machine whose account does not answer. */
function silent({ id, hostname, model }: KnownMachine): MachineReading {
  return {
    id,
    hostname,
    model,
    signals: {},
    usedGpus: new Map(),
    downloadBitsPerSecond: null,
    uploadBitsPerSecond: null,
  };
}

function modelsOf({ vendor, device, revision }: PciIdentity): readonly (string | null)[] | null {
  return findPciCard(vendor, device, revision)?.possibleModels ?? null;
}

const noCards: JoinedCards = { cards: [], loose: [], problems: [], conflicts: [] };

function* rigsOfFailed(groups: readonly TargetGroup[]): Generator<void, ReadonlyMap<TargetReading, string>> {
  const rigs = new Map<TargetReading, string>();
  for (const group of groups) {
    for (const target of group.targets) if (target.failure !== null) rigs.set(target, group.name);
    yield;
  }
  return rigs;
}

function failure(reading: TargetReading, rig: string | null): TargetFailure {
  const { kind, message } = reading.failure ?? { kind: 'network', message: 'it gave no answer' };
  return { instance: reading.instance, rig, kind, message };
}

function marketplaceQuotes(readings: readonly TargetReading[], atMs: number): MarketplaceQuote[] {
  const quotes = new Map<string, MarketplaceQuote>();
  for (const reading of readings) {
    for (const market of reading.market.values()) {
      if (!quotes.has(market.model)) quotes.set(market.model, marketplaceQuote(market, reading.atMs ?? atMs));
    }
  }
  return [...quotes.values()].sort((a, b) => (a.model < b.model ? -1 : 1));
}

function payouts(readings: readonly TargetReading[], atMs: number): AccountPayout[] {
  return readings
    .filter((reading) => reading.payoutUsd !== null)
    .map((reading) => ({
      platform: 'vast' as const,
      instance: reading.instance,
      paidPlusPendingUsd: reading.payoutUsd as number,
      sampledAtMs: reading.atMs ?? atMs,
    }))
    .sort((a, b) => (a.instance < b.instance ? -1 : 1));
}
