import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rig } from '../../commands/rig.ts';
import { UpstreamError } from '../../src/domain/errors.ts';
import type { LedgerRow } from '../../src/domain/ledger.ts';
import type { StateChange } from '../../src/domain/state-change.ts';
import { noStates } from '../../src/domain/work-state.ts';
import { answer } from '../support/answers.ts';
import { anySituation } from '../support/any-farm.ts';
import { farmOf, nothingDeclared } from '../support/farms.ts';
import { MemoryLedger } from '../support/memory-ledger.ts';
import { northRow } from '../support/north-farm.ts';
import { asicOf, atMs, gib, gpuOf, hostOf, looseMinerOf, machineOf, miningCard, rigOf } from '../support/rigs.ts';
import { contextOf, snapshotOf } from '../support/snapshots.ts';

const operations = { ...nothingDeclared, idleWatts: 25, rentalWatts: new Map([['RTX 3090', 300]]) };
const farm = farmOf({
  operations,
  inventory: new Map([
    [
      'a1',
      {
        rig: 'a1',
        site: null,
        rack: 'R7',
        shelf: null,
        pdu: null,
        outlet: null,
        switch: null,
        psuWatts: null,
        consoleUrl: null,
        purchasePrice: null,
        purchaseDate: null,
      },
    ],
  ]),
});
const ask = (of: Parameters<typeof rigOf>, known: Parameters<typeof snapshotOf>[1] = {}) =>
  answer(rig, { name: 'a1' }, contextOf(snapshotOf([rigOf(...of)], known), farm));

describe('one rig', () => {
  it('since when its cards are in their states', async () => {
    const since = { stateSinceMs: atMs - 3_600_000, stateEvidence: 'hashrate above 0' };
    const { texts, facts } = await ask([[miningCard({ index: 0, ...since }), miningCard({ index: 1, ...since })]]);
    expect(texts).toContain('#0, #1 mining for 1 h: hashrate above 0');
    expect(facts.cards[0]).toMatchObject({ since: new Date(atMs - 3_600_000).toISOString(), unsettled: null });
  });

  it('what is not believed yet', async () => {
    const unsettled = { seen: 'idle-unlisted', sinceMs: atMs - 40_000 } as const;
    const stateEvidence = 'hashrate 0 for 40 s: between two jobs, so far';
    const { texts, facts } = await ask([[miningCard({ index: 0, unsettled, stateEvidence })]]);
    expect(texts).toContain(`#0 mining: ${stateEvidence}`);
    expect(facts.cards[0]?.unsettled).toEqual({ seen: 'idle-unlisted', since: new Date(atMs - 40_000).toISOString() });
  });

  it('none of whose exporters answers, and for how long', async () => {
    const { reply, texts } = await ask([[gpuOf()], { state: 'silent', silentSinceMs: atMs - 28_000 }]);
    expect(reply.headline).toBe('a1 at quebec is silent: no exporter answers, for 40 s.');
    expect(texts).toContain('no exporter answers: 1 rig');
  });

  it('its last changes, the newest first; none where the store does not answer', async () => {
    const change: StateChange = {
      rig: 'a1',
      card: 'g0',
      atMs: atMs - 60_000,
      from: 'mining',
      to: 'down',
      evidence: 'its exporter answers, the card is gone',
    };
    const snapshot = snapshotOf([rigOf([gpuOf({ key: 'g0', index: 3 })])]);
    const asked: [string, number][] = [];
    const changes = async (of: string, limit: number) => {
      asked.push([of, limit]);
      return [change, { ...change, card: null, from: 'up', to: 'silent' } as const];
    };
    const { facts, texts } = await answer(rig, { name: 'a1' }, contextOf(snapshot, farm, { changes }));
    expect(asked).toEqual([['a1', 10]]);
    expect(facts.changes).toMatchObject([
      { card: '#3', from: 'mining', to: 'down' },
      { card: null, to: 'silent' },
    ]);
    expect(texts).toEqual(expect.arrayContaining(['#3', 'its exporter answers, the card is gone']));
    const away = () => Promise.reject(new UpstreamError('store', 'it does not answer'));
    const without = await answer(rig, { name: 'a1' }, contextOf(snapshot, farm, { changes: away }));
    expect(without.facts.changes).toBeNull();
  });

  it('its work, its money and its best use in a sentence', async () => {
    const { reply } = await ask([[miningCard({ hashrate: 1e9 }), miningCard({ hashrate: 1e9 })]]);
    expect(reply.headline).toBe(
      'a1 at quebec: 2 mining; net now $1.15 per day (est.); best use mine while idle, $4.69 per day (est.).',
    );
  });

  it('its cards, with the evidence for their states once for those alike', async () => {
    const evidence = { stateEvidence: 'hashrate above 0' };
    const cards = [
      miningCard({ index: 0, vramTotalBytes: gib(24), pcieWidth: 1, pcieGeneration: 3, ...evidence }),
      miningCard({ index: 1, ...evidence }),
      gpuOf({ index: null, bus: '0000:03:00.0', stateEvidence: 'nothing is printed' }),
    ];
    const { texts, facts } = await ask([cards]);
    expect(texts).toEqual(
      expect.arrayContaining([
        '#0, #1 mining: hashrate above 0',
        '#0000:03:00.0 unknown: nothing is printed',
        'x1 gen 3',
        '24 GiB',
        '120.00 MH/s',
        '294 W',
      ]),
    );
    expect(facts.cards[2]).toMatchObject({ watts: null, hashrate: null, pcieWidth: null, model: null });
  });

  it('its host, its listing and its place', async () => {
    const { texts } = await ask([
      [miningCard()],
      {
        host: hostOf({
          cpuThreads: 8,
          ramTotalBytes: gib(8),
          nicBitsPerSecond: 1e9,
          bootAtMs: atMs - 86_400_000,
        }),
        machine: machineOf({
          machineId: '2100',
          listed: true,
          listedUsdPerGpuHour: 0.7,
          rentedGpus: 1,
          reliability: 0.993,
        }),
      },
    ]);
    expect(texts).toEqual(
      expect.arrayContaining([
        'unknown, 8 threads',
        '1,000 Mb/s',
        '1 d ago',
        'vast machine 2100: listed at $0.700 per GPU-hour (host side), 1 GPU rented, reliability 99.3%',
        'R7',
      ]),
    );
  });

  it('says of a silent marketplace what it does not say', async () => {
    const { texts } = await ask([[miningCard()], { machine: machineOf() }]);
    expect(texts).toContain('vast machine 1: listing unknown, rented GPUs unknown, reliability unknown');
  });

  it('is down, and which of its exporters do not answer', async () => {
    const failures = [
      { instance: 'a1:9835', rig: 'a1', kind: 'refused' as const, message: 'connection refused' },
      { instance: 'b1:9835', rig: 'b1', kind: 'refused' as const, message: 'connection refused' },
    ];
    const down = { state: 'down' as const, sampledAtMs: null };
    const { reply, texts, facts } = await ask([[gpuOf({ state: 'down' })], down], { failures });
    expect(reply.headline).toBe('a1 at quebec is down: none of its exporters answers.');
    expect(texts).toContain('a1:9835: connection refused');
    expect(texts).toContain('down: 1 rig');
    expect(facts).toMatchObject({ sampledAt: null, best: null, netPerDay: { mine: null, off: null } });
    expect(facts.failures).toHaveLength(1);
  });

  it('of which nothing is known', async () => {
    const { reply, facts } = await ask([[], { site: null }]);
    expect(reply.headline).toBe('a1: no GPU seen; net now unknown; best use unknown.');
    expect(facts.netNowPerDay.value).toBeNull();
  });
});

describe('what is no GPU', () => {
  const notIn = 'net and best use speak of GPUs: ASICs, and miners that print no cards, are not in them';

  it('ASICs: what each does, since when and why', async () => {
    const asic = asicOf({
      model: 'Antminer S19j Pro',
      state: 'mining',
      stateEvidence: 'hashrate above 0',
      stateSinceMs: atMs - 3_600_000,
      hashrate: 1.04e14,
      algorithm: 'sha256d',
      powerWatts: 3_068,
      temperatureCelsius: 62,
      sharesAccepted: 900,
      sharesRejected: 2,
      hardwareErrors: 8,
    });
    const idle = asicOf({
      key: 'a1/asic#1',
      state: 'idle-unlisted',
      stateEvidence: 'its exporter prints a hashrate of 0',
    });
    const { reply, texts, facts } = await ask([[], { asics: [asic, idle] }]);
    expect(reply.headline).toBe('a1 at quebec: 1 ASIC mining, 1 ASIC idle; net now unknown; best use unknown.');
    expect(reply.blocks.flatMap((block) => (block.kind === 'table' ? [block.title] : []))).toEqual(['ASICs']);
    expect(reply.blocks[0]).toMatchObject({
      rows: [
        ['ASIC #0', 'Antminer S19j Pro', 'mining', '104.00 TH/s', 'sha256d', '3.07 kW', '62 °C', '900', '2', '8'],
        ['ASIC #1', 'unknown', 'idle', ...Array(7).fill('unknown')],
      ],
    });
    expect(texts).toEqual(
      expect.arrayContaining([
        'ASIC #0 mining for 1 h: hashrate above 0',
        'ASIC #1 idle: its exporter prints a hashrate of 0',
        notIn,
      ]),
    );
    expect(facts.asics[0]).toMatchObject({
      name: 'ASIC #0',
      watts: 3_068,
      since: new Date(atMs - 3_600_000).toISOString(),
    });
  });

  it('a change of an ASIC bears its name', async () => {
    const change: StateChange = {
      rig: 'a1',
      card: 'a1/asic#0',
      atMs,
      from: 'mining',
      to: 'down',
      evidence: 'its exporter does not answer',
    };
    const snapshot = snapshotOf([rigOf([], { asics: [asicOf()] })]);
    const changes = async () => [change];
    const { facts } = await answer(rig, { name: 'a1' }, contextOf(snapshot, farm, { changes }));
    expect(facts.changes).toMatchObject([{ card: 'ASIC #0' }]);
  });

  it('a miner that prints no cards, said to be of the whole rig', async () => {
    const looseMiners = [looseMinerOf({ algorithm: 'randomx', hashrate: 17_000 })];
    const { reply, texts } = await ask([[], { looseMiners }]);
    expect(reply.headline).toBe(
      'a1 at quebec: whole rig mining, 17.00 kH/s randomx; net now unknown; best use unknown.',
    );
    expect(reply.blocks[0]).toMatchObject({
      title: 'Miner of the whole rig: it prints no cards',
      rows: [['randomx', '17.00 kH/s']],
    });
    expect(texts).toContain(notIn);
  });

  it('the power that a meter measures at the wall, and no word of it where none does', async () => {
    const { texts } = await ask([[miningCard()], { wallWatts: 380 }]);
    expect(texts[texts.indexOf('At the wall, measured') + 1]).toBe('380 W');
    const without = (await ask([[miningCard()]])).texts;
    expect(without).not.toContain('At the wall, measured');
    expect(without).not.toContain(notIn);
  });
});

describe('its last 24 hours', () => {
  const hour = 3_600_000;
  const working = (startMs: number, known: Partial<LedgerRow> = {}) =>
    northRow({ startMs, stateSeconds: { ...noStates(), mining: 3600, rented: 3600 }, ...known });
  const askWith = (ledger: MemoryLedger) =>
    answer(rig, { name: 'a1' }, contextOf(snapshotOf([rigOf([miningCard()])]), farm, { ledger }));

  it('are drawn by work state; hours that the ledger lacks are gaps', async () => {
    const ledger = new MemoryLedger();
    const models = [{ model: 'RTX 3090', ownedSeconds: 900, observedSeconds: 450, rentedSeconds: 0 }];
    const quarter = { seconds: 900, models, stateSeconds: { ...noStates(), mining: 450 } };
    const rows = [
      working(atMs - 24 * hour),
      working(atMs - 2 * hour, quarter),
      working(atMs - 2 * hour + 900_000, quarter),
      working(atMs - hour, { rig: 'b1' }),
      // It answered in part and showed no card: that is not 0 GPU-hours of everything.
      working(atMs - 3 * hour, { observedSeconds: 0, stateSeconds: noStates() }),
      working(atMs - 25 * hour),
    ];
    await ledger.commit({ rows, accounts: [] });
    const { reply } = await askWith(ledger);
    const chart = reply.blocks.find((block) => block.kind === 'chart');
    expect(chart).toMatchObject({
      form: 'stacked bars',
      unit: 'GPU-hours',
      alt: 'GPU-hours: rented 1, mining 1.3; 2 of 24 hours are in the ledger, 1 of them observed in part',
      series: [{ name: 'rented' }, { name: 'mining' }, { name: 'not observed' }],
    });
    const [, mining, unobserved] = chart?.series ?? [];
    // Two quarters of one card, each seen for half of its time, and two without a row.
    expect(unobserved?.values).toEqual([0, ...Array(21).fill(null), 0.75, null]);
    expect(mining?.values).toEqual([1, ...Array(21).fill(null), 0.25, null]);
    expect(chart?.along).toMatchObject({ kind: 'instants' });
    expect(chart?.along.kind === 'instants' && chart.along.atMs).toEqual(
      Array.from({ length: 24 }, (_, index) => atMs + (index - 24) * hour),
    );
  });

  it('are not drawn where nothing is known of them', async () => {
    const { reply, facts } = await askWith(new MemoryLedger());
    expect(facts.hours).toHaveLength(24);
    expect(reply.blocks.filter(({ kind }) => kind === 'chart')).toEqual([]);
  });

  it('are unknown, and said to be, while the ledger does not answer', async () => {
    const ledger = new MemoryLedger();
    ledger.rows = () => Promise.reject(new UpstreamError('store', 'the disk is gone'));
    const { texts, facts } = await askWith(ledger);
    expect(facts.hours).toBeNull();
    expect(texts).toContain('the ledger does not answer: what the rig did in the last day is unknown');
  });
});

it('suggests the nearest name', async () => {
  const context = contextOf(snapshotOf([rigOf([])]), farm);
  await expect(answer(rig, { name: 'a2' }, context)).rejects.toMatchObject({ remedy: 'Did you mean rig:a1?' });
});

it('whatever is known, the facts fit and the reply reads well', async () => {
  await fc.assert(
    fc.asyncProperty(anySituation, fc.constantFrom('a1', 'b1'), async ({ snapshot, farm: any }, name) => {
      const { facts } = await answer(rig, { name }, contextOf(snapshot, any));
      expect(facts.cards).toHaveLength(facts.gpus.total);
    }),
  );
});
