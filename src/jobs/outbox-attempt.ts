import type { SendPriority } from '../chat/send-queue.ts';
import { type ChatSender, type Found, type Post, type Receipt, SendFailure } from '../ports/chat.ts';
import type { Sleep } from './time-limit.ts';

/** Of one call of a sender; adapters give up earlier, so that this catches one that hangs. */
const ATTEMPT_LIMIT_MS = 30_000;

export interface Failed {
  readonly kind: SendFailure['kind'];
  readonly error: string;
  readonly retryAfterMs: number | null;
}

export type Sent = { readonly kind: 'sent'; readonly receipt: Receipt } | Failed;

/** Never throws. What hangs, and what fails with anything but SendFailure, is `unknown`. */
export function attemptSend(sender: ChatSender, post: Post, priority: SendPriority, sleep: Sleep): Promise<Sent> {
  return settled(sleep, async () => ({ kind: 'sent', receipt: await sender.send(post, priority) }));
}

export function attemptEdit(sender: ChatSender, receipt: Receipt, post: Post, sleep: Sleep): Promise<Sent> {
  return settled(sleep, async () => ({ kind: 'sent', receipt: await sender.edit(receipt, post) }));
}

/** `refused` becomes `cannot look`; the other failures may be different next time. */
export async function attemptFind(
  sender: ChatSender,
  sought: Parameters<ChatSender['find']>[0],
  sleep: Sleep,
): Promise<Found | Failed> {
  const found = await settled(sleep, () => sender.find(sought));
  return found.kind === 'refused' ? { kind: 'cannot look', why: found.error } : found;
}

async function settled<T>(sleep: Sleep, call: () => Promise<T>): Promise<T | Failed> {
  const done = new AbortController();
  const limit = sleep(ATTEMPT_LIMIT_MS, done.signal).then(() => {
    throw new SendFailure('unknown', `no answer within ${ATTEMPT_LIMIT_MS / 1000} s`);
  });
  try {
    return await Promise.race([Promise.try(call), limit]);
  } catch (error) {
    if (error instanceof SendFailure) {
      return { kind: error.kind, error: error.message, retryAfterMs: error.retryAfterMs };
    }
    return { kind: 'unknown', error: error instanceof Error ? error.message : String(error), retryAfterMs: null };
  } finally {
    done.abort();
    limit.catch(() => undefined);
  }
}
