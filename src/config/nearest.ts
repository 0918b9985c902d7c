import { closest, distance } from 'fastest-levenshtein';

/** The candidate that somebody probably meant, or undefined where none is close. Case is ignored. */
export function nearestName(word: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined;
  const typed = word.toLowerCase();
  const lowered = candidates.map((candidate) => candidate.toLowerCase());
  const found = closest(typed, lowered);
  return isClose(typed, found) ? candidates[lowered.indexOf(found)] : undefined;
}

/** One slip in a short word, two (a swap of letters) from four letters on, then a third of its length. */
function isClose(typed: string, candidate: string): boolean {
  const slips = distance(typed, candidate);
  const allowed = typed.length < 4 ? 1 : Math.max(2, Math.floor(typed.length / 3));
  return slips === 0 || (slips <= allowed && slips < typed.length);
}
