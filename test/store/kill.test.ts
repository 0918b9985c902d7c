import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openStore } from '../../adapters/store/open-store.ts';
import { startChildServer } from './child-server.ts';
import { batchOfHour, rigsPerHour } from './killed-hours.ts';
import { firstHourMs, hourMs } from './ledger-rows.ts';
import { temporaryFolder } from './temporary-folder.ts';

const rounds = Number(process.env['KILL_ROUNDS'] ?? 20);
const seed = Number(process.env['KILL_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const allTime = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER };

test(`a server killed at any moment loses no hour and counts none twice (KILL_SEED=${seed})`, {
  timeout: 10_000 + rounds * 3_000,
}, async () => {
  const file = join(temporaryFolder(), 'rigshift.db');
  const random = randomFrom(seed);
  let hours = 0;
  let killedAtWork = 0;
  for (let round = 0; round < rounds; round += 1) {
    // It begins with an hour that is there already: after a crash the last period may be handed in again.
    const begin = Math.max(0, hours - 1);
    const server = startChildServer(file, String(begin));
    await server.untilPrinted((line) => line === 'open');
    // Every other time only when it has got on, however slow the machine is.
    const isNew = (line: string) => Number(line) >= hours;
    if (round % 2 === 0) await server.untilPrinted(isNew);
    await pause(random() * 120);
    await server.kill();

    const acknowledged = server.lines.filter((line) => line !== 'open').map(Number);
    const next = begin + acknowledged.length;
    const kept = await keptHours(file);
    expect(kept, `round ${round} lost an hour`).toBeGreaterThanOrEqual(Math.max(hours, next));
    // The hour under way when it died may be there, although nobody was told.
    expect(kept, `round ${round} has hours that nobody committed`).toBeLessThanOrEqual(Math.max(hours, next + 1));
    if (kept > hours) killedAtWork += 1;
    hours = kept;
  }
  expect(killedAtWork).toBeGreaterThan(rounds / 4);
});

/** Number of hours in the file, having seen that hours 0 to that are there whole, once, and with their open periods. */
async function keptHours(file: string): Promise<number> {
  const store = await openStore({ url: `sqlite:${file}`, farm: 'test', mode: 'server' });
  const [rows, accounts, open, days] = await Promise.all([
    store.ledger.rows(allTime),
    store.ledger.accounts(allTime),
    store.ledger.loadOpen(),
    store.aggregates.days(allTime),
  ]);
  await store.close();
  const hours = accounts.length;
  const expected = Array.from({ length: hours }, (_, hour) => batchOfHour(hour));
  expect(accounts).toEqual(expected.flatMap((batch) => batch.accounts));
  expect(rows.length).toBe(expected.flatMap((batch) => batch.rows).length);
  expect(rows.map(keyOf)).toEqual(expected.flatMap((batch) => batch.rows).map(keyOf));
  expect(open).toBe(hours === 0 ? null : `after hour ${hours - 1}`);
  // An hour is added up before it is committed, so of some rigs one more may be there, and of none one less or one twice.
  expect(hours === 0 || days.length === rigsPerHour).toBe(true);
  for (const { untilMs, host } of days) {
    const added = (untilMs - firstHourMs) / hourMs;
    expect([hours, hours + 1]).toContain(added);
    expect(host['load']).toMatchObject({ seconds: added * 3_600, increase: added, max: added - 1, last: added - 1 });
  }

  const database = new DatabaseSync(file, { readOnly: true });
  expect(database.prepare('pragma integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
  database.close();
  return hours;
}

function keyOf({ rig, startMs, cardJoules }: { rig: string; startMs: number; cardJoules: number | null }): string {
  return `${startMs} ${rig} ${cardJoules}`;
}

/** mulberry32: the same moments for the same seed. */
function randomFrom(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
