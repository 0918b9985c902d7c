import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AuditEntry, AuditQuery, AuditStore, Store } from '../../src/ports/store.ts';
import { askedFor } from '../store/posts.ts';

/** What every audit promises. `openEmpty` opens one with nothing in it. */
export function auditContract(name: string, openEmpty: () => Promise<Pick<Store, 'audit' | 'close'>>): void {
  describe(`${name} as an audit`, () => {
    let store: Pick<Store, 'audit' | 'close'>;
    let audit: AuditStore;
    beforeEach(async () => {
      store = await openEmpty();
      audit = store.audit;
    });
    afterEach(() => store.close());

    const listed = async (query: AuditQuery) => (await audit.list(query)).map(({ id }) => id);

    test('is empty when nothing was done', async () => {
      expect(await audit.list({ limit: 10 })).toEqual([]);
    });

    test('has no result of what still runs', async () => {
      await audit.begin(askedFor('a', 1));
      expect(await audit.list({ limit: 10 })).toStrictEqual([{ ...askedFor('a', 1), result: null, detail: null }]);
    });

    test.each<NonNullable<AuditEntry['result']>>(['done', 'denied', 'failed'])('notes what was %s', async (result) => {
      const entry = askedFor('a', 1, { text: `silence rig:"o'brien 北 🏔" <@U1>`, userName: 'Zoë' });
      await audit.begin(entry);
      await audit.begin(askedFor('b', 2));
      await audit.end('a', result, 'Silenced 3 rigs.');
      expect(await audit.list({ limit: 10 })).toStrictEqual([
        { ...askedFor('b', 2), result: null, detail: null },
        { ...entry, result, detail: 'Silenced 3 rigs.' },
      ]);
    });

    test('never changes what it has noted', async () => {
      await audit.begin(askedFor('a', 1));
      await expect(audit.begin(askedFor('a', 2, { text: 'other' }))).rejects.toThrow();
      await audit.end('a', 'failed', 'No such rig.');
      await expect(audit.end('a', 'done', 'All is well.')).rejects.toThrow(/no audit entry a waits/);
      expect(await audit.list({ limit: 10 })).toEqual([
        { ...askedFor('a', 1), result: 'failed', detail: 'No such rig.' },
      ]);
    });

    test('refuses the end of what never began', async () => {
      await expect(audit.end('a', 'done', '')).rejects.toThrow(/no audit entry a waits/);
      expect(await audit.list({ limit: 10 })).toEqual([]);
    });

    test('takes any text, whatever a database may hold', async () => {
      await audit.begin(askedFor('a', 1, { text: 'note \0 \ud83d end', userName: '\0' }));
      await audit.end('a', 'failed', 'no rig \0 here');
      const [entry] = await audit.list({ limit: 10 });
      expect(entry?.text).toMatch(/^note .* end$/u);
      expect(entry?.detail).toMatch(/^no rig .* here$/u);
    });

    describe('a list', () => {
      beforeEach(async () => {
        await audit.begin(askedFor('p', 20, { userId: 'U2', command: 'silence' }));
        await audit.begin(askedFor('a', 30, { command: 'silence' }));
        await audit.begin(askedFor('z', 10));
        await audit.begin(askedFor('q', 20));
      });

      test.each<[string, Omit<AuditQuery, 'limit'>, readonly string[]]>([
        ['everything, the newest first', {}, ['a', 'q', 'p', 'z']],
        ['what is before a time', { beforeMs: 20 }, ['z']],
        ['one user', { userId: 'U2' }, ['p']],
        ['one command', { command: 'silence' }, ['a', 'p']],
        ['all of them at once', { beforeMs: 30, userId: 'U1', command: 'ack' }, ['q', 'z']],
        ['nobody', { userId: 'u1' }, []],
      ])('is of %s', async (_, query, expected) => {
        expect(await listed({ ...query, limit: 10 })).toEqual(expected);
      });

      test('is no longer than it may be', async () => {
        expect(await listed({ limit: 2 })).toEqual(['a', 'q']);
        expect(await listed({ limit: 1, command: 'ack' })).toEqual(['q']);
      });
    });
  });
}
