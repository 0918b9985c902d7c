import type { AuditStore, NewOutboxEntry } from '../../src/ports/store.ts';

/** A plain post; what a test cares about it overrides. */
export function postOf(key: string, changes: Partial<NewOutboxEntry> = {}): NewOutboxEntry {
  const post = { platform: 'slack', channel: 'C1', priority: 'reply', payload: '{"text":"hi"}' } as const;
  return { key, ...post, createdMs: 1_000, notBeforeMs: 1_000, ...changes };
}

type NewAuditEntry = Parameters<AuditStore['begin']>[0];

/** A change that somebody asked for. */
export function askedFor(id: string, atMs: number, changes: Partial<NewAuditEntry> = {}): NewAuditEntry {
  const asked = { platform: 'discord', channel: 'C1', userId: 'U1', userName: 'Ann', command: 'ack', text: 'ack 7' };
  return { id, atMs, ...asked, ...changes };
}
