import { Draw } from './draw.ts';

/** SIGKILL or SIGTERM, so long after a bot had started, and for how long nobody is there then. */
export interface PlannedEnd {
  readonly livedMs: number;
  readonly how: 'kill' | 'stop';
  readonly downMs: number;
}

export interface PlannedFault<Kind extends string> {
  readonly atMs: number;
  readonly kind: Kind;
  readonly durationMs: number;
}

const topics = { ends: 201, discord: 202, slack: 203 } as const;
const longestLifeMs = 10_000;
const longestDownMs = 1_500;
const faultEveryMs = 4_500;

/** One after another for as long as is wanted, a stop among three kills; the same seed is the same plan. */
export function* planEnds(seed: number): Generator<PlannedEnd, never> {
  const draw = new Draw(seed, topics.ends);
  for (;;) {
    for (const how of draw.shuffled(['kill', 'kill', 'kill', 'stop'] as const)) {
      yield { how, livedMs: draw.between(0, longestLifeMs), downMs: draw.between(0, longestDownMs) };
    }
  }
}

/** Every kind once before any comes again, each in a slot of its own; between most of them is some quiet. */
export function planFaults<Kind extends string>(
  seed: number,
  platform: 'discord' | 'slack',
  kinds: readonly Kind[],
  durationMs: number,
): readonly PlannedFault<Kind>[] {
  const draw = new Draw(seed, topics[platform]);
  const count = Math.floor(durationMs / faultEveryMs);
  const rounds = Array.from({ length: Math.ceil(count / kinds.length) }, () => draw.shuffled(kinds)).flat();
  return rounds.slice(0, count).map((kind, index) => {
    const startMs = draw.between(0, 1_000);
    return { kind, atMs: index * faultEveryMs + startMs, durationMs: draw.between(300, faultEveryMs - startMs) };
  });
}
