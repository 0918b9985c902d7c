import type { WorkState } from '../domain/work-state.ts';

/** Work states as people read them. */
export const stateNames = {
  down: 'down',
  rented: 'rented',
  mining: 'mining',
  busy: 'busy',
  'idle-listed': 'idle (listed)',
  'idle-unlisted': 'idle (unlisted)',
  unknown: 'unknown',
} as const satisfies Record<WorkState, string>;
