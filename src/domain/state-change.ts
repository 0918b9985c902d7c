import type { RigState } from './rig.ts';
import type { WorkState } from './work-state.ts';

/** A card or a whole rig was believed to have changed its state. */
export interface StateChange {
  readonly rig: string;
  /** The card's key; null for the rig. */
  readonly card: string | null;
  /** When it changed, Unix ms: what was seen then was believed later. */
  readonly atMs: number;
  readonly from: WorkState | RigState;
  readonly to: WorkState | RigState;
  readonly evidence: string;
}
