import type { Gpu } from './rig.ts';

/** A card that was seen in a rig, and what never changes of it: it is missed until it is retired. */
export interface KnownCard
  extends Pick<
    Gpu,
    | 'key'
    | 'index'
    | 'uuid'
    | 'bus'
    | 'model'
    | 'vramTotalBytes'
    | 'pcieWidthMax'
    | 'pcieGenerationMax'
    | 'computeCapability'
    | 'driverVersion'
    | 'cudaVersion'
    | 'vbiosVersion'
  > {
  readonly rig: string;
  /** When it was first seen in this rig, Unix ms. */
  readonly firstSeenMs: number;
  /** When it was printed last, Unix ms; saved now and then, so it may be some minutes late. */
  readonly seenMs: number;
}
