/** Tiers that have requirements, in ascending order; each includes the ones before it. */
export const gateTiers = ['T1', 'T2', 'T3', 'T4'] as const;
export type GateTier = (typeof gateTiers)[number];

/** `T0`: not convertible, some gate of T1 fails for certain. */
export type Tier = 'T0' | GateTier;

/** `none`: nothing is proven yet. */
export type ProvenTier = 'none' | Tier;

export const provenTiers = ['none', 'T0', ...gateTiers] as const satisfies readonly ProvenTier[];

/** Whether `tier` is at least `floor`; `none` is below `T0`. */
export function reaches(tier: ProvenTier, floor: ProvenTier): boolean {
  return provenTiers.indexOf(tier) >= provenTiers.indexOf(floor);
}

/** The tier above, or null above the last. */
export function tierAbove(tier: Tier): GateTier | null {
  return tier === 'T0' ? 'T1' : (gateTiers[gateTiers.indexOf(tier) + 1] ?? null);
}
