/**
 * A number in [0, 1) that depends on nothing but its arguments, so that any instant of the farm can be computed without
 * computing the instants before it.
 */
export function chance(seed: number, ...path: readonly number[]): number {
  return mix(seed, path) / 2 ** 32;
}

/** The same for a whole number in [0, count). */
export function choice(count: number, seed: number, ...path: readonly number[]): number {
  return Math.floor((mix(seed, path) / 2 ** 32) * count);
}

/** A random-looking UUID, lower case with dashes. */
export function uuid(seed: number, ...path: readonly number[]): string {
  const hex = [0, 1, 2, 3]
    .map((word) =>
      mix(seed, [...path, word])
        .toString(16)
        .padStart(8, '0'),
    )
    .join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** What a number is drawn for; keeps draws apart that share a rig and a slot. */
export const topics = {
  rented: 1,
  workload: 2,
  powerNoise: 3,
  hashrateNoise: 4,
  cardQuality: 5,
  temperature: 6,
  identity: 7,
  host: 8,
  market: 9,
  troubles: 10,
  line: 11,
} as const;

/** Avalanche of MurmurHash3 over the path. */
function mix(seed: number, path: readonly number[]): number {
  let hash = seed ^ 0x9e3779b9;
  for (const part of path) {
    hash = Math.imul(hash ^ part, 0x85ebca6b);
    hash ^= hash >>> 13;
    hash = Math.imul(hash, 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return hash >>> 0;
}
