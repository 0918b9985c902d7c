import { expect, it } from 'vitest';
import { PayoutFold } from '../../src/domain/ledger/realised.ts';
import { renamedLedger } from '../../src/fleet/renamed-ledger.ts';
import { accountRowOf, firstHourMs, hourMs, ledgerRowOf } from '../store/ledger-rows.ts';
import { MemoryLedger } from '../support/memory-ledger.ts';

const nothing = { site: null, mining: { coin: null, poolFee: null }, hostWatts: null, psuEfficiency: null };
const rigs = new Map([
  ['new', { ...nothing, formerly: ['old', 'older'] }],
  ['b1', { ...nothing, formerly: [] }],
]);
const range = { fromMs: firstHourMs, toMs: firstHourMs + 24 * hourMs };

async function ledgerWith(...rows: readonly (readonly [rig: string, hour: number])[]) {
  const ledger = new MemoryLedger();
  await ledger.commit({ rows: rows.map(([rig, hour]) => ledgerRowOf(rig, firstHourMs + hour * hourMs)), accounts: [] });
  return ledger;
}

it('reads the hours of every former name under the name of today', async () => {
  const ledger = await ledgerWith(['older', 0], ['old', 1], ['new', 2], ['b1', 1]);
  const seen = await renamedLedger(ledger, rigs).rows({ ...range, rig: 'new' });
  expect(seen.map(({ rig, startMs }) => [rig, (startMs - firstHourMs) / hourMs])).toEqual([
    ['new', 0],
    ['new', 1],
    ['new', 2],
  ]);
});

it('keeps start, then rig as the order of a whole reading', async () => {
  const ledger = await ledgerWith(['b1', 0], ['old', 0], ['b1', 1], ['new', 1]);
  const seen = await renamedLedger(ledger, rigs).rows(range);
  expect(seen.map(({ rig }) => rig)).toEqual(['b1', 'new', 'b1', 'new']);
});

it('shows both rows of the hour in which the name changed', async () => {
  const ledger = await ledgerWith(['old', 3], ['new', 3]);
  expect(await renamedLedger(ledger, rigs).rows({ ...range, rig: 'new' })).toHaveLength(2);
});

it('gives nothing for a name that nobody has any more', async () => {
  const ledger = await ledgerWith(['old', 0]);
  expect(await renamedLedger(ledger, rigs).rows({ ...range, rig: 'old' })).toEqual([]);
});

it('reads days as it reads hours, and writes through', async () => {
  const ledger = await ledgerWith();
  const renamed = renamedLedger(ledger, rigs);
  await renamed.commitDays([ledgerRowOf('old', firstHourMs, { seconds: 86_400 })]);
  expect((await ledger.days(range)).map(({ rig }) => rig)).toEqual(['old']);
  expect((await renamed.days({ ...range, rig: 'new' })).map(({ rig }) => rig)).toEqual(['new']);
});

it("reads a rig's own counter of payouts as one, over the hour in which the name changed", async () => {
  const ledger = await ledgerWith();
  const counted = (rig: string, fromMs: number, firstUsd: number) =>
    accountRowOf(`rig:${rig}`, firstHourMs, {
      firstUsd,
      firstAtMs: fromMs,
      lastUsd: firstUsd + 1,
      lastAtMs: fromMs + 60_000,
    });
  const accounts = [
    counted('new', firstHourMs + 600_000, 8),
    counted('old', firstHourMs, 7),
    accountRowOf('old', firstHourMs, { platform: 'other' }),
  ];
  await ledger.commit({ rows: [], accounts });
  const payouts = new PayoutFold();
  for (const row of await renamedLedger(ledger, rigs).accounts(range)) payouts.add(row);
  expect([...payouts.incomes(null)].map(({ instance, rig, usd }) => [instance, rig, usd])).toEqual([
    ['rig:new', 'new', 2],
    ['old', null, 2.25],
  ]);
});

it('is the ledger itself where no rig was renamed', async () => {
  const ledger = await ledgerWith();
  expect(renamedLedger(ledger, new Map())).toBe(ledger);
});
