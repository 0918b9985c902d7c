import { chance, choice } from '../../adapters/simulator/random.ts';

export type Disturbance =
  /** SIGKILL at any moment. */
  | { readonly kind: 'kill' }
  /** SIGKILL so long after the beginning of a commit, of one with rows or of any. */
  | { readonly kind: 'kill in commit'; readonly delayMs: number; readonly withRows: boolean }
  /** SIGKILL, and the next start finds no exporter. */
  | { readonly kind: 'kill and start blind'; readonly blindMs: number }
  | { readonly kind: 'stop' }
  | { readonly kind: 'suspend exporters'; readonly durationMs: number }
  | { readonly kind: 'restart exporters'; readonly durationMs: number };

/** Real time from the beginning. */
export interface Planned {
  readonly atMs: number;
  readonly disturbance: Disturbance;
}

const draws = { order: 101, moment: 102, detail: 103 } as const;
/** Most commits take less. */
const longestCommitMs = 4;
const longestFlapMs = 800;

/** The same seed is the same plan: kills spread over the time, stops and flapping exporters between them. */
export function planDisturbances(seed: number, kills: number, durationMs: number): readonly Planned[] {
  const inCommit = Math.ceil(kills * 0.4);
  const blind = Math.ceil(kills * 0.1);
  const detail = (index: number) => chance(seed, draws.detail, index);
  const flap = (index: number) => 100 + detail(index) * (longestFlapMs - 100);
  const make: ((index: number) => Disturbance)[] = [
    ...times(kills - inCommit - blind, (): Disturbance => ({ kind: 'kill' })),
    ...times(
      inCommit,
      (index): Disturbance => ({
        kind: 'kill in commit',
        delayMs: Math.floor(detail(index) * longestCommitMs),
        withRows: index % 2 === 0,
      }),
    ),
    ...times(blind, (index): Disturbance => ({ kind: 'kill and start blind', blindMs: flap(index) })),
    ...times(Math.ceil(kills / 7), (): Disturbance => ({ kind: 'stop' })),
    ...times(Math.ceil(kills / 7), (index): Disturbance => ({ kind: 'suspend exporters', durationMs: flap(index) })),
    ...times(Math.ceil(kills / 10), (index): Disturbance => ({ kind: 'restart exporters', durationMs: flap(index) })),
  ];
  const shuffled = shuffle(make, seed);
  const slotMs = durationMs / shuffled.length;
  return shuffled.map((disturbance, index) => ({
    atMs: (index + chance(seed, draws.moment, index)) * slotMs,
    disturbance: disturbance(index),
  }));
}

function times(count: number, make: (index: number) => Disturbance): ((index: number) => Disturbance)[] {
  return Array.from({ length: count }, () => make);
}

function shuffle<T>(items: readonly T[], seed: number): T[] {
  const shuffled = [...items];
  for (let last = shuffled.length - 1; last > 0; last--) {
    const other = choice(last + 1, seed, draws.order, last);
    [shuffled[last], shuffled[other]] = [shuffled[other] as T, shuffled[last] as T];
  }
  return shuffled;
}
