import type { RateLimited } from './send-errors.ts';
import type { SendPriority } from './send-priority.ts';

/** The least gap after a channel was turned away, and where a shrinking one ends. */
const LEAST_LEARNED_GAP_MS = 250;
const MOST_LEARNED_GAP_MS = 60_000;
const SHRINK = 0.8;

/** At most so many of these priorities within any stretch of time, over all channels. */
export interface SendBudget {
  readonly priorities: readonly SendPriority[];
  readonly most: number;
  readonly perMs: number;
}

export interface Slot {
  readonly channel: string;
  readonly priority: SendPriority;
}

interface ChannelPace {
  endedMs: number;
  heldUntilMs: number;
  /** 0 while the platform never turned this channel away, or long ago. */
  learnedGapMs: number;
}

/**
 * When something may be sent. Configured: a gap per priority and channel, from the end of one to the beginning of the next, so that
 * the platform never sees them closer (0: the platform does not count these, they neither wait nor make others wait), and
 * budgets. Learned: when a channel is turned away, its gap doubles (from 250 ms to a minute) and then holds for every priority;
 * each success takes a fifth off, until it is gone. `class` and `all` are waited for, not learned.
 */
export interface SendLimits {
  /** The first instant at which this may begin, as far as is known; not before `nowMs`. */
  readyMs(slot: Slot, nowMs: number): number;
  began(slot: Slot, nowMs: number): void;
  succeeded(slot: Slot, nowMs: number): void;
  limited(slot: Slot, limit: Pick<RateLimited, 'retryAfterMs' | 'scope'>, nowMs: number): void;
  /** Neither done nor turned away. */
  failed(slot: Slot, nowMs: number): void;
  /** The gap that holds in a channel now. */
  gapMs(slot: Slot): number;
}

export function createSendLimits(options: {
  readonly gapMs: (slot: Slot) => number;
  readonly budgets: readonly SendBudget[];
}): SendLimits {
  const budgets = options.budgets.map((budget) => ({ ...budget, beganMs: [] as number[] }));
  const paces = new Map<string, ChannelPace>();
  const classHeldUntilMs = new Map<SendPriority, number>();
  let allHeldUntilMs = 0;

  const paceOf = (channel: string): ChannelPace =>
    paces.get(channel) ?? { endedMs: -Infinity, heldUntilMs: 0, learnedGapMs: 0 };
  const gapMs = (slot: Slot) => Math.max(options.gapMs(slot), paceOf(slot.channel).learnedGapMs);

  function budgetReadyMs(priority: SendPriority): number {
    const ready = budgets
      .filter(({ priorities }) => priorities.includes(priority))
      .map(({ beganMs, most, perMs }) => (beganMs.length < most ? 0 : (beganMs.at(-most) ?? 0) + perMs));
    return Math.max(0, ...ready);
  }

  function classOf(priority: SendPriority): readonly SendPriority[] {
    const shared = budgets.find(({ priorities }) => priorities.includes(priority));
    return shared?.priorities ?? [priority];
  }

  function ended(slot: Slot, nowMs: number, change: Partial<ChannelPace>): void {
    const pace = paceOf(slot.channel);
    const counts = gapMs(slot) > 0;
    paces.set(slot.channel, { ...pace, ...(counts ? { endedMs: nowMs } : {}), ...change });
  }

  /** A channel of which nothing is left to remember is forgotten. */
  function forgetCalm(nowMs: number): void {
    for (const [channel, { endedMs, heldUntilMs, learnedGapMs }] of paces) {
      if (learnedGapMs === 0 && heldUntilMs <= nowMs && endedMs + MOST_LEARNED_GAP_MS <= nowMs) paces.delete(channel);
    }
  }

  return {
    gapMs,
    readyMs(slot, nowMs) {
      const { endedMs, heldUntilMs } = paceOf(slot.channel);
      const gap = gapMs(slot);
      return Math.max(
        nowMs,
        gap > 0 ? endedMs + gap : 0,
        heldUntilMs,
        classHeldUntilMs.get(slot.priority) ?? 0,
        allHeldUntilMs,
        budgetReadyMs(slot.priority),
      );
    },
    began({ priority }, nowMs) {
      for (const budget of budgets) {
        if (!budget.priorities.includes(priority)) continue;
        budget.beganMs.push(nowMs);
        if (budget.beganMs.length > budget.most) budget.beganMs.shift();
      }
    },
    succeeded(slot, nowMs) {
      const shrunk = paceOf(slot.channel).learnedGapMs * SHRINK;
      ended(slot, nowMs, { learnedGapMs: shrunk < LEAST_LEARNED_GAP_MS ? 0 : shrunk });
      forgetCalm(nowMs);
    },
    failed(slot, nowMs) {
      ended(slot, nowMs, {});
    },
    limited(slot, { retryAfterMs, scope }, nowMs) {
      const untilMs = nowMs + retryAfterMs;
      if (scope === 'channel') {
        const learnedGapMs = Math.min(MOST_LEARNED_GAP_MS, Math.max(LEAST_LEARNED_GAP_MS, 2 * gapMs(slot)));
        ended(slot, nowMs, { heldUntilMs: untilMs, learnedGapMs });
        return;
      }
      ended(slot, nowMs, {});
      if (scope === 'all') allHeldUntilMs = Math.max(allHeldUntilMs, untilMs);
      else for (const priority of classOf(slot.priority)) classHeldUntilMs.set(priority, untilMs);
    },
  };
}
