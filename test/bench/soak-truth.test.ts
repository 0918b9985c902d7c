import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createFarm, epochFor } from '../../adapters/simulator/farm.ts';
import { compareZoo } from '../../bench/soak/compare-zoo.ts';
import { ObservationLog } from '../../bench/soak/observation-log.ts';
import { Violations } from '../../bench/soak/violations.ts';
import { createZooTruth } from '../../bench/soak/zoo-truth.ts';
import type { LedgerRow } from '../../src/domain/ledger.ts';
import { ledgerRowOf } from '../store/ledger-rows.ts';

/** What the soak of the ledger would miss, nobody would hear of: its judge is shown every wrong once. */

const startMs = Date.parse('2026-10-31T22:00:00Z');
const hourMs = 3_600_000;
const hours = 12;
const intervalMs = 30_000;
const maxGapMs = 90_000;
const farm = createFarm({ rigs: 8, gpus: 2, seed: 5, zoo: true, epochMs: epochFor(startMs) });
const truthOf = createZooTruth(farm);

beforeEach(() => {
  const quiet = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  return () => quiet.mockRestore();
});

function logOf(atMs: readonly { readonly atMs: number; readonly up: number }[]): ObservationLog {
  const log = new ObservationLog({ intervalMs, maxGapMs, downAfterMs: 120_000, targetsAt: () => 10 });
  log.begin();
  for (const one of atMs) log.observed(one.atMs, one.up);
  log.stopped();
  return log;
}

/** One run of the bot from before the first hour to after the last. */
const watched = logOf(
  Array.from({ length: (hours + 1) * 120 }, (_, index) => ({
    atMs: startMs - hourMs / 2 + index * intervalMs,
    up: 10,
  })),
);

/** One that tells nobody whether it hashes. */
const secretive = 'qc-s9-01';

/** What a ledger would hold that knew everything that is told. */
function rowsAsTrue(): LedgerRow[] {
  const account = farm.truth(startMs);
  const units = [...account.gpus, ...(account.asics ?? []), ...(account.processors ?? [])];
  const rigs = [...new Set(units.map(({ rig }) => rig))].filter((rig) => rig !== secretive);
  return rigs.flatMap((rig) =>
    Array.from({ length: hours }, (_, hour) => {
      const atMs = startMs + hour * hourMs;
      const truth = truthOf(rig, atMs, atMs + hourMs);
      return ledgerRowOf(rig, atMs, {
        observedSeconds: 3600,
        stateSeconds: truth.gpuSeconds,
        asicSeconds: truth.asicSeconds,
        cardJoules: truth.cardJoules,
        wallJoules: truth.wallJoules,
        powerSeconds: truth.gpus * 3600,
        mined: [...truth.hashes].map(([algorithm, hashes]) => ({
          algorithm,
          coin: null,
          hashes,
          gpuSeconds: 0,
          revenue: null,
        })),
      });
    }),
  );
}

function judge(change: (row: LedgerRow) => LedgerRow): readonly string[] {
  const violations = new Violations();
  compareZoo(
    { rows: rowsAsTrue().map(change), accounts: [] },
    { farm, log: watched, intervalMs, maxGapMs },
    violations,
  );
  return violations.kinds.map(({ what }) => what);
}

const states = (row: LedgerRow, changes: (of: LedgerRow['stateSeconds']) => Partial<LedgerRow['stateSeconds']>) => ({
  ...row,
  stateSeconds: { ...row.stateSeconds, ...changes(row.stateSeconds) },
});

describe('the judge of a farm with troubles', () => {
  it('finds nothing in what really happened', () => {
    expect(judge((row) => row)).toEqual([]);
  });

  it.each<[string, (row: LedgerRow) => LedgerRow, readonly string[]]>([
    [
      'a twentieth of the energy too much',
      (row) => ({ ...row, cardJoules: (row.cardJoules ?? 0) * 1.05 }),
      ['energy at the cards of a rig is not the truth', 'all rigs together: joules at the cards'],
    ],
    [
      'rented time that was mining',
      (row) => states(row, ({ mining, rented }) => ({ mining: 0, rented: rented + mining })),
      ['mining GPU-seconds of a rig is not the truth', 'rented GPU-seconds of a rig is not the truth'],
    ],
    [
      'ASICs that are never seen',
      (row) => ({ ...row, asicSeconds: null }),
      ['mining ASIC-seconds of a rig is not the truth', 'all rigs together: ASIC-seconds mining'],
    ],
    [
      'hashes that are missing',
      (row) => ({ ...row, mined: [] }),
      ['kawpow hashes of a rig is not the truth', 'sha256d hashes of a rig is not the truth'],
    ],
    [
      'hashes of nobody knows what',
      (row) => ({ ...row, mined: row.mined.map((work) => ({ ...work, algorithm: null })) }),
      ['of an unknown algorithm hashes of a rig is not the truth'],
    ],
    [
      'a meter that is not read',
      (row) => ({ ...row, wallJoules: 0 }),
      ['energy at the wall of a rig is not the truth', 'all rigs together: joules at the wall'],
    ],
    [
      'a rig of another farm',
      (row) => ({ ...row, rig: `${row.rig}-b` }),
      ['a rig is in the ledger that the farm does not have'],
    ],
  ])('finds %s', (_, change, found) => {
    expect(judge(change)).toEqual(expect.arrayContaining([...found]));
  });
});

describe('the log of observations', () => {
  const at = (seconds: number, up = 10) => ({ atMs: startMs + seconds * 1000, up });
  const least = (...sightings: { atMs: number; up: number }[]) =>
    logOf(sightings).coverage(startMs, startMs + hourMs).leastSeconds;

  it('counts stretches that ended with every exporter', () => {
    expect(least(at(0), at(30), at(60))).toBe(60);
  });

  it('leaves out what ended without one of them', () => {
    expect(least(at(0), at(30, 9), at(60))).toBe(30);
  });

  it('counts nothing where the last time that all were there is too long ago', () => {
    expect(least(at(0), at(60, 9), at(120), at(150))).toBe(30);
  });

  const everyHalfMinute = Array.from({ length: 122 }, (_, index) => at(index * 30 - 15));
  const watchedWith = (missing: readonly number[]) =>
    logOf(everyHalfMinute.map((one, index) => (missing.includes(index) ? { ...one, up: 9 } : one))).coverage(
      startMs,
      startMs + hourMs,
    ).watched;

  it('has watched an hour in which an exporter was missed once', () => {
    expect(watchedWith([60])).toBe(true);
  });

  it('has not watched one in which it was missed for longer than a gap may be', () => {
    expect(watchedWith([60, 61, 62])).toBe(false);
  });
});
