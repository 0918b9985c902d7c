import type { SiteSettings } from '../farm.ts';
import { BYTES_PER_GIB } from '../quantities.ts';
import type { Gpu, Rig } from '../rig.ts';
import type { Card, FindCard } from './card.ts';

/** One card of a rig beside its row of the card table. */
export interface SubjectGpu {
  readonly gpu: Gpu;
  /** Null where its model is unknown or not in the table. */
  readonly card: Card | null;
  /** Measured, else as its model is sold; null where neither is known. */
  readonly vramBytes: number | null;
  readonly vramBasis: 'measured' | 'reference';
}

/** Where a rig stands: its site's settings, and how many rigs share the site's line. */
export interface Place {
  readonly site: SiteSettings | null;
  readonly rigsAtSite: number;
}

/** A rig prepared for judgement, once for all tiers. */
export interface Subject {
  readonly rig: Rig;
  readonly place: Place;
  readonly gpus: readonly SubjectGpu[];
  /** VRAM of the cards whose VRAM is known: the least that the rig has. */
  readonly knownVramBytes: number;
  /** Whether the sum above is all of it. */
  readonly vramComplete: boolean;
  readonly vramBasis: 'measured' | 'reference';
}

export function subjectOf(rig: Rig, place: Place, findCard: FindCard): Subject {
  const gpus = rig.gpus.map((gpu) => subjectGpu(gpu, findCard));
  return {
    rig,
    place,
    gpus,
    knownVramBytes: gpus.reduce((sum, { vramBytes }) => sum + (vramBytes ?? 0), 0),
    vramComplete: gpus.every(({ vramBytes }) => vramBytes !== null),
    vramBasis: gpus.some(({ vramBasis }) => vramBasis === 'reference') ? 'reference' : 'measured',
  };
}

function subjectGpu(gpu: Gpu, findCard: FindCard): SubjectGpu {
  const card = gpu.model === null ? null : findCard(gpu.model, gpu.vramTotalBytes);
  if (gpu.vramTotalBytes !== null) return { gpu, card, vramBytes: gpu.vramTotalBytes, vramBasis: 'measured' };
  const vramGb = card?.vramGb ?? null;
  return { gpu, card, vramBytes: vramGb === null ? null : vramGb * BYTES_PER_GIB, vramBasis: 'reference' };
}
