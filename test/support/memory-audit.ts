import type { AuditEntry, AuditStore } from '../../src/ports/store.ts';

/** An audit that lives as long as the test. */
export function memoryAudit(): AuditStore {
  const entries = new Map<string, AuditEntry>();
  return {
    begin: async (entry) => {
      if (entries.has(entry.id)) throw new Error(`there is an audit entry ${entry.id} already`);
      entries.set(entry.id, { ...entry, result: null, detail: null });
    },
    end: async (id, result, detail) => {
      const entry = entries.get(id);
      if (entry?.result !== null) throw new Error(`no audit entry ${id} waits for its result`);
      entries.set(id, { ...entry, result, detail });
    },
    list: async ({ limit, beforeMs = Number.POSITIVE_INFINITY, userId, command }) =>
      [...entries.values()]
        .filter(({ atMs }) => atMs < beforeMs)
        .filter((entry) => (userId ?? entry.userId) === entry.userId)
        .filter((entry) => (command ?? entry.command) === entry.command)
        .toSorted((a, b) => b.atMs - a.atMs || (a.id < b.id ? 1 : -1))
        .slice(0, limit),
  };
}
