import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openStore } from '../../adapters/store/open-store.ts';
import type { Store } from '../../src/ports/store.ts';
import { startChildServer } from './child-server.ts';
import { pathOf } from './killed-posts.ts';
import { temporaryFolder } from './temporary-folder.ts';

const rounds = Number(process.env['KILL_ROUNDS'] ?? 6);

test('a server killed at any moment keeps every state of a post, claim and audit entry that it answered for', {
  timeout: 10_000 + rounds * 3_000,
}, async () => {
  const file = join(temporaryFolder(), 'rigshift.db');
  let steps = 0;
  for (let round = 0; round < rounds; round += 1) {
    const server = startChildServer(file, 'posts', String(round));
    await server.untilPrinted((line) => line === 'open');
    await pause((80 * (round + 1)) / rounds);
    await server.kill();
    const lines = server.lines.filter((line) => line !== 'open');
    steps += lines.length;

    const store = await openStore({ url: `sqlite:${file}`, farm: 'test', mode: 'server' });
    await holds(store, lines);
    await store.close();
  }
  expect(steps).toBeGreaterThan(rounds * 4);
});

/** What was answered for is there, and of a post at most the one step more that was under way. */
async function holds(store: Store, lines: readonly string[]): Promise<void> {
  const audited = new Map((await store.audit.list({ limit: 100_000 })).map((entry) => [entry.id, entry]));
  const reached = new Map<string, number>();
  for (const line of lines) {
    const [step, key = '', stage] = line.split(' ');
    if (step === 'reached') reached.set(key, Number(stage));
    else if (step === 'claimed') expect(await store.claims.claim(key, 9), `${key} was claimed`).toBe(false);
    else if (step === 'asked') expect(audited.get(key), `${key} was asked`).toBeDefined();
    else if (step === 'answered') expect(audited.get(key)).toMatchObject({ result: 'done', detail: key });
    else throw new Error(`the server said: ${line}`);
  }
  for (const [key, stage] of reached) {
    const path = pathOf(Number(key.split('-')[1]));
    const entry = await store.outbox.entry(key);
    expect(path.slice(stage, stage + 2), `${key} had reached step ${stage}`).toContain(entry?.state);
    expect(entry?.attempts).toBe(entry?.sendingMs === null ? 0 : 1);
  }
}
