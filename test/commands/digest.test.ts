import { describe, expect, test } from 'vitest';
import { digest } from '../../commands/digest.ts';
import type { LedgerRow } from '../../src/domain/ledger.ts';
import { noStates } from '../../src/domain/work-state.ts';
import type { FleetContext } from '../../src/fleet/context.ts';
import { presentation as english, textsOf } from '../support/answers.ts';
import { saidInFrench } from '../support/french.ts';
import { MemoryLedger } from '../support/memory-ledger.ts';
import { northFarm, northRow, northSite } from '../support/north-farm.ts';
import { contextOf } from '../support/snapshots.ts';

const HOUR = 3_600_000;
const now = Date.parse('2026-11-22T17:00:00Z');
const begin = Date.parse('2026-11-21T05:00:00Z');
const presentation = { ...english, timeZone: 'America/Toronto', nowMs: now };

const rentedHour: Partial<LedgerRow> = {
  rig: 'b1',
  mined: [],
  stateSeconds: { ...noStates(), rented: 3600 },
  models: [{ model: 'RTX 3090', ownedSeconds: 3600, observedSeconds: 3600, rentedSeconds: 3600 }],
  rentedRevenue: { amount: 0.5, currency: 'USD' },
};

/** A mining rig and a rented one over the first `hours` of yesterday. */
async function context(hours: number, changes: Partial<LedgerRow> = {}): Promise<FleetContext> {
  const ledger = new MemoryLedger();
  for (let hour = 0; hour < hours; hour += 1) {
    const startMs = begin + hour * HOUR;
    await ledger.commit({
      rows: [northRow({ startMs }), northRow({ startMs, ...rentedHour, ...changes })],
      accounts: [],
    });
  }
  const farm = northFarm({ sites: [northSite(), northSite({ name: 'texas' })] });
  return contextOf(null, farm, { ledger, clock: { now: () => now } });
}

async function ask(fleet: FleetContext, options: Record<string, string> = {}) {
  const facts = digest.facts.parse(await digest.run(digest.parse.parse(options), fleet));
  expect(JSON.parse(JSON.stringify(facts))).toEqual(facts);
  const reply = digest.present(facts, presentation);
  saidInFrench((reader) => digest.present(facts, { ...reader, nowMs: now }), textsOf);
  return { facts, reply, text: JSON.stringify(reply) };
}

describe('digest', () => {
  test('says what AI and mining earned and what is left', async () => {
    // AI 24 * 0.5, mining 24 * 1, power 48 * 0.25.
    const { facts, reply, text } = await ask(await context(24));
    expect(reply.headline).toBe(
      'Yesterday (2026-11-21) AI earned $12.00 (est.), mining $24.00 (est.): AI is 33% of revenue; after power $24.00 (est.) is left.',
    );
    expect(facts.digest.ai.margin?.amount).toBeCloseTo(6, 9);
    expect(facts.digest.best.map(({ rig }) => rig)).toEqual(['a1']);
    expect(facts.digest.worst.map(({ rig }) => rig)).toEqual(['b1']);
    expect(reply.blocks.filter(({ kind }) => kind === 'table')).toHaveLength(1);
    expect(text).toContain('coin:RVN: $0.020 per RVN (configuration, no date)');
    expect(text).toContain('observed 24 h of 24 h');
    expect(text).not.toContain('"warning"');
  });

  test('draws AI beside mining where both are known', async () => {
    const { reply } = await ask(await context(24));
    expect(reply.blocks[1]).toMatchObject({
      kind: 'chart',
      alt: 'AI (GPU rental): Revenue $12.00, Power $6.00, Hardware margin $6.00; Mining: Revenue $24.00, Power $6.00, Hardware margin $18.00',
      unit: 'USD',
      series: [{ values: [12, 24] }, { values: [6, 6] }, { values: [6, 18] }],
    });
    const { reply: half } = await ask(await context(24, { rentedRevenue: null }));
    expect(half.blocks.filter(({ kind }) => kind === 'chart')).toEqual([]);
  });

  test('ranks no rig of which no card was ever seen', async () => {
    const fleet = await context(24);
    const nothing = { mined: [], models: [], cardJoules: null, wallJoules: null, powerSeconds: 0, powerCost: null };
    const unseen = northRow({ startMs: begin, rig: 'c1', stateSeconds: noStates(), ...nothing });
    await fleet.ledger.commit({ rows: [unseen], accounts: [] });
    const { best, worst } = (await ask(fleet)).facts.digest;
    expect([...best, ...worst].map(({ rig }) => rig)).toEqual(['a1', 'b1']);
  });

  test('says how much of a partial day was observed', async () => {
    const { reply, text } = await ask(await context(18));
    expect(reply.headline).toMatch(/is left \(observed 18 h of 24 h\)\.$/);
    expect(text).toContain('Only observed hours count here: observed 18 h of 24 h.');
  });

  test('never prints unknown income as 0', async () => {
    const { reply, text } = await ask(await context(24, { rentedRevenue: null }));
    expect(reply.headline).toBe(
      'Yesterday (2026-11-21) AI earned an unknown amount, mining $24.00 (est.); what is left after power is unknown.',
    );
    expect(text).toContain('What 24 rented GPU-hours earned is unknown');
  });

  test('says that a cost is too low where some power is unknown', async () => {
    const { reply, text } = await ask(await context(24, { powerCost: null, powerSeconds: 0, wallJoules: null }));
    expect(reply.headline).toContain('of what is known, after power $30.00 (est.) is left');
    expect(text).toContain('Power of 24 GPU-hours is unknown and missing in the cost');
  });

  test('says that a rig whose cards nobody ever printed is in no figure', async () => {
    const nothing = { rig: 'c1', mined: [], models: [], stateSeconds: noStates(), powerCost: null, powerSeconds: 0 };
    const { reply, text } = await ask(await context(24, nothing));
    expect(text).toContain('Number of GPUs unknown: 1 of 2 rigs.');
    expect(reply.headline).toContain('mining $24.00 (est.)');
  });

  test('says what ASICs did, and what of it is unknown, in their own hours', async () => {
    const asics = {
      rig: 'c1',
      models: [],
      stateSeconds: noStates(),
      asicSeconds: { ...noStates(), mining: 3600 },
      cardJoules: null,
      mined: [{ algorithm: 'sha256', coin: 'BTC', hashes: 1e17, gpuSeconds: 0, revenue: null }],
    };
    const { text, reply, facts } = await ask(await context(24, { ...asics, powerCost: null }));
    expect(text).toContain('ASIC-hours","value":"mining 24 h');
    expect(text).toContain('What 24 hours of mining GPUs and ASICs earned is unknown');
    expect(text).toContain('Power of 24 hours of GPUs and ASICs is unknown');
    expect(reply.headline).toContain('mining at least $24.00 (est.)');
    expect([facts.digest.rigsWithUnknownGpus, facts.digest.observedHours]).toEqual([0, 24]);
    const priced = asics.mined.map((work) => ({ ...work, revenue: { amount: 2, currency: 'USD' } }));
    expect((await ask(await context(24, { ...asics, mined: priced }))).reply.headline).toContain(
      'mining $72.00 (est.)',
    );
  });

  test('says which share of the power was read from a meter', async () => {
    const metered = { what: 'metered', amount: 0.5, currency: '', unit: 'ratio', source: 'measured', asOfMs: null };
    const { text } = await ask(await context(24, { quotes: [metered] }));
    expect(text).toContain('Where a rig has a meter, its power was read there for 50% of the time');
  });

  test('says whose own counter is unknown, and counts those that it does not name', async () => {
    const fleet = await context(24);
    const accounts = Array.from({ length: 7 }, (_, index) => ({
      platform: 'runpod',
      instance: `rig:b${index}`,
      startMs: begin,
      seconds: 3600,
      firstUsd: 5,
      firstAtMs: begin,
      lastUsd: 4,
      lastAtMs: begin + HOUR - 1,
    }));
    await fleet.ledger.commit({ rows: [], accounts });
    const { text } = await ask(fleet);
    expect(text).toContain('What b0 earned on runpod by its own counter is unknown: its counter fell.');
    expect(text).not.toContain('What b5 earned');
    expect(text).toContain('What 2 more accounts or rigs paid is unknown.');
  });

  test('answers an empty ledger with what to do', async () => {
    const { reply, text } = await ask(await context(0));
    expect(reply.headline).toBe('The ledger holds nothing for yesterday (2026-11-21), so what it earned is unknown.');
    expect(text).toContain('each hour is written some minutes after it ended');
  });

  test('answers a day without rows with where the ledger ends', async () => {
    const { reply, text } = await ask(await context(24), { date: '2026-10-01' });
    expect(reply.headline).toContain('nothing for 2026-10-01');
    expect(text).toContain('Nov 21, 2026, 23:00 EST');
  });

  test('of one site', async () => {
    const { reply, facts } = await ask(await context(24, { site: 'texas' }), { site: 'TEXAS' });
    expect(facts.site).toBe('texas');
    expect(reply.headline).toContain('at texas AI earned $12.00 (est.), mining $0.00 (est.): AI is 100% of revenue');
  });

  test.each([
    [{ site: 'texsa' }, 'Did you mean site:texas?'],
    [{ date: 'someday' }, 'Write today, yesterday or a date like 2026-11-22.'],
  ])('%j is answered with what to type', async (options, remedy) => {
    await expect(ask(await context(0), options)).rejects.toMatchObject({ name: 'UserError', remedy });
  });
});
