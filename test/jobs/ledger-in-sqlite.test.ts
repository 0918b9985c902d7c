import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore } from '../../adapters/store/open-store.ts';
import { createLedgerJob } from '../../src/jobs/ledger.ts';
import { FakeTime } from '../support/fake-time.ts';
import { memoryAggregates } from '../support/memory-aggregates.ts';
import { northCard, northFarm } from '../support/north-farm.ts';
import { recordingLog } from '../support/recording-log.ts';
import { rigOf } from '../support/rigs.ts';
import { snapshotOf } from '../support/snapshots.ts';

const STEP = 15_000;
const HOUR = 3_600_000;
const start = Date.UTC(2026, 10, 21, 10);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rigshift-ledger-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('a ledger on disk goes on where the last process saved it, to the second', async () => {
  const url = `sqlite:${join(folder, 'ledger.db')}`;
  const time = new FakeTime(start);
  /** One life of the process: snapshots after `fromMs` up to `toMs`; its end saves nothing. */
  const live = async (fromMs: number, toMs: number) => {
    const store = await openStore({ url, farm: 'north', mode: 'server' });
    const job = createLedgerJob({
      replay: null,
      ledger: store.ledger,
      aggregates: memoryAggregates(),
      states: { miningGapMs: 0, downAfterMs: 0 },
      backfillDays: 0,
      farm: northFarm(),
      clock: time,
      log: recordingLog(),
      intervalMs: STEP,
    });
    await job.start();
    for (let atMs = fromMs + STEP; atMs <= toMs; atMs += STEP) {
      time.jump(atMs);
      await job.accept(snapshotOf([rigOf([northCard({ energyJoules: atMs - start })])], { atMs }));
      // Waits for the save that this snapshot may have begun.
      await job.tick();
    }
    const rows = await store.ledger.rows({ fromMs: 0, toMs: start + 10 * HOUR });
    await store.close();
    return rows;
  };
  // Saves fall on full minutes of the feed: lives that end there lose nothing, others up to three steps.
  await live(start - STEP, start + 1_200_000);
  await live(start + 1_200_000, start + 2_430_000);
  const rows = await live(start + 2_430_000, start + HOUR);
  expect(rows).toHaveLength(1);
  expect(rows[0]?.observedSeconds).toBeCloseTo(3600, 6);
  expect(rows[0]?.cardJoules).toBeCloseTo(3_600_000, 3);
  expect(rows[0]?.mined[0]?.revenue?.currency).toBe('USD');
});
