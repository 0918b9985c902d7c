import { distance } from 'fastest-levenshtein';

/** Longer words are no misspelt names, and comparing them costs their length times each candidate's. */
const LONGEST_NAME = 64;

/**
 * The candidate that somebody most likely meant by `name`, whatever its case, or null where none is close: about four
 * letters in ten may differ, at least one. Of equally close ones the first.
 */
export function nearest(name: string, candidates: Iterable<string>): string | null {
  if (name === '' || name.length > LONGEST_NAME) return null;
  const wanted = name.toLowerCase();
  let bestDistance = Math.max(1, Math.round(wanted.length * 0.4)) + 1;
  let best: string | null = null;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - wanted.length) >= bestDistance) continue;
    const found = distance(wanted, candidate.toLowerCase());
    if (found >= bestDistance || found >= wanted.length) continue;
    bestDistance = found;
    best = candidate;
  }
  return best;
}
