import { dialects } from '../data/dialects/index.ts';
import { minerProcesses } from '../data/miners.ts';
import type { Farm } from '../domain/farm.ts';
import type { MetricsSettings } from '../domain/metrics-settings.ts';
import { assembleRig } from '../domain/observation/assemble-rig.ts';
import { familiesOf, wantedFamilies } from '../domain/observation/families.ts';
import { joinTargetsInSteps, type TargetGroup } from '../domain/observation/join-targets.ts';
import { marketplaceQuote } from '../domain/observation/marketplace.ts';
import type { MachineReading } from '../domain/observation/marketplace-reading.ts';
import { placeRig } from '../domain/observation/place-rig.ts';
import { TargetReading } from '../domain/observation/target-reading.ts';
import type { Rig } from '../domain/rig.ts';
import type { AccountPayout, MarketplaceQuote, Snapshot, TargetFailure } from '../domain/snapshot.ts';
import type { MetricsSource, ObserveReport, TargetIdentity, TargetSink } from '../ports/metrics.ts';
import { inStretches } from './breather.ts';
import { FleetMemory } from './fleet-memory.ts';

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
}

/** Observations of one farm; remembers which cards and names it saw, so that what disappears is missed. */
export function createObserver(options: {
  readonly source: MetricsSource;
  readonly farm: Farm;
  readonly metrics: MetricsSettings;
}): Observer {
  const { source, farm, metrics } = options;
  const families = familiesOf(dialects);
  const wanted = wantedFamilies(families);
  const memory = new FleetMemory();
  const rules = {
    rigLabels: metrics.rigLabels,
    sharedHosts: new Set(metrics.sharedHosts.map((host) => host.toLowerCase())),
    rewrites: new Map(metrics.rewrites.map((rewrite) => [rewrite.instance.toLowerCase(), rewrite.rig])),
    remembered: memory.names,
    accounts: memory.accounts,
  };

  function* assemble(
    readings: readonly TargetReading[],
    report: Omit<ObserveReport, 'bytesRead'>,
    durationMs: number,
  ): Generator<void, Snapshot> {
    for (const reading of readings) rememberAccount(reading);
    const groups = yield* withMarketplaceOnly(yield* joinTargetsInSteps(readings, rules), readings);
    const { machines, homeless } = yield* machinesByRig(groups, readings);
    const rigs: Rig[] = [];
    for (const group of groups) {
      const rig = assembleRig(group, {
        site: placeRig(group, farm),
        machine: machines.get(group.name) ?? null,
        known: memory.cardsOf(group.name),
        isMiner,
      });
      memory.addRig(rig, report.atMs);
      rigs.push(rig);
      yield;
    }
    yield* memory.forget(readings, rigs, report.atMs);
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
      payouts: payouts(readings, report.atMs),
      samplesRead: report.samplesRead,
      warnings: [...report.warnings, ...homeless.map(fitsSeveralRigs)],
      incomplete: report.incomplete,
    };
  }

  function rememberAccount(reading: TargetReading): void {
    if (reading.isAccount) memory.addAccount(reading);
    if (reading.failure === null) return;
    for (const machine of memory.accounts.get(reading.instance) ?? []) {
      reading.machines.set(machine.id, silent(machine));
    }
  }

  function opener(readings: TargetReading[]): (target: TargetIdentity) => TargetSink {
    return (target) => {
      const reading = new TargetReading(target, families);
      readings.push(reading);
      return reading;
    };
  }

  const { history } = source;
  return {
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
function silent({ id, hostname, model }: MachineReading): MachineReading {
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

/** Machines of a marketplace account by the rig that they are: the host's name with or without its domain. */
function* machinesByRig(
  groups: readonly TargetGroup[],
  readings: readonly TargetReading[],
): Generator<void, { machines: ReadonlyMap<string, MachineReading>; homeless: readonly MachineReading[] }> {
  const byName = yield* uniqueAliases(groups, (group) => [group.name]);
  const byLabel = yield* uniqueAliases(groups, labelNames);
  const machines = new Map<string, MachineReading>();
  const homeless: MachineReading[] = [];
  for (const reading of readings) {
    for (const machine of reading.machines.values()) {
      const host = bareHost(machine.hostname ?? machine.id);
      const rig = byName.get(host) ?? byLabel.get(host);
      if (rig !== undefined) machines.set(rig, machine);
      else homeless.push(machine);
      yield;
    }
  }
  return { machines, homeless };
}

function fitsSeveralRigs({ id, hostname }: MachineReading): string {
  return `marketplace machine ${id} (${hostname ?? 'no hostname'}) fits several rigs and is tied to none: its rentals are not seen`;
}

/** Names that belong to one group alone: what two rigs are called ties a machine to neither. */
function* uniqueAliases(
  groups: readonly TargetGroup[],
  namesOf: (group: TargetGroup) => readonly string[],
): Generator<void, ReadonlyMap<string, string>> {
  const unique = new Map<string, string>();
  const shared = new Set<string>();
  for (const group of groups) {
    for (const alias of new Set(namesOf(group).map(bareHost))) {
      if (unique.has(alias)) shared.add(alias);
      unique.set(alias, group.name);
    }
    yield;
  }
  for (const alias of shared) unique.delete(alias);
  return unique;
}

function labelNames(group: TargetGroup): string[] {
  return group.targets.flatMap((target) => [...target.names.values()]);
}

function aliases(group: TargetGroup): string[] {
  return [group.name, ...labelNames(group)].map(bareHost);
}

function bareHost(name: string): string {
  return (/^\d+(?:\.\d+){3}$/.test(name) ? name : (name.split('.')[0] as string)).toLowerCase();
}

/** A machine that no exporter but its marketplace's knows is a rig all the same. */
function* withMarketplaceOnly(
  groups: TargetGroup[],
  readings: readonly TargetReading[],
): Generator<void, TargetGroup[]> {
  const names = new Set<string>();
  for (const group of groups) {
    for (const alias of aliases(group)) names.add(alias);
    yield;
  }
  const added: TargetGroup[] = [];
  for (const reading of readings) {
    for (const machine of reading.machines.values()) {
      yield;
      const name = machine.hostname ?? `${machine.id}`;
      if (names.has(bareHost(name))) continue;
      names.add(bareHost(name));
      added.push({
        name,
        targets: [],
        problems: ['only its marketplace reports this rig: no exporter of its own was found'],
      });
    }
  }
  return added.length === 0 ? groups : [...groups, ...added].sort((a, b) => (a.name < b.name ? -1 : 1));
}

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
