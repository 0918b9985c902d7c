import type { Reply } from '../chat/reply.ts';
import type { SendPriority } from '../chat/send-queue.ts';
import type { Post, Receipt } from '../ports/chat.ts';
import type { NewOutboxEntry, OutboxEntry } from '../ports/store.ts';

/** Something to be said unasked. */
export interface NewPost {
  /** Names this post for ever: what is posted with a key that is known is the same post. At most 40 of [a-z0-9-]. */
  readonly key: string;
  readonly platform: string;
  /** The platform's id of the channel, or `admins`. */
  readonly channel: string;
  readonly priority: SendPriority;
  readonly reply: Reply;
  readonly locale: string;
  /** Unix ms; at once where it is missing. */
  readonly notBeforeMs?: number;
}

interface Payload {
  readonly reply: Reply;
  readonly locale: string;
  /** When it was first wanted, Unix ms; its age counts from then. */
  readonly wantedMs: number;
}

/** Begins the error of an entry that went out before without anybody being able to see whether it arrived. */
const mayStandPattern = /^may have been posted (\d+) times? already; /;

export function newEntry(post: NewPost, nowMs: number): NewOutboxEntry {
  const { key, platform, channel, priority, reply, locale } = post;
  const wantedMs = Math.max(nowMs, post.notBeforeMs ?? nowMs);
  const payload = JSON.stringify({ reply, locale, wantedMs } satisfies Payload);
  return { key, platform, channel, priority, payload, createdMs: nowMs, notBeforeMs: wantedMs };
}

/** What is to be posted, or null where nobody can read it any more. */
export function postOf(entry: OutboxEntry): Post | null {
  const payload = payloadOf(entry);
  if (payload === null) return null;
  const { key, channel } = entry;
  return { key, channel, reply: payload.reply, locale: payload.locale, possibleRepeat: timesUnseen(entry) > 0 };
}

/** How long it has been wanted; negative where it is for later. */
export function ageMs(entry: OutboxEntry, nowMs: number): number {
  return nowMs - (payloadOf(entry)?.wantedMs ?? entry.createdMs);
}

/** From when on the post may stand in its channel, Unix ms; with room for clocks that differ. */
export function mayStandSinceMs({
  attempts,
  sendingMs,
  createdMs,
}: Pick<OutboxEntry, 'attempts' | 'sendingMs' | 'createdMs'>): number {
  const roomMs = 120_000;
  return (attempts <= 1 ? (sendingMs ?? createdMs) : createdMs) - roomMs;
}

/** How often it went out without anybody being able to see whether it arrived; the store keeps it in the error's text. */
export function timesUnseen({ error }: Pick<OutboxEntry, 'error'>): number {
  return Number(mayStandPattern.exec(error ?? '')?.[1] ?? 0);
}

/** The error of an entry that went out unseen so often. */
export function errorUnseen(error: string, times: number): string {
  const bare = error.replace(mayStandPattern, '');
  return times === 0 ? bare : `may have been posted ${times} time${times === 1 ? '' : 's'} already; ${bare}`;
}

/** Null where there is none or nobody can read it. */
export function receiptOf({ receipt }: OutboxEntry): Receipt | null {
  const parsed = parsedJson(receipt);
  if (!isObject(parsed) || typeof parsed['channel'] !== 'string' || typeof parsed['message'] !== 'string') return null;
  return { channel: parsed['channel'], message: parsed['message'] };
}

function payloadOf({ payload }: OutboxEntry): Payload | null {
  const parsed = parsedJson(payload);
  return isPayload(parsed) ? parsed : null;
}

/** Only we write payloads: what is looked at is what another version might have written otherwise. */
function isPayload(value: unknown): value is Payload {
  return (
    isObject(value) &&
    isObject(value['reply']) &&
    typeof value['reply']['headline'] === 'string' &&
    typeof value['locale'] === 'string' &&
    typeof value['wantedMs'] === 'number'
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function parsedJson(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}
