import { z } from 'zod';
import type { Command } from '../src/chat/command.ts';
import { nearest } from '../src/chat/nearest.ts';
import { UpstreamError } from '../src/domain/errors.ts';
import type { Farm, InventoryRow } from '../src/domain/farm.ts';
import type { Asic, Gpu, MarketplaceMachine, Rig } from '../src/domain/rig.ts';
import type { StateChange } from '../src/domain/state-change.ts';
import { compareFleet } from '../src/fleet/compare-fleet.ts';
import type { FleetContext } from '../src/fleet/context.ts';
import { earningsNow } from '../src/fleet/earnings-now.ts';
import { observationQuality } from '../src/fleet/observation-quality.ts';
import { bestWay, costMoney, dayMoney } from '../src/fleet/profit-facts.ts';
import { lastHoursOf } from '../src/fleet/rig-hours.ts';
import { currentSnapshot, rigsInScope } from '../src/fleet/scope.ts';
import { algorithmApart, asicState, wholeRigHashrates } from '../src/fleet/work-apart.ts';
import { hashratesOf } from './facts/asics.ts';
import { type RigFacts, rigFacts } from './facts/rig.ts';
import { presentRig } from './present/rig.ts';

const options = z.object({ name: z.string() });

/** Everything about one rig: its cards with the evidence for their state, its host, its marketplace, its best use. */
export const rig: Command<FleetContext, z.infer<typeof options>, RigFacts> = {
  name: 'rig',
  summary: 'Everything about one rig: cards, states and their evidence, host, best use',
  aliases: ['worker', 'machine', 'node', 'host', 'server'],
  shorthands: {},
  role: 'viewer',
  changes: false,
  visibility: 'channel',
  options: [{ name: 'name', description: 'which rig', required: true, kind: 'rig', positional: true }],
  examples: ['rig a1', 'rig name:"a1"'],
  parse: options,
  facts: rigFacts,
  run,
  present: presentRig,
};

async function run({ name }: z.infer<typeof options>, context: FleetContext): Promise<RigFacts> {
  const snapshot = currentSnapshot(context);
  const { farm } = context;
  const { rigs } = rigsInScope(snapshot, context, { rig: name }, nearest);
  const [found] = rigs;
  if (found === undefined) throw new Error('a rig in scope is missing');
  const fleet = await compareFleet(rigs, snapshot, farm, context.occupancies());
  const now = await earningsNow(rigs, snapshot, farm);
  const hours = await lastHoursOf(found.name, context.ledger, context.clock.now());
  const changes = await lastChangesOf(found.name, context);
  const day = dayMoney(fleet.comparison, farm.currency);
  return {
    rig: found.name,
    site: found.site,
    state: found.state,
    silentSince: instant(found.silentSinceMs),
    gpus: { total: found.gpus.length, ...found.gpuStates },
    cards: found.gpus.map(card),
    asics: found.asics.map((each) => asic(each, found, farm)),
    looseMiners: found.looseMiners.map(({ model, algorithm, hashrate, powerWatts }) => ({
      model,
      algorithm,
      hashrate,
      watts: powerWatts,
    })),
    wholeRigHashrates: hashratesOf(wholeRigHashrates(found, farm)),
    wallWatts: found.wallWatts,
    host: {
      cpuModel: found.host.cpuModel,
      cpuThreads: found.host.cpuThreads,
      cpuCores: found.host.cpuCores,
      ramTotalBytes: found.host.ramTotalBytes,
      nicBitsPerSecond: found.host.nicBitsPerSecond,
      osName: found.host.osName,
      bootAt: instant(found.host.bootAtMs),
    },
    marketplace: marketplace(found.machine),
    inventory: place(farm.inventory.get(found.name)),
    netNowPerDay: costMoney(now.net, farm.currency),
    best: bestWay(fleet.comparison),
    netPerDay: { mine: day.mine.net, rent: day.rent.net, mixed: day.mixed.net, off: day.off.net },
    hours: hours === null ? null : [...hours],
    instances: [...found.instances],
    failures: snapshot.failures
      .filter((failure) => failure.rig === found.name)
      .map(({ instance, message }) => ({ instance, message })),
    problems: [...found.problems],
    changes: changes === null ? null : changes.map((change) => changeOf(change, found)),
    sampledAt: instant(found.sampledAtMs),
    observation: observationQuality(snapshot, rigs, context),
  };
}

/** Changes that an answer lists. */
const MOST_CHANGES = 10;

/** Null where the store does not answer: the rest of the answer does not wait for it. */
async function lastChangesOf(rig: string, context: FleetContext): Promise<readonly StateChange[] | null> {
  try {
    return await context.changes(rig, MOST_CHANGES);
  } catch (error) {
    if (error instanceof UpstreamError) return null;
    throw error;
  }
}

function changeOf({ card: key, atMs, from, to, evidence }: StateChange, { gpus, asics }: Rig) {
  const gpu = gpus.find((candidate) => candidate.key === key);
  const ofAsic = asics.find((candidate) => candidate.key === key);
  const name = ofAsic !== undefined ? asicName(ofAsic) : gpu?.index == null ? key : `#${gpu.index}`;
  return { at: new Date(atMs).toISOString(), card: name, from, to, evidence };
}

function card(gpu: Gpu): RigFacts['cards'][number] {
  return {
    index: gpu.index,
    uuid: gpu.uuid,
    bus: gpu.bus,
    model: gpu.model,
    state: gpu.state,
    evidence: gpu.stateEvidence,
    since: instant(gpu.stateSinceMs),
    unsettled: unsettledOf(gpu),
    coreCelsius: gpu.coreTemperatureCelsius,
    memoryCelsius: gpu.memoryTemperatureCelsius,
    watts: gpu.powerWatts,
    utilisation: gpu.utilisationRatio,
    vramTotalBytes: gpu.vramTotalBytes,
    vramUsedBytes: gpu.vramUsedBytes,
    pcieWidth: gpu.pcieWidth,
    pcieGeneration: gpu.pcieGeneration,
    hashrate: gpu.hashrate,
    algorithm: gpu.algorithm,
    processes: gpu.processes === null ? null : [...gpu.processes],
    xids: gpu.xids?.map(({ code }) => code) ?? null,
  };
}

function asic(each: Asic, rig: Rig, farm: Farm): RigFacts['asics'][number] {
  return {
    name: asicName(each),
    model: each.model,
    state: asicState(each.state),
    evidence: each.stateEvidence,
    since: instant(each.stateSinceMs),
    unsettled: unsettledOf(each),
    hashrate: each.hashrate,
    algorithm: algorithmApart(each, rig, farm),
    coin: each.coin,
    watts: each.powerWatts,
    celsius: each.temperatureCelsius,
    sharesAccepted: each.sharesAccepted,
    sharesRejected: each.sharesRejected,
    hardwareErrors: each.hardwareErrors,
  };
}

/** `ASIC #0`: an ASIC's key is `RIG/asic#NUMBER`. */
function asicName({ key }: Pick<Asic, 'key'>): string {
  return `ASIC ${key.slice(key.lastIndexOf('#'))}`;
}

function unsettledOf({ unsettled }: Pick<Gpu, 'unsettled'>): RigFacts['cards'][number]['unsettled'] {
  if (unsettled === null) return null;
  return { seen: unsettled.seen, since: new Date(unsettled.sinceMs).toISOString() };
}

function marketplace(machine: MarketplaceMachine | null): RigFacts['marketplace'] {
  if (machine === null) return null;
  const { platform, machineId, listed, verified, rentedGpus, defaultJobGpus, reliability } = machine;
  const price = machine.listedUsdPerGpuHour;
  return {
    platform,
    machineId,
    listed,
    verified,
    rentedGpus,
    defaultJobGpus,
    reliability,
    listedPerGpuHour: price === null ? null : { amount: price, currency: 'USD' },
  };
}

function place(row: InventoryRow | undefined): RigFacts['inventory'] {
  if (row === undefined) return null;
  const { rack, shelf, pdu, outlet, switch: networkSwitch, consoleUrl } = row;
  return { rack, shelf, pdu, outlet, switch: networkSwitch, consoleUrl };
}

function instant(atMs: number | null): string | null {
  return atMs === null ? null : new Date(atMs).toISOString();
}
