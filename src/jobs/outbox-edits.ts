import type { Reply } from '../chat/reply.ts';
import type { ChatSender } from '../ports/chat.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { OutboxStore } from '../ports/store.ts';
import { attemptEdit } from './outbox-attempt.ts';
import { postOf, receiptOf } from './outbox-post.ts';
import { backOffMs } from './outbox-rules.ts';
import type { Sleep } from './time-limit.ts';

/** How long an edit is tried; a post that is on its way may arrive meanwhile. */
const EDIT_LIMIT_MS = 120_000;

/**
 * `gone`: the message was deleted or may not be edited, post anew. `not posted`: no message of that key stands anywhere, as far as
 * is known. `gave up`: the platform could not be reached; ask again.
 */
export type EditResult = 'edited' | 'gone' | 'not posted' | 'gave up';

interface Change {
  newest: Reply;
  untilMs: number;
  callers: ((result: EditResult) => void)[];
}

type Once = { readonly done: EditResult } | { readonly retryAfterMs: number | null; readonly otherwise: EditResult };

/**
 * Gives posted messages a new reply, one edit at a time per message; of those that wait only the newest is made, and all who asked
 * get its result. Edits live in memory: what was not made when the process ends must be asked for again.
 */
export function createOutboxEdits(options: {
  readonly store: OutboxStore;
  readonly senderOf: (platform: string) => ChatSender | null;
  readonly clock: Clock;
  readonly sleep: Sleep;
  readonly log: Log;
  readonly random: () => number;
  readonly stopping: AbortSignal;
}): { edit(key: string, reply: Reply): Promise<EditResult>; ended(): Promise<unknown> } {
  const { store, senderOf, clock, sleep, log, random, stopping } = options;
  const changes = new Map<string, Change>();
  const running = new Set<Promise<void>>();

  async function editOnce(key: string, reply: Reply): Promise<Once> {
    const entry = await store.entry(key);
    if (entry === null || entry.state === 'failed' || entry.state === 'unsure') return { done: 'not posted' };
    if (entry.state !== 'sent') return { retryAfterMs: null, otherwise: 'not posted' };
    const receipt = receiptOf(entry);
    const post = postOf(entry);
    if (receipt === null || post === null) return { done: 'gone' };
    const sender = senderOf(entry.platform);
    if (sender === null) return { retryAfterMs: null, otherwise: 'gave up' };
    const edited = await attemptEdit(sender, receipt, { ...post, reply }, sleep);
    if (edited.kind === 'sent') return { done: 'edited' };
    if (edited.kind === 'refused') return { done: 'gone' };
    // Saying the same twice changes nothing: an edit whose answer was lost is made again.
    return { retryAfterMs: edited.retryAfterMs, otherwise: 'gave up' };
  }

  async function attempt(key: string, reply: Reply): Promise<Once> {
    try {
      return await editOnce(key, reply);
    } catch (err) {
      log.warn({ err, key }, 'outbox: the store does not answer');
      return { retryAfterMs: null, otherwise: 'gave up' };
    }
  }

  async function work(key: string, change: Change): Promise<void> {
    for (let failures = 0; change.callers.length > 0; failures += 1) {
      const asked = change.callers;
      change.callers = [];
      const once = await attempt(key, change.newest);
      const pauseMs = 'done' in once ? 0 : backOffMs('edit', failures + 1, once.retryAfterMs, random);
      if ('done' in once || stopping.aborted || clock.now() + pauseMs > change.untilMs) {
        const result = 'done' in once ? once.done : once.otherwise;
        for (const answer of asked) answer(result);
        failures = -1;
        change.untilMs = clock.now() + EDIT_LIMIT_MS;
        continue;
      }
      change.callers = [...asked, ...change.callers];
      await sleep(pauseMs, stopping).catch(() => undefined);
    }
    changes.delete(key);
  }

  return {
    edit: (key, reply) =>
      new Promise((answer) => {
        const waiting = changes.get(key);
        if (waiting !== undefined) {
          waiting.newest = reply;
          waiting.callers.push(answer);
          return;
        }
        const change = { newest: reply, untilMs: clock.now() + EDIT_LIMIT_MS, callers: [answer] };
        changes.set(key, change);
        const done = work(key, change).finally(() => running.delete(done));
        running.add(done);
      }),
    ended: () => Promise.allSettled([...running]),
  };
}
