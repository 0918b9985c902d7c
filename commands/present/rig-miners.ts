import type { Presentation } from '../../src/chat/command.ts';
import { formatHashrate, formatNumber, formatTemperature, formatWatts, unknown } from '../../src/chat/format.ts';
import type { ReplyBlock } from '../../src/chat/reply.ts';
import type { AsicState } from '../../src/fleet/work-apart.ts';
import type { RigFacts } from '../facts/rig.ts';
import { asicStateNames } from './asics.ts';
import { left, right } from './blocks.ts';

export function asicTable({ asics }: RigFacts, presentation: Presentation): readonly ReplyBlock[] {
  const { say } = presentation;
  if (asics.length === 0) return [];
  return [
    {
      kind: 'table',
      title: say('ASICs'),
      columns: [
        left('#'),
        left(say('Model')),
        left(say('State')),
        right(say('Hashrate')),
        left(say('Algorithm')),
        right(say('Power at the wall')),
        right(say('Temperature')),
        right(say('Shares accepted')),
        right(say('Shares rejected')),
        right(say('Hardware errors')),
      ],
      rows: asics.map((asic) => [
        asic.name,
        asic.model ?? unknown(presentation),
        say(asicStateNames[asic.state]),
        formatHashrate(asic.hashrate, asic.algorithm, presentation),
        asic.algorithm ?? asic.coin ?? unknown(presentation),
        formatWatts(asic.watts, presentation),
        formatTemperature(asic.celsius, presentation),
        formatNumber(asic.sharesAccepted, presentation),
        formatNumber(asic.sharesRejected, presentation),
        formatNumber(asic.hardwareErrors, presentation),
      ]),
      more: null,
    },
  ];
}

export function countStates(asics: RigFacts['asics']): Record<AsicState, number> {
  const counts = { mining: 0, 'idle-unlisted': 0, down: 0, unknown: 0 };
  for (const { state } of asics) counts[state] += 1;
  return counts;
}

/** What a miner prints of the whole rig, where it prints nothing of cards. */
export function wholeRigMiner({ wholeRigHashrates }: RigFacts, presentation: Presentation): readonly ReplyBlock[] {
  const { say } = presentation;
  if (wholeRigHashrates.length === 0) return [];
  return [
    {
      kind: 'table',
      title: say('Miner of the whole rig: it prints no cards'),
      columns: [left(say('Algorithm')), right(say('Hashrate'))],
      rows: wholeRigHashrates.map(({ algorithm, hashrate }) => [
        say.sentence(algorithm),
        formatHashrate(hashrate, algorithm, presentation),
      ]),
      more: null,
    },
  ];
}
