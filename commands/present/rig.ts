import type { Presentation } from '../../src/chat/command.ts';
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
} from '../../src/chat/format.ts';
import { formatCount } from '../../src/chat/format-count.ts';
import { observationNotes } from '../../src/chat/observation-notes.ts';
import type { Reply, ReplyBlock } from '../../src/chat/reply.ts';
import { stateNames } from '../../src/chat/state-names.ts';
import { type WorkState, workStates } from '../../src/domain/work-state.ts';
import { waysInWords } from '../../src/fleet/profit-facts.ts';
import type { RigFacts } from '../facts/rig.ts';
import { left, notes, right } from './blocks.ts';

export function presentRig(answer: RigFacts, presentation: Presentation): Reply {
  const warnings = [...answer.failures.map(({ instance, message }) => `${instance}: ${message}`), ...answer.problems];
  return {
    headline: headline(answer, presentation),
    blocks: [
      cardTable(answer, presentation),
      stateEvidence(answer),
      about(answer, presentation),
      ...notes('warning', warnings),
      ...observationNotes(answer.observation, presentation),
    ],
    next: [
      { label: 'Profit', command: `profit rig:"${answer.rig}"` },
      { label: 'Readiness', command: `readiness rig:"${answer.rig}"` },
    ],
  };
}

function headline(
  { rig, site, state, gpus, netNowPerDay, best, netPerDay }: RigFacts,
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

function cardTable({ cards }: RigFacts, presentation: Presentation): ReplyBlock {
  return {
    kind: 'table',
    title: 'Cards',
    columns: [
      right('#'),
      left('Model'),
      left('State'),
      right('Power'),
      right('Hashrate'),
      right('Load'),
      right('Core'),
      right('Memory'),
      right('VRAM'),
      right('PCIe'),
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
function stateEvidence({ cards }: RigFacts): ReplyBlock {
  const lines = new Map<string, string[]>();
  for (const card of cards) {
    const why = `${stateNames[card.state]}: ${card.evidence}`;
    lines.set(why, [...(lines.get(why) ?? []), `#${card.index ?? card.bus ?? card.uuid ?? '?'}`]);
  }
  return { kind: 'notes', tone: 'plain', notes: [...lines].map(([why, who]) => `${who.join(', ')} ${why}`) };
}

function about(answer: RigFacts, presentation: Presentation): ReplyBlock {
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
