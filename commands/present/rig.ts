import type { Presentation } from '../../src/chat/command.ts';
import {
  formatAge,
  formatBytes,
  formatDuration,
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
import { stateCounts, stateNames } from '../../src/chat/state-names.ts';
import { writeLine } from '../../src/chat/write-line.ts';
import { workStates } from '../../src/domain/work-state.ts';
import type { RigFacts } from '../facts/rig.ts';
import { asicStateNames, asicWork, hashratesBy } from './asics.ts';
import { left, notes, right } from './blocks.ts';
import { rigChart } from './rig-chart.ts';
import { asicTable, countStates, wholeRigMiner } from './rig-miners.ts';
import { wayInSentence } from './ways.ts';

export function presentRig(answer: RigFacts, presentation: Presentation): Reply {
  const { say } = presentation;
  const warnings = [
    ...answer.failures.map(({ instance, message }) =>
      say('{instance}: {message}', { instance, message: say.sentence(message) }),
    ),
    ...answer.problems.map(say.sentence),
    ...(answer.asics.length + answer.wholeRigHashrates.length > 0
      ? [say('net and best use speak of GPUs: ASICs, and miners that print no cards, are not in them')]
      : []),
    ...(answer.hours === null ? [say('the ledger does not answer: what the rig did in the last day is unknown')] : []),
  ];
  return {
    headline: headline(answer, presentation),
    blocks: [
      ...cardTable(answer, presentation),
      ...asicTable(answer, presentation),
      ...wholeRigMiner(answer, presentation),
      ...rigChart(answer, presentation),
      stateEvidence(answer, presentation),
      ...lastChanges(answer, presentation),
      about(answer, presentation),
      ...notes('warning', warnings),
      ...observationNotes(answer.observation, presentation),
    ],
    next: [
      { label: say('Profit'), command: writeLine('profit', { rig: answer.rig }) },
      { label: say('Readiness'), command: writeLine('readiness', { rig: answer.rig }) },
    ],
  };
}

function headline(answer: RigFacts, presentation: Presentation): string {
  const { say } = presentation;
  const { rig, site, gpus, netNowPerDay } = answer;
  const where = site === null ? rig : say('{rig} at {site}', { rig, site });
  if (answer.state === 'down') return say('{where} is down: none of its exporters answers.', { where });
  if (answer.state === 'silent') {
    const since = answer.silentSince === null ? null : Date.parse(answer.silentSince);
    const duration = formatDuration(since === null ? null : presentation.nowMs - since, presentation);
    return say('{where} is silent: no exporter answers, for {duration}.', { where, duration });
  }
  const work = [
    ...workStates.filter((state) => gpus[state] > 0).map((state) => say(stateCounts[state], { count: gpus[state] })),
    ...asicWork(countStates(answer.asics), presentation),
    ...(answer.wholeRigHashrates.length > 0
      ? [
          say('whole rig mining, {hashrates}', {
            hashrates: hashratesBy(answer.wholeRigHashrates, presentation),
          }),
        ]
      : []),
  ];
  return say('{where}: {work}; net now {now}; {advice}.', {
    where,
    work: work.join(', ') || say('no GPU seen'),
    now: netNowPerDay.value === null ? unknown(presentation) : perDay(netNowPerDay.value, presentation),
    advice: advice(answer, presentation),
  });
}

/** Unknown is no reason against renting: what is best may change once it is known. */
function advice({ best, netPerDay }: RigFacts, presentation: Presentation): string {
  const { say } = presentation;
  if (best === null) return say('best use unknown');
  const way = say(wayInSentence, { way: best });
  const net = perDay(netPerDay[best], presentation);
  if (netPerDay.rent === null) return say('best known use {way}, {net}; GPU rental unknown', { way, net });
  return say('best use {way}, {net}', { way, net });
}

function perDay(amount: RigFacts['netPerDay']['mine'], presentation: Presentation): string {
  return presentation.say('{net} per day (est.)', { net: formatMoney(amount, presentation) });
}

/** Empty where nothing at all is seen; left out where something else than cards does the work. */
function cardTable({ cards, asics, wholeRigHashrates }: RigFacts, presentation: Presentation): readonly ReplyBlock[] {
  const { say } = presentation;
  if (cards.length === 0 && asics.length + wholeRigHashrates.length > 0) return [];
  const table: ReplyBlock = {
    kind: 'table',
    title: say('Cards'),
    columns: [
      right('#'),
      left(say('Model')),
      left(say('State')),
      right(say('Power draw')),
      right(say('Hashrate')),
      right(say('Load')),
      right(say('Core')),
      right(say('Memory')),
      right(say('VRAM')),
      right(say('PCIe')),
    ],
    rows: cards.map((card) => [
      formatNumber(card.index, presentation),
      card.model ?? unknown(presentation),
      say(stateNames[card.state]),
      formatWatts(card.watts, presentation),
      card.hashrate === null ? '–' : formatHashrate(card.hashrate, card.algorithm, presentation),
      formatPercent(card.utilisation, presentation, 0),
      formatTemperature(card.coreCelsius, presentation),
      formatTemperature(card.memoryCelsius, presentation),
      formatBytes(card.vramTotalBytes, presentation),
      link(card, presentation),
    ]),
    more: null,
  };
  return [table];
}

function link({ pcieWidth, pcieGeneration }: RigFacts['cards'][number], presentation: Presentation): string {
  if (pcieWidth === null) return unknown(presentation);
  return `x${pcieWidth}${pcieGeneration === null ? '' : ` gen ${pcieGeneration}`}`;
}

/** Why cards and ASICs are said to be in their states, and for how long they are; cards alike share a line. */
function stateEvidence({ cards, asics }: RigFacts, presentation: Presentation): ReplyBlock {
  const { say, nowMs } = presentation;
  const lines = new Map<string, string[]>();
  const all = [
    ...cards.map((card) => ({
      ...card,
      name: `#${card.index ?? card.bus ?? card.uuid ?? '?'}`,
      says: say(stateNames[card.state]),
    })),
    ...asics.map((asic) => ({ ...asic, says: say(asicStateNames[asic.state]) })),
  ];
  for (const { name, says: state, since, evidence: why } of all) {
    const evidence = say.sentence(why);
    const line =
      since === null
        ? say('{state}: {evidence}', { state, evidence })
        : say('{state} for {duration}: {evidence}', {
            state,
            duration: formatDuration(nowMs - Date.parse(since), presentation),
            evidence,
          });
    lines.set(line, [...(lines.get(line) ?? []), name]);
  }
  return { kind: 'notes', tone: 'plain', notes: [...lines].map(([why, who]) => `${who.join(', ')} ${why}`) };
}

function lastChanges({ changes, rig }: RigFacts, presentation: Presentation): readonly ReplyBlock[] {
  const { say } = presentation;
  if (changes === null || changes.length === 0) return [];
  return [
    {
      kind: 'table',
      title: say('Last changes'),
      columns: [left(say('When')), left(say('What')), left(say('From')), left(say('To')), left(say('Why'))],
      rows: changes.map(({ at, card, from, to, evidence }) => [
        formatAge(Date.parse(at), presentation),
        card ?? rig,
        say(changeNames[from]),
        say(changeNames[to]),
        say.sentence(evidence),
      ]),
      more: null,
    },
  ];
}

/** States of cards and of whole rigs. */
const changeNames = { ...stateNames, up: 'up', partial: 'partial', silent: 'silent' } as const;

function about({ host, marketplace, inventory, wallWatts }: RigFacts, presentation: Presentation): ReplyBlock {
  const { say } = presentation;
  const nothing = unknown(presentation);
  const nic =
    host.nicBitsPerSecond === null
      ? nothing
      : say('{speed} Mb/s', { speed: formatNumber(host.nicBitsPerSecond / 1e6, presentation) });
  const cpu = host.cpuModel ?? nothing;
  const processor =
    host.cpuThreads === null
      ? say('{cpu}, unknown threads', { cpu })
      : say('{cpu}, {threads, number} threads', { cpu, threads: host.cpuThreads });
  return {
    kind: 'fields',
    title: null,
    fields: [
      { name: say('CPU'), value: processor },
      { name: say('RAM'), value: formatBytes(host.ramTotalBytes, presentation) },
      { name: say('Network port'), value: nic },
      { name: say('OS'), value: host.osName ?? nothing },
      { name: say('Up since'), value: formatAge(host.bootAt === null ? null : Date.parse(host.bootAt), presentation) },
      ...(wallWatts === null
        ? []
        : [{ name: say('At the wall, measured'), value: formatWatts(wallWatts, presentation) }]),
      { name: say('Marketplace'), value: listing(marketplace, presentation) },
      ...places(inventory, presentation),
    ],
  };
}

function listing(market: RigFacts['marketplace'], presentation: Presentation): string {
  const { say } = presentation;
  if (market === null) return say('none seen');
  const { listed, listedPerGpuHour, rentedGpus } = market;
  const state = listed === null ? say('listing unknown') : listed ? say('listed') : say('not listed');
  const parts = [
    listedPerGpuHour === null
      ? state
      : say('{listing} at {price} per GPU-hour (host side)', {
          listing: state,
          price: formatMoney(listedPerGpuHour, presentation),
        }),
    rentedGpus === null
      ? say('rented GPUs unknown')
      : say('{gpus} rented', { gpus: formatCount(rentedGpus, 'GPU', presentation) }),
    say('reliability {reliability}', { reliability: formatPercent(market.reliability, presentation) }),
  ];
  return say('{platform} machine {machine}: {facts}', {
    platform: market.platform,
    machine: market.machineId,
    facts: parts.join(', '),
  });
}

const placeNames = {
  rack: 'rack',
  shelf: 'shelf',
  pdu: 'pdu',
  outlet: 'outlet',
  switch: 'switch',
  consoleUrl: 'consoleUrl',
} as const satisfies Record<keyof NonNullable<RigFacts['inventory']>, string>;

/** What the inventory says of where the rig is; keys as the inventory's columns are called. */
function places(inventory: RigFacts['inventory'], { say }: Presentation): readonly { name: string; value: string }[] {
  if (inventory === null) return [];
  return (Object.keys(placeNames) as (keyof typeof placeNames)[]).flatMap((key) => {
    const value = inventory[key];
    return value === null ? [] : [{ name: say(placeNames[key]), value }];
  });
}
