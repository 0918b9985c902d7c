import type { SendPriority } from '../../src/chat/send-queue.ts';
import type { NewOutboxEntry, OutboxEntry, OutboxResult, OutboxStore } from '../../src/ports/store.ts';

const rankOf = { page: 0, reply: 1, digest: 2, edit: 3 } as const satisfies Record<SendPriority, number>;

/** An outbox that lives as long as the test; it keeps the contract of the real ones. */
export function memoryOutbox(): OutboxStore {
  const entries = new Map<string, OutboxEntry>();

  const inOrder = (compare: (a: OutboxEntry, b: OutboxEntry) => number) => [...entries.values()].toSorted(compare);
  const waiting = () => inOrder(byPriority).filter(({ state }) => state === 'waiting');

  return {
    add: async (entry) => {
      mustBeValid(entry);
      if (entries.has(entry.key)) return false;
      entries.set(entry.key, newEntry(entry));
      return true;
    },
    due: async (nowMs, limit) =>
      waiting()
        .filter(({ notBeforeMs }) => notBeforeMs <= nowMs)
        .slice(0, limit),
    nextDueMs: async () => {
      const times = waiting().map(({ notBeforeMs }) => notBeforeMs);
      return times.length === 0 ? null : Math.min(...times);
    },
    begin: async (key, nowMs) => {
      const entry = entries.get(key);
      if (entry?.state !== 'waiting') return false;
      entries.set(key, { ...entry, state: 'sending', attempts: entry.attempts + 1, sendingMs: nowMs });
      return true;
    },
    end: async (key, result) => {
      const entry = entries.get(key);
      if (entry?.state !== 'sending') return false;
      entries.set(key, { ...entry, ...changesOf(result) });
      return true;
    },
    entry: async (key) => entries.get(key) ?? null,
    inState: async (state, limit) =>
      inOrder(byCreation)
        .filter((entry) => entry.state === state)
        .slice(0, limit),
    forget: async (endedBeforeMs, limit) => {
      const old = inOrder((a, b) => (a.endedMs ?? 0) - (b.endedMs ?? 0))
        .filter(({ endedMs }) => endedMs !== null && endedMs < endedBeforeMs)
        .slice(0, limit);
      for (const { key } of old) entries.delete(key);
      return old.length;
    },
  };
}

/** Field by field: an entry that is added may carry more than the outbox keeps. */
function newEntry(entry: NewOutboxEntry): OutboxEntry {
  const { key, platform, channel, priority, payload, createdMs, notBeforeMs } = entry;
  return {
    ...{ key, platform, channel, priority, payload, createdMs, notBeforeMs },
    ...{ state: 'waiting', attempts: 0, sendingMs: null, endedMs: null, receipt: null, error: null },
  };
}

function changesOf(result: OutboxResult): Partial<OutboxEntry> {
  if (result.state === 'waiting') {
    return { state: 'waiting', notBeforeMs: result.notBeforeMs, error: result.error };
  }
  if (result.state === 'sent') {
    return { state: 'sent', receipt: result.receipt, error: null, endedMs: result.atMs };
  }
  return { state: result.state, error: result.error, endedMs: result.atMs };
}

function byPriority(a: OutboxEntry, b: OutboxEntry): number {
  return rankOf[a.priority] - rankOf[b.priority] || byCreation(a, b);
}

function byCreation(a: OutboxEntry, b: OutboxEntry): number {
  return a.createdMs - b.createdMs || (a.key < b.key ? -1 : 1);
}

function mustBeValid({ key, createdMs, notBeforeMs }: NewOutboxEntry): void {
  const valid = /^[a-z0-9-]{1,40}$/.test(key) && Number.isSafeInteger(createdMs) && Number.isSafeInteger(notBeforeMs);
  if (!valid) throw new Error(`invalid outbox entry ${key}`);
}
