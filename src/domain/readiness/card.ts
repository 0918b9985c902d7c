import type { Tier } from './tier.ts';

export const referenceAlgorithms = ['ethash', 'etchash', 'kawpow', 'autolykos2', 'octopus', 'kheavyhash'] as const;
export type ReferenceAlgorithm = (typeof referenceAlgorithms)[number];

/** What a card of this model was seen to do on one algorithm; a reference, never a measurement of this farm. */
export interface ReferenceHashrate {
  /** H/s. */
  readonly hashrate: number;
  /** At the card. */
  readonly watts: number | null;
}

/** One card model of the reference table; `null` is unknown. */
export interface Card {
  /** As `normaliseModel` writes it, with what tells variants apart: `RTX 3080 10GB`. */
  readonly model: string;
  readonly vendor: 'NVIDIA' | 'AMD';
  readonly arch: string | null;
  /** As sold; 1 GB of it is 1 GiB. */
  readonly vramGb: number | null;
  readonly memory: string | null;
  readonly fp32Tflops: number | null;
  /** NVIDIA only. */
  readonly computeCapability: number | null;
  /** AMD only. */
  readonly gfxTarget: string | null;
  /** The card's own bus, whatever the slot. 1.1 is Gen1. */
  readonly pcieGen: number | null;
  readonly pcieLanes: number | null;
  readonly ecc: boolean | null;
  readonly tdpWatts: number | null;
  /** Highest tier that the silicon allows; null where no authority was found: then its architecture decides. */
  readonly ceiling: Tier | null;
  /** A mining SKU whose compute is cut (CMP). */
  readonly crippled: boolean;
  readonly hashrates: Readonly<Record<ReferenceAlgorithm, ReferenceHashrate | null>>;
}

/** Looks a normalised model up; `vramBytes` tells variants of one name apart. Null for a model nobody described. */
export type FindCard = (model: string, vramBytes?: number | null) => Card | null;
