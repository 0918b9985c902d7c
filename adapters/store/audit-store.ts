import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { AuditEntry, AuditQuery, AuditStore } from '../../src/ports/store.ts';
import type { Calls } from './calls.ts';
import type { Connections } from './database.ts';
import { InvalidRowError, mustBeTime, readAs, storable } from './row-validity.ts';
import type { AuditTable, Tables } from './tables.ts';
import { createTransactions } from './transactions.ts';

const auditEntry = z.strictObject({
  id: z.string(),
  atMs: z.int(),
  platform: z.string(),
  channel: z.string(),
  userId: z.string(),
  userName: z.string(),
  command: z.string(),
  text: z.string(),
  result: z.enum(['done', 'denied', 'failed']).nullable(),
  detail: z.string().nullable(),
}) satisfies z.ZodType<AuditEntry>;

/** What stands there is never changed: an entry is begun once and gets its result once; anything else is refused. */
export function createAuditStore(connections: Connections, calls: Calls): AuditStore {
  const { read, write } = createTransactions(connections, calls);
  return {
    begin: (entry) =>
      write('write the audit', async (db) => {
        await db.insertInto('audit').values(toAuditColumns(entry)).execute();
      }),

    end: (id, result, detail) =>
      write('write the audit', async (db) => {
        const { numUpdatedRows } = await db
          .updateTable('audit')
          .set({ result, detail: storable(detail) })
          .where('id', '=', id)
          .where('result', 'is', null)
          .executeTakeFirst();
        if (numUpdatedRows === 0n) throw new InvalidRowError(`no audit entry ${id} waits for its result`);
      }),

    list: (query) =>
      read('read the audit', async (db) => {
        const rows = await entriesOf(db, query).execute();
        return rows.map(fromAuditColumns);
      }),
  };
}

function entriesOf(db: Kysely<Tables>, { limit, beforeMs, userId, command }: AuditQuery) {
  let query = db.selectFrom('audit').selectAll();
  if (beforeMs !== undefined) query = query.where('at_ms', '<', beforeMs);
  if (userId !== undefined) query = query.where('user_id', '=', userId);
  if (command !== undefined) query = query.where('command', '=', command);
  return query.orderBy('at_ms', 'desc').orderBy('id', 'desc').limit(limit);
}

/** @throws InvalidRowError */
function toAuditColumns(entry: Parameters<AuditStore['begin']>[0]): AuditTable {
  mustBeTime(entry.atMs);
  return {
    id: entry.id,
    at_ms: entry.atMs,
    platform: entry.platform,
    channel: entry.channel,
    user_id: entry.userId,
    user_name: storable(entry.userName),
    command: entry.command,
    text: storable(entry.text),
    result: null,
    detail: null,
  };
}

/** @throws UpstreamError naming the entry where the database holds something that is none. */
function fromAuditColumns(columns: AuditTable): AuditEntry {
  return readAs(auditEntry, `table audit, id ${columns.id}`, {
    id: columns.id,
    atMs: columns.at_ms,
    platform: columns.platform,
    channel: columns.channel,
    userId: columns.user_id,
    userName: columns.user_name,
    command: columns.command,
    text: columns.text,
    result: columns.result,
    detail: columns.detail,
  });
}
