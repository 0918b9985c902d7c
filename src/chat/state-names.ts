import type { WorkState } from '../domain/work-state.ts';

/** Work states as people read them; to be said. */
export const stateNames = {
  down: 'down',
  rented: 'rented',
  mining: 'mining',
  busy: 'busy',
  'idle-listed': 'idle (listed)',
  'idle-unlisted': 'idle (unlisted)',
  unknown: 'unknown',
} as const satisfies Record<WorkState, string>;

/** So many GPUs in a state; to be said with `count`. */
export const stateCounts = {
  down: '{count, number} down',
  rented: '{count, number} rented',
  mining: '{count, number} mining',
  busy: '{count, number} busy',
  'idle-listed': '{count, number} idle (listed)',
  'idle-unlisted': '{count, number} idle (unlisted)',
  unknown: '{count, number} unknown',
} as const satisfies Record<WorkState, string>;
