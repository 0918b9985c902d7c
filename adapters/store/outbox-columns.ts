import { z } from 'zod';
import type { SendPriority } from '../../src/chat/send-queue.ts';
import type { NewOutboxEntry, OutboxEntry, OutboxResult } from '../../src/ports/store.ts';
import { mustBeTime, mustBeValid, readAs, storable } from './row-validity.ts';
import type { OutboxTable } from './tables.ts';

/** The column `priority`, by which the database sorts. */
const ranks = { page: 0, reply: 1, digest: 2, edit: 3 } as const satisfies Record<SendPriority, number>;

const timeMs = z.int();

const newEntry = z.object({
  key: z.string().regex(/^[a-z0-9-]{1,40}$/),
  platform: z.string(),
  channel: z.string(),
  priority: z.enum(['page', 'reply', 'digest', 'edit']),
  payload: z.string(),
  createdMs: timeMs,
  notBeforeMs: timeMs,
}) satisfies z.ZodType<NewOutboxEntry>;

const outboxEntry = newEntry.extend({
  state: z.enum(['waiting', 'sending', 'sent', 'failed', 'unsure']),
  attempts: z.int().nonnegative(),
  sendingMs: timeMs.nullable(),
  endedMs: timeMs.nullable(),
  receipt: z.string().nullable(),
  error: z.string().nullable(),
}) satisfies z.ZodType<OutboxEntry>;

/** @throws InvalidRowError */
export function toOutboxColumns(entry: NewOutboxEntry): OutboxTable {
  mustBeValid(newEntry, entry, `outbox entry ${entry.key}`);
  return {
    key: entry.key,
    platform: entry.platform,
    channel: entry.channel,
    priority: ranks[entry.priority],
    payload: entry.payload,
    created_ms: entry.createdMs,
    not_before_ms: entry.notBeforeMs,
    state: 'waiting',
    attempts: 0,
    sending_ms: null,
    ended_ms: null,
    receipt: null,
    error: null,
  };
}

/**
 * The columns that the end of an attempt changes.
 * @throws InvalidRowError
 */
export function toResultColumns(result: OutboxResult): Partial<OutboxTable> {
  const { state } = result;
  mustBeTime(state === 'waiting' ? result.notBeforeMs : result.atMs);
  if (state === 'waiting') return { state, not_before_ms: result.notBeforeMs, error: storable(result.error) };
  if (state === 'sent') return { state, ended_ms: result.atMs, receipt: storable(result.receipt), error: null };
  return { state, ended_ms: result.atMs, error: storable(result.error) };
}

/** @throws UpstreamError naming the entry where the database holds something that is none. */
export function fromOutboxColumns(columns: OutboxTable): OutboxEntry {
  return readAs(outboxEntry, `table outbox, key ${columns.key}`, {
    key: columns.key,
    platform: columns.platform,
    channel: columns.channel,
    priority: priorityOf(columns.priority),
    payload: columns.payload,
    createdMs: columns.created_ms,
    notBeforeMs: columns.not_before_ms,
    state: columns.state,
    attempts: columns.attempts,
    sendingMs: columns.sending_ms,
    endedMs: columns.ended_ms,
    receipt: columns.receipt,
    error: columns.error,
  });
}

/** A rank of nothing is handed on as it is, for the schema to refuse. */
function priorityOf(rank: number): string | number {
  return Object.entries(ranks).find(([, known]) => known === rank)?.[0] ?? rank;
}
