/** What a GPU does, in the order in which evidence decides (METRICS.md section 2, rule 4). */
export const workStates = ['down', 'rented', 'mining', 'busy', 'idle-listed', 'idle-unlisted', 'unknown'] as const;

export type WorkState = (typeof workStates)[number];

/** One number for every state: GPUs at an instant, or GPU-seconds over a period. */
export type PerState = Readonly<Record<WorkState, number>>;

export function noStates(): Record<WorkState, number> {
  return { down: 0, rented: 0, mining: 0, busy: 0, 'idle-listed': 0, 'idle-unlisted': 0, unknown: 0 };
}
