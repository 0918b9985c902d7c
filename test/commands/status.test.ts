import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { profit } from '../../commands/profit.ts';
import { readiness } from '../../commands/readiness.ts';
import { rigs } from '../../commands/rigs.ts';
import { status } from '../../commands/status.ts';
import { noStates } from '../../src/domain/work-state.ts';
import { answer } from '../support/answers.ts';
import { anySituation } from '../support/any-farm.ts';
import { farmOf, siteOf } from '../support/farms.ts';
import { asicOf, atMs, gpuOf, looseMinerOf, machineOf, miningCard, rigOf } from '../support/rigs.ts';
import { contextOf, snapshotOf } from '../support/snapshots.ts';

const farm = farmOf({ sites: [siteOf(), siteOf({ name: 'texas' })] });
const mines = rigOf([miningCard({ hashrate: 1e9 }), miningCard({ hashrate: 1e9 })]);
const waits = rigOf([gpuOf({ state: 'idle-unlisted', powerWatts: 20 })], { name: 'b1', site: 'texas' });

it('counts rigs and GPUs, and what they make now', async () => {
  const { facts, reply } = await answer(status, {}, contextOf(snapshotOf([mines, waits]), farm));
  expect(facts).toMatchObject({
    gpus: { total: 3, mining: 2, 'idle-unlisted': 1, rented: 0 },
    power: { cards: { watts: 608, gpus: 3, of: 3 } },
    hashrates: [{ algorithm: 'kawpow', hashrate: 2e9 }],
    perDay: { mining: { value: { amount: expect.closeTo(2, 12), currency: 'USD' } }, missing: [] },
  });
  expect(reply.headline).toBe(
    'The fleet: 3 GPUs on 2 rigs, 2 mining, 0 rented, 1 idle; net now $1.12 per day (est.) over 3 GPUs.',
  );
});

it('speaks of one as of one', async () => {
  const { reply } = await answer(status, { site: 'Texas' }, contextOf(snapshotOf([mines, waits]), farm));
  expect(reply.headline).toMatch(
    /^texas: 1 GPU on 1 rig, 0 mining, 0 rented, 1 idle; net now -\$0\.029 per day \(est\.\) over 1 GPU\.$/,
  );
});

it('what it does not know is unknown, and it says why', async () => {
  const lone = rigOf([miningCard({ powerWatts: null })]);
  const { facts, reply, texts } = await answer(status, {}, contextOf(snapshotOf([lone]), farm));
  expect(facts.power).toEqual({ cards: { watts: null, gpus: 0, of: 1 }, facility: { watts: null, gpus: 0, of: 1 } });
  expect(facts.perDay).toMatchObject({ power: { value: null }, net: { value: null } });
  expect(reply.headline).toMatch(/net now unknown\.$/);
  expect(texts).toContain('not in the net: 1 GPU, power not printed');
});

it('no card seen earns what nobody knows, not nothing', async () => {
  const dark = rigOf([], { state: 'down', sampledAtMs: null });
  const { facts } = await answer(status, {}, contextOf(snapshotOf([dark]), farm));
  expect(facts.perDay).toMatchObject({ mining: { value: null }, rental: { value: null }, net: { value: null } });
  expect(facts.power.cards.watts).toBeNull();
});

it('nobody who mines among cards that were seen earns 0 by mining', async () => {
  const { facts } = await answer(status, {}, contextOf(snapshotOf([waits]), farm));
  expect(facts.perDay).toMatchObject({ mining: { value: { amount: 0 } }, rental: { value: { amount: 0 } } });
});

it('says at once that the source does not answer, since when and why', async () => {
  const message = 'http://p:9090: connection refused; check the URL and that it runs';
  const sourceFailure = () => ({ sinceMs: atMs + 6_000, message });
  const context = contextOf(snapshotOf([mines]), farm, { sourceFailure });
  const said = expect.stringMatching(/^the source has not answered since .+: http:\/\/p:9090: connection refused;/);
  expect((await answer(status, {}, context)).texts).toContainEqual(said);
  expect((await answer(profit, {}, context)).texts).toContainEqual(said);
  expect((await answer(readiness, {}, context)).texts).toContainEqual(said);
  expect((await answer(rigs, {}, context)).texts).toContainEqual(said);
});

it('a part of it says so', async () => {
  const { reply, texts } = await answer(status, {}, contextOf(snapshotOf([mines, { ...waits, site: null }]), farm));
  expect(reply.headline).toMatch(/ over 2 of 3 GPUs\.$/);
  expect(texts).toContain('not in the net: 1 GPU, no power price');
});

it('a rental of which the card is not known counts all the same', async () => {
  const cards = [gpuOf({ model: 'RTX 3090' }), gpuOf({ model: 'RTX 3090' })];
  const listed = machineOf({ listedUsdPerGpuHour: 0.3 });
  const rig = rigOf(cards, { gpuStates: { ...noStates(), rented: 1, unknown: 1 }, machine: listed });
  const { facts } = await answer(status, {}, contextOf(snapshotOf([rig]), farm));
  expect(facts).toMatchObject({
    rentedGpus: 1,
    gpus: { total: 2, rented: 1, unknown: 1 },
    perDay: { rental: { gpus: 1, of: 2 }, net: { value: null } },
    listedUsdPerGpuHour: [{ rig: 'a1', price: { amount: 0.3, currency: 'USD' } }],
  });
});

it('says how good the observation is, in the singular too', async () => {
  const failures = Array.from({ length: 21 }, (_, index) => ({
    instance: `c1:${index}`,
    rig: 'c1',
    kind: 'refused' as const,
    message: 'connection refused',
  }));
  const down = rigOf([], { name: 'c1', state: 'down', sampledAtMs: null, problems: ['something odd'] });
  const snapshot = snapshotOf([mines, down], {
    failures,
    targetsTotal: 22,
    targetsUp: 1,
    incomplete: true,
    warnings: ['partial'],
  });
  const { texts } = await answer(status, {}, contextOf(snapshot, farm));
  expect(texts).toEqual(
    expect.arrayContaining([
      'c1, c1:0: connection refused',
      '1 more target failed',
      'c1: something odd',
      'down: 1 of 2 rigs',
      'number of GPUs unknown: 1 of 2 rigs',
      'the source gave a partial answer: figures are incomplete',
      'partial',
      'observed 12 s ago through exporters: 1 of 22 targets answered',
    ]),
  );
});

describe('what is no GPU', () => {
  const asics = [
    asicOf({ state: 'mining', hashrate: 1e14, algorithm: 'sha256d', powerWatts: 3_400 }),
    asicOf({ key: 'a1/asic#1', state: 'unknown' }),
  ];
  const antminers = rigOf([], { name: 's19', asics });
  const cpu = rigOf([], { name: 'cpu', looseMiners: [looseMinerOf({ algorithm: 'randomx', hashrate: 17_000 })] });

  it('is counted and hashes, and is said to be in no sum over GPUs', async () => {
    const alone = await answer(status, {}, contextOf(snapshotOf([mines]), farm));
    const { facts, reply, texts } = await answer(status, {}, contextOf(snapshotOf([mines, antminers, cpu]), farm));
    expect(facts).toMatchObject({
      gpus: alone.facts.gpus,
      power: alone.facts.power,
      perDay: alone.facts.perDay,
      asics: { total: 2, mining: 1, unknown: 1, down: 0, wall: { watts: 3_400, asics: 1, of: 2 } },
      wholeRigMiners: 1,
      hashrates: [
        { algorithm: 'kawpow', hashrate: 2e9 },
        { algorithm: 'randomx', hashrate: 17_000 },
        { algorithm: 'sha256d', hashrate: 1e14 },
      ],
    });
    expect(reply.headline).toBe(
      'The fleet: 2 GPUs on 3 rigs, 2 mining, 0 rented, 0 idle, and 2 ASICs, 1 mining; net now $1.15 per day (est.) over 2 GPUs.',
    );
    expect(texts).toEqual(
      expect.arrayContaining([
        '2.00 GH/s kawpow, 17.00 kH/s randomx, 100.00 TH/s sha256d',
        '3.40 kW (1 of 2 ASICs)',
        'not in the net, nor in the power of the facility: 2 ASICs',
        'not in the net, nor in the power of the facility: 1 rig whose miner prints no cards',
      ]),
    );
  });

  it('is not mentioned where there is none', async () => {
    const { texts } = await answer(status, {}, contextOf(snapshotOf([mines]), farm));
    expect(texts.filter((text) => /ASIC|prints no cards/.test(text))).toEqual([]);
  });
});

it('has an answer for a farm without rigs', async () => {
  const { reply, texts } = await answer(status, {}, contextOf(snapshotOf([]), farm));
  expect(reply.headline).toBe('The fleet: 0 GPUs on 0 rigs, 0 mining, 0 rented, 0 idle; net now unknown.');
  expect(texts).toContain('observed 12 s ago through exporters: there are no targets');
});

it('whatever is known, the facts fit and the reply reads well', async () => {
  await fc.assert(
    fc.asyncProperty(anySituation, async ({ snapshot, farm: any }) => {
      const { facts } = await answer(status, {}, contextOf(snapshot, any));
      const { total, ...states } = facts.gpus;
      expect(Object.values(states).reduce((sum, count) => sum + count, 0)).toBe(total);
      const { net, missing } = facts.perDay;
      expect(missing.reduce((sum, { gpus }) => sum + gpus, net.gpus)).toBe(net.of);
    }),
  );
});
