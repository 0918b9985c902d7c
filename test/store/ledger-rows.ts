import fc from 'fast-check';
import type { AccountRow, LedgerRow } from '../../src/domain/ledger.ts';

export const hourMs = 3_600_000;
/** 2026-01-01T00:00:00Z */
export const firstHourMs = 1_767_225_600_000;

/** A plain hour of a mining rig; what a test cares about it overrides. */
export function ledgerRowOf(rig: string, startMs: number, changes: Partial<LedgerRow> = {}): LedgerRow {
  return {
    rig,
    site: 'quebec',
    startMs,
    seconds: 3_600,
    observedSeconds: 3_590.5,
    stateSeconds: { down: 0, rented: 0, mining: 21_543, busy: 0, 'idle-listed': 0, 'idle-unlisted': 0, unknown: 0 },
    asicSeconds: null,
    cardJoules: 2_584_000.25,
    wallJoules: 3_100_000.1,
    powerSeconds: 21_543,
    mined: [
      {
        algorithm: 'kawpow',
        coin: 'RVN',
        hashes: 1.23e12,
        gpuSeconds: 21_543,
        revenue: { amount: 0.1234567890123, currency: 'USD' },
      },
    ],
    models: [{ model: 'RTX 3090', ownedSeconds: 21_600, observedSeconds: 21_543, rentedSeconds: null }],
    powerCost: { amount: 0.0612, currency: 'CAD' },
    rentedRevenue: null,
    quotes: [{ what: 'coin:RVN', amount: 0.0193, currency: 'USD', unit: 'coin', source: 'test', asOfMs: startMs }],
    ...changes,
  };
}

export function accountRowOf(instance: string, startMs: number, changes: Partial<AccountRow> = {}): AccountRow {
  return {
    platform: 'vast',
    instance,
    startMs,
    seconds: 3_600,
    firstUsd: 101.25,
    firstAtMs: startMs + 15_000,
    lastUsd: 103.5,
    lastAtMs: startMs + 3_585_000,
    ...changes,
  };
}

/** Records with the usual prototype, as the store gives them back. */
const plain = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc.record<T>(model, { noNullPrototype: true });
/** Every finite double but -0, which is 0 once it was stored, and means the same. */
const double = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value));
/** Any text but the one character that PostgreSQL's text cannot hold. */
const text = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((value) => !value.includes('\0'));
const orNull = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null });
const money = plain({ amount: double, currency: fc.constantFrom('USD', 'CAD', 'EUR') });
const timeMs = fc.integer({ min: 0, max: 4_102_444_800_000 });

const perState = plain({
  down: double,
  rented: double,
  mining: double,
  busy: double,
  'idle-listed': double,
  'idle-unlisted': double,
  unknown: double,
});

export const anyLedgerRow: fc.Arbitrary<LedgerRow> = plain({
  rig: text,
  site: orNull(text),
  startMs: timeMs,
  seconds: fc.constantFrom(900, 3_600),
  observedSeconds: double,
  stateSeconds: perState,
  asicSeconds: orNull(perState),
  cardJoules: orNull(double),
  wallJoules: orNull(double),
  powerSeconds: double,
  mined: fc.array(
    plain({
      algorithm: orNull(text),
      coin: orNull(text),
      hashes: double,
      gpuSeconds: double,
      revenue: orNull(money),
    }),
    { maxLength: 3 },
  ),
  models: fc.array(
    plain({ model: orNull(text), ownedSeconds: double, observedSeconds: double, rentedSeconds: orNull(double) }),
    { maxLength: 3 },
  ),
  powerCost: orNull(money),
  rentedRevenue: orNull(money),
  quotes: fc.array(
    plain({
      what: text,
      amount: double,
      currency: fc.constantFrom('USD', 'CAD'),
      unit: text,
      source: text,
      asOfMs: orNull(timeMs),
    }),
    { maxLength: 3 },
  ),
});

export const anyAccountRow: fc.Arbitrary<AccountRow> = plain({
  platform: text,
  instance: text,
  startMs: timeMs,
  seconds: fc.constantFrom(900, 3_600),
  firstUsd: double,
  firstAtMs: timeMs,
  lastUsd: double,
  lastAtMs: timeMs,
});
