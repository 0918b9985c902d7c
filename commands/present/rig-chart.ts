import type { Presentation } from '../../src/chat/command.ts';
import { formatNumber } from '../../src/chat/format.ts';
import type { ChartBlock } from '../../src/chat/reply.ts';
import { stateNames } from '../../src/chat/state-names.ts';
import { workStates } from '../../src/domain/work-state.ts';
import type { RigFacts } from '../facts/rig.ts';

/** A scrape or two that failed are nothing that a bar could show. */
const SMALL_GPU_HOURS = 0.02;

/** What the cards did hour by hour; nothing where the ledger knows none of these hours. */
export function rigChart({ hours }: RigFacts, presentation: Presentation): ChartBlock[] {
  const { say } = presentation;
  const known = (hours ?? []).flatMap(({ gpuHours }) => (gpuHours === null ? [] : [gpuHours]));
  const gaps = (hours ?? []).filter(({ unobservedGpuHours }) => (unobservedGpuHours ?? 0) >= SMALL_GPU_HOURS);
  if (hours === null || known.length === 0) return [];
  const total = (state: (typeof workStates)[number]) => known.reduce((sum, of) => sum + of[state], 0);
  const states = workStates.filter((state) => total(state) > 0);
  if (states.length === 0) return [];
  const sums = states.map((state) => `${say(stateNames[state])} ${formatNumber(total(state), presentation, 1)}`);
  return [
    {
      kind: 'chart',
      title: say('GPU-hours by work state, last 24 hours'),
      alt: [
        say('GPU-hours: {sums}; {known, number} of {all, number} hours are in the ledger', {
          sums: sums.join(', '),
          known: known.length,
          all: hours.length,
        }),
        ...(gaps.length === 0 ? [] : [say('{gaps, number} of them observed in part', { gaps: gaps.length })]),
      ].join(', '),
      form: 'stacked bars',
      unit: say('GPU-hours'),
      along: { kind: 'instants', atMs: hours.map(({ startMs }) => startMs) },
      series: [
        ...states.map((state) => ({
          name: say(stateNames[state]),
          values: hours.map(({ gpuHours }) => gpuHours?.[state] ?? null),
        })),
        ...(gaps.length === 0
          ? []
          : [{ name: say('not observed'), values: hours.map(({ unobservedGpuHours }) => unobservedGpuHours) }]),
      ],
    },
  ];
}
