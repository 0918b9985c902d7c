import { z } from 'zod';
import type { AccountRow, LedgerRow } from '../../src/domain/ledger.ts';
import { type Money, SECONDS_PER_DAY } from '../../src/domain/quantities.ts';
import { mustBeValid, parseJson, readAs } from './row-validity.ts';
import type { AccountsTable, LedgerTable } from './tables.ts';

const money = z.strictObject({ amount: z.number(), currency: z.string() });

const minedWork = z.strictObject({
  algorithm: z.string().nullable(),
  coin: z.string().nullable(),
  hashes: z.number(),
  gpuSeconds: z.number(),
  revenue: money.nullable(),
});

const modelSeconds = z.strictObject({
  model: z.string().nullable(),
  ownedSeconds: z.number(),
  observedSeconds: z.number(),
  rentedSeconds: z.number().nullable(),
});

const quoteUsed = z.strictObject({
  what: z.string(),
  amount: z.number(),
  currency: z.string(),
  unit: z.string(),
  source: z.string(),
  asOfMs: z.number().nullable(),
});

const stateSeconds = z.strictObject({
  down: z.number(),
  rented: z.number(),
  mining: z.number(),
  busy: z.number(),
  'idle-listed': z.number(),
  'idle-unlisted': z.number(),
  unknown: z.number(),
});

const moneyParts = z.strictObject({
  rentedKnownSeconds: z.number(),
  rentedUnknownSeconds: z.number(),
  powerKnownSeconds: z.number(),
  powerUnknownSeconds: z.number(),
  asicKnownSeconds: z.number(),
  asicUnknownSeconds: z.number(),
  miningPower: z.number(),
  rentedPower: z.number(),
});

/** Strict, so that a field which the store does not know is refused instead of lost; numbers are finite. */
const ledgerRow = z.strictObject({
  rig: z.string(),
  site: z.string().nullable(),
  startMs: z.int(),
  seconds: z.number(),
  observedSeconds: z.number(),
  stateSeconds,
  asicSeconds: stateSeconds.nullable(),
  cardJoules: z.number().nullable(),
  wallJoules: z.number().nullable(),
  powerSeconds: z.number(),
  mined: z.array(minedWork),
  models: z.array(modelSeconds),
  powerCost: money.nullable(),
  rentedRevenue: money.nullable(),
  quotes: z.array(quoteUsed),
  parts: z.exactOptional(moneyParts),
}) satisfies z.ZodType<LedgerRow>;

const accountRow = z.strictObject({
  platform: z.string(),
  instance: z.string(),
  startMs: z.int(),
  seconds: z.number(),
  firstUsd: z.number(),
  firstAtMs: z.int(),
  lastUsd: z.number(),
  lastAtMs: z.int(),
}) satisfies z.ZodType<AccountRow>;

/** @throws InvalidRowError */
export function toLedgerColumns(row: LedgerRow): LedgerTable {
  mustBeValid(ledgerRow, row, `ledger row of rig ${row.rig} at ${row.startMs}`);
  return {
    rig: row.rig,
    start_ms: row.startMs,
    site: row.site,
    seconds: row.seconds,
    observed_seconds: row.observedSeconds,
    down_seconds: row.stateSeconds.down,
    rented_seconds: row.stateSeconds.rented,
    mining_seconds: row.stateSeconds.mining,
    busy_seconds: row.stateSeconds.busy,
    idle_listed_seconds: row.stateSeconds['idle-listed'],
    idle_unlisted_seconds: row.stateSeconds['idle-unlisted'],
    unknown_seconds: row.stateSeconds.unknown,
    card_joules: row.cardJoules,
    wall_joules: row.wallJoules,
    power_seconds: row.powerSeconds,
    power_cost_amount: row.powerCost?.amount ?? null,
    power_cost_currency: row.powerCost?.currency ?? null,
    rented_revenue_amount: row.rentedRevenue?.amount ?? null,
    rented_revenue_currency: row.rentedRevenue?.currency ?? null,
    mined: JSON.stringify(row.mined),
    models: JSON.stringify(row.models),
    quotes: JSON.stringify(row.quotes),
    asic_seconds: row.asicSeconds === null ? null : JSON.stringify(row.asicSeconds),
    parts: row.parts === undefined ? null : JSON.stringify(row.parts),
  };
}

/** Longer than any accounting day, also where a place changes the side of the date line. */
export const longestDaySeconds = 2 * SECONDS_PER_DAY;

/** @throws InvalidRowError */
export function toDayColumns(day: LedgerRow): LedgerTable {
  mustBeValid(z.number().positive().max(longestDaySeconds), day.seconds, `length of a day of rig ${day.rig}`);
  return toLedgerColumns(day);
}

/** @throws UpstreamError naming the row where the database holds something that is no ledger row. */
export function fromLedgerColumns(columns: LedgerTable, table: 'ledger' | 'ledger_days'): LedgerRow {
  const where = `table ${table}, rig ${columns.rig}, start_ms ${columns.start_ms}`;
  return readAs(ledgerRow, where, {
    rig: columns.rig,
    site: columns.site,
    startMs: columns.start_ms,
    seconds: columns.seconds,
    observedSeconds: columns.observed_seconds,
    stateSeconds: {
      down: columns.down_seconds,
      rented: columns.rented_seconds,
      mining: columns.mining_seconds,
      busy: columns.busy_seconds,
      'idle-listed': columns.idle_listed_seconds,
      'idle-unlisted': columns.idle_unlisted_seconds,
      unknown: columns.unknown_seconds,
    },
    asicSeconds:
      columns.asic_seconds === null ? null : parseJson(columns.asic_seconds, `${where}, column asic_seconds`),
    cardJoules: columns.card_joules,
    wallJoules: columns.wall_joules,
    powerSeconds: columns.power_seconds,
    mined: parseJson(columns.mined, `${where}, column mined`),
    models: parseJson(columns.models, `${where}, column models`),
    powerCost: moneyOrNull(columns.power_cost_amount, columns.power_cost_currency),
    rentedRevenue: moneyOrNull(columns.rented_revenue_amount, columns.rented_revenue_currency),
    quotes: parseJson(columns.quotes, `${where}, column quotes`),
    ...(columns.parts === null ? {} : { parts: parseJson(columns.parts, `${where}, column parts`) }),
  });
}

/** @throws InvalidRowError */
export function toAccountColumns(row: AccountRow): AccountsTable {
  mustBeValid(accountRow, row, `account row of ${row.platform} ${row.instance} at ${row.startMs}`);
  return {
    platform: row.platform,
    instance: row.instance,
    start_ms: row.startMs,
    seconds: row.seconds,
    first_usd: row.firstUsd,
    first_at_ms: row.firstAtMs,
    last_usd: row.lastUsd,
    last_at_ms: row.lastAtMs,
  };
}

/** @throws UpstreamError naming the row where the database holds something that is no account row. */
export function fromAccountColumns(columns: AccountsTable): AccountRow {
  const where = `table accounts, platform ${columns.platform}, instance ${columns.instance}, start_ms ${columns.start_ms}`;
  return readAs(accountRow, where, {
    platform: columns.platform,
    instance: columns.instance,
    startMs: columns.start_ms,
    seconds: columns.seconds,
    firstUsd: columns.first_usd,
    firstAtMs: columns.first_at_ms,
    lastUsd: columns.last_usd,
    lastAtMs: columns.last_at_ms,
  });
}

/** Half an amount of money is handed on as it is, for the schema to refuse. */
function moneyOrNull(amount: number | null, currency: string | null): { [K in keyof Money]: Money[K] | null } | null {
  return amount === null && currency === null ? null : { amount, currency };
}
