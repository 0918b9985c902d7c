import type { AdminNotice, ChatSender } from '../ports/chat.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { OutboxEntry, OutboxResult, OutboxStore } from '../ports/store.ts';
import { attemptFind, attemptSend, type Failed } from './outbox-attempt.ts';
import { ageMs, errorUnseen, mayStandSinceMs, postOf, timesUnseen } from './outbox-post.ts';
import { backOffMs, outboxRules } from './outbox-rules.ts';
import type { Sleep } from './time-limit.ts';

/** A message may become visible a little after its answer was lost: nobody looks earlier. */
const LOOK_AFTER_MS = 2_000;

/** An entry in state `sending` of which nobody knows whether it arrived. */
export interface Doubt {
  readonly entry: OutboxEntry;
  readonly why: string;
  readonly lookAtMs: number;
  /** That failed. */
  readonly looks: number;
}

export interface DeliveryOptions {
  readonly store: OutboxStore;
  readonly clock: Clock;
  readonly sleep: Sleep;
  readonly log: Log;
  /** Says it once for a key; is done when it cannot get lost any more. */
  readonly tellAdmins: (notice: AdminNotice) => Promise<void> | void;
  readonly random: () => number;
  readonly stopping: AbortSignal;
}

/** What happens to one entry; nothing here rejects. A doubt that is returned is still one. */
export interface Delivery {
  deliver(entry: OutboxEntry, sender: ChatSender): Promise<Doubt | null>;
  clearUp(doubt: Doubt, sender: ChatSender): Promise<Doubt | null>;
  /** Too old to be sent, from state `waiting`. */
  giveUp(entry: OutboxEntry): Promise<void>;
  /** Too old to be looked for. */
  giveUpLooking(doubt: Doubt): Promise<void>;
  doubtOf(entry: OutboxEntry, why: string): Doubt;
}

export function createDelivery(options: DeliveryOptions): Delivery {
  const { store, clock, sleep, log, tellAdmins, random, stopping } = options;

  function doubtOf(entry: OutboxEntry, why: string): Doubt {
    return { entry, why, lookAtMs: clock.now() + LOOK_AFTER_MS, looks: 0 };
  }

  /** Writes until it is written; a stop ends it, and the next start finds the entry `sending`. */
  async function write(key: string, result: OutboxResult): Promise<void> {
    for (let failures = 1; ; failures += 1) {
      try {
        await store.end(key, result);
        return;
      } catch (err) {
        log.warn({ err, key, state: result.state }, 'outbox: the store does not take what became of a post');
      }
      try {
        await sleep(backOffMs('page', failures, null, random), stopping);
      } catch {
        return;
      }
    }
  }

  /** The entry as it is on the disk now, or null where it is not ours to send. */
  async function begun(entry: OutboxEntry): Promise<OutboxEntry | null> {
    const nowMs = clock.now();
    try {
      if (!(await store.begin(entry.key, nowMs))) return null;
      return { ...entry, state: 'sending', attempts: entry.attempts + 1, sendingMs: nowMs };
    } catch (err) {
      log.warn({ err, key: entry.key }, 'outbox: the store does not answer');
      // It may have been written all the same; where it was not, this changes nothing.
      await write(entry.key, {
        state: 'waiting',
        notBeforeMs: nowMs,
        error: entry.error ?? 'the store did not answer',
      });
      return null;
    }
  }

  function waitAgain(entry: OutboxEntry, error: string, retryAfterMs: number | null = null): Promise<void> {
    const notBeforeMs = clock.now() + backOffMs(entry.priority, entry.attempts, retryAfterMs, random);
    return write(entry.key, { state: 'waiting', notBeforeMs, error });
  }

  /** The admins are told before it is written, so that a crash in between tells them again rather than never. */
  async function lose(entry: OutboxEntry, state: 'failed' | 'unsure', error: string): Promise<void> {
    const { key, platform, channel, priority } = entry;
    log.error({ key, platform, channel, priority, state, error }, 'outbox: a post is given up');
    try {
      // Admins who cannot be told cannot be told that either.
      if (channel !== 'admins') await tellAdmins(noticeOf(entry, state, error));
    } catch (err) {
      log.error({ err, key }, 'outbox: the admins could not be told');
    }
    await write(key, { state, error, atMs: clock.now() });
  }

  async function withoutLooking({ entry, why }: Doubt, whyNot: string): Promise<null> {
    const error = errorUnseen(`${why}; cannot look: ${whyNot}`, timesUnseen(entry) + 1);
    if (timesUnseen(entry) < outboxRules[entry.priority].mostRepeats) await waitAgain(entry, error);
    else await lose(entry, 'unsure', error);
    return null;
  }

  function lookLater(doubt: Doubt, failed: Failed): Doubt {
    const looks = doubt.looks + 1;
    const lookAtMs = clock.now() + backOffMs(doubt.entry.priority, looks, failed.retryAfterMs, random);
    return { ...doubt, looks, lookAtMs };
  }

  return {
    doubtOf,
    async deliver(waiting, sender) {
      const entry = await begun(waiting);
      if (entry === null) return null;
      const post = postOf(entry);
      if (post === null) {
        await lose(entry, 'failed', 'what was to be said cannot be read any more');
        return null;
      }
      const sent = await attemptSend(sender, post, entry.priority, sleep);
      switch (sent.kind) {
        case 'sent':
          await write(entry.key, { state: 'sent', receipt: JSON.stringify(sent.receipt), atMs: clock.now() });
          return null;
        case 'not sent':
          await waitAgain(entry, errorUnseen(sent.error, timesUnseen(entry)), sent.retryAfterMs);
          return null;
        case 'refused':
          await lose(entry, timesUnseen(entry) > 0 ? 'unsure' : 'failed', sent.error);
          return null;
        case 'unknown':
          log.warn({ key: entry.key, error: sent.error }, 'outbox: the answer to a post was lost');
          return doubtOf(entry, sent.error);
      }
    },
    async clearUp(doubt, sender) {
      const { entry, why } = doubt;
      const { key, channel } = entry;
      const found = await attemptFind(sender, { key, channel, sinceMs: mayStandSinceMs(entry) }, sleep);
      switch (found.kind) {
        case 'there':
          await write(key, { state: 'sent', receipt: JSON.stringify(found.receipt), atMs: clock.now() });
          return null;
        case 'not there':
          await waitAgain(entry, why);
          return null;
        case 'cannot look':
          return withoutLooking(doubt, found.why);
        default:
          return isLastLook(doubt, found) ? withoutLooking(doubt, found.error) : lookLater(doubt, found);
      }
    },
    async giveUp(waiting) {
      const entry = await begun(waiting);
      if (entry === null) return;
      const hours = ageMs(entry, clock.now()) / 3_600_000;
      const error = `not sent in ${hours.toFixed(1)} h: ${entry.error ?? 'the platform was not connected'}`;
      await lose(entry, timesUnseen(entry) > 0 ? 'unsure' : 'failed', error);
    },
    giveUpLooking: ({ entry, why }) => lose(entry, 'unsure', `${why}; nobody could look`),
  };
}

/** What is said again rather than never does not wait long for a look either. */
function isLastLook({ entry, looks }: Doubt, { retryAfterMs }: Failed): boolean {
  const { mostLooks, mostRepeats, mostBackOffMs } = outboxRules[entry.priority];
  return looks + 1 >= mostLooks || (mostRepeats > 0 && (retryAfterMs ?? 0) > mostBackOffMs);
}

function noticeOf(entry: OutboxEntry, state: 'failed' | 'unsure', error: string): AdminNotice {
  const { key, platform, channel, priority } = entry;
  const outcome =
    state === 'failed'
      ? 'was not posted and will not be tried again'
      : 'may or may not have been posted: look there, it will not be posted again';
  const said = postOf(entry)?.reply.headline;
  const quote = said === undefined ? '' : ` It says: ${said}`;
  return {
    platform,
    key: `outbox ${state} ${key}`,
    text: `A ${priority} for channel ${channel} ${outcome}. ${error}.${quote}`,
  };
}
