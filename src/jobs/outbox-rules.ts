import type { SendPriority } from '../chat/send-queue.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

const FIRST_BACK_OFF_MS = SECOND_MS;
/** However long a platform asks us to wait. */
const MOST_RETRY_AFTER_MS = HOUR_MS;

export interface OutboxRule {
  /** After this age a post helps nobody any more: it is given up, and the admins are told. */
  readonly giveUpMs: number;
  readonly mostBackOffMs: number;
  /**
   * How often it is said again, marked as a possible repeat, where nobody can look whether it stands there; then, and at once where
   * 0, the admins are asked to look.
   */
  readonly mostRepeats: number;
  /** Looks that may fail, as in an outage, before that counts as nobody can look. */
  readonly mostLooks: number;
}

/**
 * A page must arrive, some times over rather than never, and a day later somebody has seen the farm. A reply's asker has left after
 * a quarter of an hour; a digest is replaced by the next day's; what an edit would show is out of date within the hour.
 */
export const outboxRules = {
  page: { giveUpMs: 24 * HOUR_MS, mostBackOffMs: 30 * SECOND_MS, mostRepeats: 5, mostLooks: 3 },
  reply: { giveUpMs: 15 * MINUTE_MS, mostBackOffMs: 5 * MINUTE_MS, mostRepeats: 0, mostLooks: Infinity },
  digest: { giveUpMs: 24 * HOUR_MS, mostBackOffMs: 5 * MINUTE_MS, mostRepeats: 0, mostLooks: Infinity },
  edit: { giveUpMs: HOUR_MS, mostBackOffMs: 5 * MINUTE_MS, mostRepeats: 0, mostLooks: Infinity },
} as const satisfies Record<SendPriority, OutboxRule>;

/**
 * How long to wait after the given number of failures in a row: 1 s, doubled each time, at most the rule's, of that a random
 * half to whole; never less than the platform asks for. Whole ms. `random` in [0, 1).
 */
export function backOffMs(
  priority: SendPriority,
  failures: number,
  retryAfterMs: number | null,
  random: () => number,
): number {
  const doubledMs = FIRST_BACK_OFF_MS * 2 ** Math.max(0, failures - 1);
  const cappedMs = Math.min(outboxRules[priority].mostBackOffMs, doubledMs);
  const jitteredMs = cappedMs * (0.5 + random() / 2);
  return Math.ceil(Math.max(jitteredMs, Math.min(retryAfterMs ?? 0, MOST_RETRY_AFTER_MS)));
}
