import { describe, expect, it } from 'vitest';
import { audit } from '../../commands/audit.ts';
import type { AuditEntry } from '../../src/ports/store.ts';
import { answer } from '../support/answers.ts';
import { farmOf } from '../support/farms.ts';
import { memoryAudit } from '../support/memory-audit.ts';
import { contextOf } from '../support/snapshots.ts';

const noonMs = Date.UTC(2026, 10, 22, 12);

async function contextWith(...entries: readonly Partial<AuditEntry>[]) {
  const trail = memoryAudit();
  for (const [index, { result = 'done', detail = 'something odd', ...known }] of entries.entries()) {
    const entry = {
      id: `change-${index}`,
      atMs: noonMs + index * 60_000,
      platform: 'discord',
      channel: '42',
      userId: '7',
      userName: 'Ada',
      command: 'restart',
      text: 'restart rig:a1',
      ...known,
    };
    await trail.begin(entry);
    if (result !== null) await trail.end(entry.id, result, detail ?? '');
  }
  return contextOf(null, farmOf({ timezone: 'America/Toronto' }), { audit: trail });
}

describe('who changed what', () => {
  it('is for admins, and shown to the asker alone', () => {
    expect(audit).toMatchObject({ role: 'admin', visibility: 'asker', changes: false });
  });

  it('is said when nobody changed anything', async () => {
    const { reply } = await answer(audit, {}, await contextWith());
    expect(reply.headline).toBe('Nothing was changed.');
  });

  it('is listed with who, where, what and its result, the newest first', async () => {
    const context = await contextWith(
      {},
      { result: 'denied', detail: 'restart is for the role operator, and you have the role viewer.', userName: 'Bob' },
      { result: 'failed', platform: 'slack', channel: 'C1' },
    );
    const { reply, facts } = await answer(audit, {}, context);
    expect(reply.headline).toBe('3 changes, the newest first.');
    expect(facts.changes.map(({ result, user, platform }) => [result, user.name, platform])).toEqual([
      ['failed', 'Ada', 'slack'],
      ['denied', 'Bob', 'discord'],
      ['done', 'Ada', 'discord'],
    ]);
    expect(reply.blocks[0]).toMatchObject({
      kind: 'table',
      rows: [
        [expect.stringContaining('12:02'), 'Ada (7)', 'slack C1', 'restart rig:a1', 'failed', 'something odd'],
        [expect.stringContaining('12:01'), 'Bob (7)', 'discord 42', 'restart rig:a1', 'denied', /role operator/],
        [expect.stringContaining('12:00'), 'Ada (7)', 'discord 42', 'restart rig:a1', 'done', 'something odd'],
      ].map((row) => row.map((cell) => (cell instanceof RegExp ? expect.stringMatching(cell) : cell))),
    });
  });

  it('whose result nobody knows is unknown', async () => {
    const { reply } = await answer(audit, {}, await contextWith({ result: null }));
    expect(reply.blocks[0]).toMatchObject({
      rows: [[expect.anything(), 'Ada (7)', 'discord 42', 'restart rig:a1', 'unknown', '']],
    });
  });

  it.each([
    [{ user: '8' }, 1],
    [{ command: 'silence' }, 2],
    [{ before: '2026-11-22T12:01:00Z' }, 1],
    // A day begins when it begins at the farm: 05:00 UTC.
    [{ before: '2026-11-22' }, 0],
    [{ before: '2026-11-23' }, 4],
  ])('can be narrowed to %j', async (asked, count) => {
    const context = await contextWith({}, { userId: '8' }, { command: 'silence' }, { command: 'silence' });
    expect((await answer(audit, asked, context)).facts.changes).toHaveLength(count);
  });

  it('comes in pages that keep the question', async () => {
    const context = await contextWith(...Array.from({ length: 41 }, () => ({})));
    const first = await answer(audit, { user: '7' }, context);
    expect(first.reply.headline).toBe('The last 20 changes, the newest first.');
    expect(first.reply.next).toEqual([{ label: 'Next page', command: 'audit user:7 page:2', replaces: true }]);
    const last = await answer(audit, { user: '7', page: '3' }, context);
    expect(last.facts).toMatchObject({ hasMore: false, changes: [{ at: '2026-11-22T12:00:00.000Z' }] });
    expect(last.reply.next).toEqual([{ label: 'Previous page', command: 'audit user:7 page:2', replaces: true }]);
    await expect(answer(audit, { page: '4' }, context)).rejects.toThrow('There is no page 4: the last is 3.');
  });

  it.each([
    [{ before: 'yesterday' }, /not a day/],
    [{ before: '2026-02-30' }, /not a day/],
    [{ page: '0' }, /pages begin at 1/],
    [{ page: '51' }, /at most 50 pages/],
  ])('refuses %j', (asked, message) => {
    const parsed = audit.parse.safeParse(asked);
    expect(parsed.success ? '' : parsed.error.issues[0]?.message).toMatch(message);
  });
});
