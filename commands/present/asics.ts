import type { Presentation } from '../../src/chat/command.ts';
import { formatHashrates, formatWatts } from '../../src/chat/format.ts';
import { formatPart } from '../../src/chat/format-count.ts';
import { type AsicState, asicStates } from '../../src/fleet/work-apart.ts';
import type { AsicFacts } from '../facts/asics.ts';

/** What an ASIC does, as people read it; to be said. */
export const asicStateNames = {
  mining: 'mining',
  'idle-unlisted': 'idle',
  down: 'down',
  unknown: 'unknown',
} as const satisfies Record<AsicState, string>;

/** So many ASICs in a state; to be said with `count`. */
const asicCounts = {
  mining: '{count, plural, one {# ASIC} other {# ASICs}} mining',
  'idle-unlisted': '{count, plural, one {# ASIC} other {# ASICs}} idle',
  down: '{count, plural, one {# ASIC} other {# ASICs}} down',
  unknown: '{count, plural, one {# ASIC} other {# ASICs}} unknown',
} as const satisfies Record<AsicState, string>;

/** `3 ASICs mining`, `1 ASIC down`: a part for every state that one of them is in. */
export function asicWork(asics: Pick<AsicFacts, AsicState>, { say }: Presentation): readonly string[] {
  return asicStates.filter((state) => asics[state] > 0).map((state) => say(asicCounts[state], { count: asics[state] }));
}

/** What ASICs draw, and over how many of them that is known. */
export function asicWatts({ wall }: Pick<AsicFacts, 'wall'>, presentation: Presentation): string {
  const watts = formatWatts(wall.watts, presentation);
  if (wall.watts === null || wall.asics === wall.of) return watts;
  return `${watts} (${formatPart(wall.asics, wall.of, 'ASIC', presentation)})`;
}

/** One hashrate per algorithm, with its name in the reader's language. */
export function hashratesBy(hashrates: AsicFacts['hashrates'], presentation: Presentation): string {
  const said = hashrates.map(({ algorithm, hashrate }) => [presentation.say.sentence(algorithm), hashrate] as const);
  return formatHashrates(said, presentation);
}
