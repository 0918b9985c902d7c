import { z } from 'zod';
import type { Command, Presentation } from '../src/chat/command.ts';
import { gpuFacts, moneyFacts, observationFacts } from '../src/chat/fact-shapes.ts';
import {
  formatAge,
  formatBytes,
  formatHashrate,
  formatMoney,
  formatNumber,
  formatPercent,
  formatTemperature,
  formatWatts,
  unknown,
} from '../src/chat/format.ts';
import { formatCount } from '../src/chat/format-count.ts';
import { nearest } from '../src/chat/nearest.ts';
import { observationNotes } from '../src/chat/observation-notes.ts';
import type { Reply, ReplyBlock } from '../src/chat/reply.ts';
import { stateNames } from '../src/chat/state-names.ts';
import { type WorkState, workStates } from '../src/domain/work-state.ts';
import { compareFleet } from '../src/fleet/compare-fleet.ts';
import type { FleetContext } from '../src/fleet/context.ts';
import { earningsNow } from '../src/fleet/earnings-now.ts';
import { observationQuality } from '../src/fleet/observation-quality.ts';
import { bestWay, costMoney, dayMoney, ways, waysInWords } from '../src/fleet/profit-facts.ts';
import { currentSnapshot, rigsInScope } from '../src/fleet/scope.ts';

const figure = z.number().nullable();
const words = z.string().nullable();

const cardFacts = z.object({
  index: figure,
  uuid: words,
  bus: words,
  model: words,
  state: z.enum(workStates),
  /** Why this state. */
  evidence: z.string(),
  coreCelsius: figure,
  memoryCelsius: figure,
  watts: figure,
  utilisation: figure,
  vramTotalBytes: figure,
  vramUsedBytes: figure,
  pcieWidth: figure,
  pcieGeneration: figure,
  hashrate: figure,
  algorithm: words,
  processes: z.array(z.string()).nullable(),
  xids: z.array(z.number()).nullable(),
});

const facts = z.object({
  rig: z.string(),
  site: words,
  state: z.enum(['up', 'partial', 'down']),
  gpus: gpuFacts,
  cards: z.array(cardFacts),
  /** Cards that a miner prints and that could not be tied to one of `cards`. */
  looseMiners: z.array(z.object({ model: words, algorithm: words, hashrate: figure, watts: figure })),
  host: z.object({
    cpuModel: words,
    cpuThreads: figure,
    cpuCores: figure,
    ramTotalBytes: figure,
    nicBitsPerSecond: figure,
    osName: words,
    bootAt: words,
  }),
  marketplace: z
    .object({
      platform: z.string(),
      machineId: z.string(),
      listed: z.boolean().nullable(),
      verified: z.boolean().nullable(),
      rentedGpus: figure,
      defaultJobGpus: figure,
      reliability: figure,
      /** A listing, host side; no income. */
      listedPerGpuHour: moneyFacts.nullable(),
    })
    .nullable(),
  inventory: z
    .object({ rack: words, shelf: words, pdu: words, outlet: words, switch: words, consoleUrl: words })
    .nullable(),
  netNowPerDay: z.object({ value: moneyFacts.nullable(), gpus: z.number(), of: z.number() }),
  best: z.enum(ways).nullable(),
  netPerDay: z.object(
    Object.fromEntries(ways.map((way) => [way, moneyFacts.nullable()])) as Record<
      (typeof ways)[number],
      z.ZodNullable<typeof moneyFacts>
    >,
  ),
  instances: z.array(z.string()),
  failures: z.array(z.object({ instance: z.string(), message: z.string() })),
  problems: z.array(z.string()),
  sampledAt: words,
  observation: observationFacts,
});

const options = z.object({ name: z.string() });

type Facts = z.infer<typeof facts>;

/** Everything about one rig: its cards with the evidence for their state, its host, its marketplace, its best use. */
export const rig: Command<FleetContext, z.infer<typeof options>, Facts> = {
  name: 'rig',
  summary: 'Everything about one rig: cards, states and their evidence, host, best use',
  aliases: ['worker', 'machine', 'node', 'host', 'server'],
  shorthands: {},
  role: 'viewer',
  changes: false,
  options: [{ name: 'name', description: 'which rig', required: true, kind: 'rig', positional: true }],
  examples: ['rig a1', 'rig name:"a1"'],
  parse: options,
  facts,
  run,
  present,
};

async function run({ name }: z.infer<typeof options>, context: FleetContext): Promise<Facts> {
  const snapshot = currentSnapshot(context);
  const { farm } = context;
  const { rigs } = rigsInScope(snapshot, context, { rig: name }, nearest);
  const [found] = rigs;
  if (found === undefined) throw new Error('a rig in scope is missing');
  const fleet = await compareFleet(rigs, snapshot, farm, context.occupancies());
  const now = await earningsNow(rigs, snapshot, farm);
  const day = dayMoney(fleet.comparison, farm.currency);
  const inventory = farm.inventory.get(found.name);
  return {
    rig: found.name,
    site: found.site,
    state: found.state,
    gpus: { total: found.gpus.length, ...found.gpuStates },
    cards: found.gpus.map((gpu) => ({
      index: gpu.index,
      uuid: gpu.uuid,
      bus: gpu.bus,
      model: gpu.model,
      state: gpu.state,
      evidence: gpu.stateEvidence,
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
    })),
    looseMiners: found.looseMiners.map(({ model, algorithm, hashrate, powerWatts }) => ({
      model,
      algorithm,
      hashrate,
      watts: powerWatts,
    })),
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
    inventory:
      inventory === undefined
        ? null
        : {
            rack: inventory.rack,
            shelf: inventory.shelf,
            pdu: inventory.pdu,
            outlet: inventory.outlet,
            switch: inventory.switch,
            consoleUrl: inventory.consoleUrl,
          },
    netNowPerDay: costMoney(now.net, farm.currency),
    best: bestWay(fleet.comparison),
    netPerDay: { mine: day.mine.net, rent: day.rent.net, mixed: day.mixed.net, off: day.off.net },
    instances: [...found.instances],
    failures: snapshot.failures
      .filter((failure) => failure.rig === found.name)
      .map(({ instance, message }) => ({ instance, message })),
    problems: [...found.problems],
    sampledAt: instant(found.sampledAtMs),
    observation: observationQuality(snapshot, rigs, context.clock.now()),
  };
}

function marketplace(
  machine: Awaited<ReturnType<typeof rigsInScope>>['rigs'][number]['machine'],
): Facts['marketplace'] {
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

function instant(atMs: number | null): string | null {
  return atMs === null ? null : new Date(atMs).toISOString();
}

function present(answer: Facts, presentation: Presentation): Reply {
  const warnings = [...answer.failures.map(({ instance, message }) => `${instance}: ${message}`), ...answer.problems];
  return {
    headline: headline(answer, presentation),
    blocks: [
      cardTable(answer, presentation),
      stateEvidence(answer),
      about(answer, presentation),
      ...(warnings.length === 0 ? [] : [{ kind: 'notes', tone: 'warning', notes: warnings } as const]),
      ...observationNotes(answer.observation, presentation),
    ],
    next: [
      { label: 'Profit', command: `profit rig:"${answer.rig}"` },
      { label: 'Readiness', command: `readiness rig:"${answer.rig}"` },
    ],
  };
}

function headline(
  { rig, site, state, gpus, netNowPerDay, best, netPerDay }: Facts,
  presentation: Presentation,
): string {
  const where = `${rig}${site === null ? '' : ` at ${site}`}`;
  if (state === 'down') return `${where} is down: none of its exporters answers.`;
  const parts = workStates
    .filter((name) => gpus[name] > 0)
    .map((name: WorkState) => `${gpus[name]} ${stateNames[name]}`);
  const now = netNowPerDay.value === null ? unknown : `${formatMoney(netNowPerDay.value, presentation)} per day est.`;
  const advice =
    best === null
      ? 'best use unknown'
      : `best use ${waysInWords[best]} (${formatMoney(netPerDay[best], presentation)} per day est.)`;
  return `${where}: ${parts.join(', ') || 'no GPU seen'}; net now ${now}; ${advice}.`;
}

function cardTable({ cards }: Facts, presentation: Presentation): ReplyBlock {
  const left = { align: 'left' } as const;
  const right = { align: 'right' } as const;
  return {
    kind: 'table',
    title: 'Cards',
    columns: [
      { title: '#', ...right },
      { title: 'Model', ...left },
      { title: 'State', ...left },
      { title: 'Power', ...right },
      { title: 'Hashrate', ...right },
      { title: 'Load', ...right },
      { title: 'Core', ...right },
      { title: 'Memory', ...right },
      { title: 'VRAM', ...right },
      { title: 'PCIe', ...right },
    ],
    rows: cards.map((card) => [
      formatNumber(card.index, presentation),
      card.model ?? unknown,
      stateNames[card.state],
      formatWatts(card.watts, presentation),
      card.hashrate === null ? '–' : formatHashrate(card.hashrate, card.algorithm, presentation),
      formatPercent(card.utilisation, presentation, 0),
      formatTemperature(card.coreCelsius, presentation),
      formatTemperature(card.memoryCelsius, presentation),
      formatBytes(card.vramTotalBytes, presentation),
      card.pcieWidth === null
        ? unknown
        : `x${card.pcieWidth}${card.pcieGeneration === null ? '' : ` gen ${card.pcieGeneration}`}`,
    ]),
    more: null,
  };
}

/** Why the cards are said to be in their states; cards alike share a line. */
function stateEvidence({ cards }: Facts): ReplyBlock {
  const lines = new Map<string, string[]>();
  for (const card of cards) {
    const why = `${stateNames[card.state]}: ${card.evidence}`;
    lines.set(why, [...(lines.get(why) ?? []), `#${card.index ?? card.bus ?? card.uuid ?? '?'}`]);
  }
  return { kind: 'notes', tone: 'plain', notes: [...lines].map(([why, who]) => `${who.join(', ')} ${why}`) };
}

function about(answer: Facts, presentation: Presentation): ReplyBlock {
  const { host, marketplace: market, inventory } = answer;
  const nic =
    host.nicBitsPerSecond === null ? unknown : `${formatNumber(host.nicBitsPerSecond / 1e6, presentation)} Mb/s`;
  const threads =
    host.cpuThreads === null ? `${unknown} threads` : `${formatNumber(host.cpuThreads, presentation)} threads`;
  const listing =
    market === null
      ? 'none seen'
      : `${market.platform} machine ${market.machineId}: ${market.listed === null ? `listing ${unknown}` : market.listed ? 'listed' : 'not listed'}` +
        `${market.listedPerGpuHour === null ? '' : ` at ${formatMoney(market.listedPerGpuHour, presentation)} per GPU-hour (host side)`}, ` +
        `${market.rentedGpus === null ? `rented GPUs ${unknown}` : `${formatCount(market.rentedGpus, 'GPU', presentation)} rented`}, reliability ${formatPercent(market.reliability, presentation)}`;
  const places = inventory === null ? [] : Object.entries(inventory).filter(([, value]) => value !== null);
  return {
    kind: 'fields',
    title: null,
    fields: [
      { name: 'CPU', value: `${host.cpuModel ?? unknown}, ${threads}` },
      { name: 'RAM', value: formatBytes(host.ramTotalBytes, presentation) },
      { name: 'Network port', value: nic },
      { name: 'OS', value: host.osName ?? unknown },
      { name: 'Up since', value: host.bootAt === null ? unknown : formatAge(Date.parse(host.bootAt), presentation) },
      { name: 'Marketplace', value: listing },
      ...places.map(([name, value]) => ({ name, value: value ?? unknown })),
    ],
  };
}
