import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StateTimes } from '../../src/domain/metrics-settings.ts';
import { type RigMemory, type SettledRig, settleStates } from '../../src/domain/observation/settle-states.ts';
import { type CardEvidence, decideStates } from '../../src/domain/observation/work-states.ts';
import type { Gpu, Rig } from '../../src/domain/rig.ts';
import { type WorkState, workStates } from '../../src/domain/work-state.ts';
import { asicOf, gpuOf, machineOf, rigOf } from '../support/rigs.ts';

const times: StateTimes = { miningGapMs: 120_000, downAfterMs: 60_000 };
const stepMs = 20_000;

/** One card's states as seen, every 20 s from 0 on; what is believed of it each time, `?` while it is not settled. */
function told(seen: readonly WorkState[], known: Partial<StateTimes> = {}): string[] {
  return settleAll(
    seen.map((state) => rig(state)),
    { ...times, ...known },
  ).map(({ rig: { gpus } }) => {
    const [card] = gpus as [Gpu];
    return `${card.state}${card.unsettled === null ? '' : '?'} ${card.stateSinceMs === null ? '-' : card.stateSinceMs / 1000}`;
  });
}

function rig(...states: readonly WorkState[]): Rig {
  return rigOf(states.map((state, index) => gpuOf({ key: `g${index}`, index, state, stateEvidence: 'as it is seen' })));
}

/** A rig none of whose exporters answers. */
function away(...states: readonly WorkState[]): Rig {
  const { gpus } = rig(...states.map(() => 'down' as const));
  return rigOf(gpus, { state: 'down' });
}

function settleAll(seen: readonly Rig[], of: StateTimes = times): SettledRig[] {
  let memory: RigMemory | null = null;
  return seen.map((one, index) => {
    const settled = settleStates(one, memory, of, index * stepMs);
    ({ memory } = settled);
    return settled;
  });
}

function repeat<T>(value: T, count: number): T[] {
  return Array.from({ length: count }, () => value);
}

describe('one card', () => {
  it.each<[string, readonly WorkState[], readonly string[]]>([
    ['is what it is seen to be', ['busy', 'busy', 'rented'], ['busy -', 'busy -', 'rented 40']],
    [
      'that mines goes on mining between two jobs',
      ['mining', 'idle-unlisted', 'unknown', 'mining'],
      ['mining -', 'mining? -', 'mining? -', 'mining -'],
    ],
    [
      'that stopped mining is idle since it stopped, once that is believed',
      ['mining', ...repeat<WorkState>('idle-unlisted', 8)],
      ['mining -', ...repeat('mining? -', 6), 'idle-unlisted 20', 'idle-unlisted 20'],
    ],
    ['that mines is rented at once', ['mining', 'idle-listed', 'rented'], ['mining -', 'mining? -', 'rented 40']],
    ['that mines is busy at once', ['mining', 'busy'], ['mining -', 'busy 20']],
    ['that is idle mines at once', ['idle-unlisted', 'mining'], ['idle-unlisted -', 'mining 20']],
    ['that was rented is idle at once', ['rented', 'idle-listed'], ['rented -', 'idle-listed 20']],
    [
      'that is gone is unknown before it is down, since it went',
      ['busy', 'down', 'down', 'down', 'down', 'down'],
      ['busy -', 'unknown? 20', 'unknown? 20', 'unknown? 20', 'down 20', 'down 20'],
    ],
    [
      'that flickers is never down',
      ['busy', 'down', 'busy', 'down', 'busy', 'down', 'busy'],
      ['busy -', 'unknown? 20', 'busy -', 'unknown? 60', 'busy -', 'unknown? 100', 'busy -'],
    ],
    ['that was never seen is unknown first', ['down', 'down', 'down', 'down'], [...repeat('unknown? 0', 3), 'down -']],
    [
      'that was down is up at once',
      [...repeat<WorkState>('down', 4), 'busy'],
      [...repeat('unknown? 0', 3), 'down -', 'busy 80'],
    ],
    [
      'that flickers does not mine for ever',
      ['mining', 'down', 'idle-unlisted', 'down', 'idle-unlisted', 'down', 'idle-unlisted', 'down', 'idle-unlisted'],
      [
        'mining -',
        'unknown? 20',
        'mining? -',
        'unknown? 60',
        'mining? -',
        'unknown? 100',
        'mining? -',
        'unknown? 140',
        'idle-unlisted 20',
      ],
    ],
  ])('%s', (_name, seen, believed) => {
    expect(told(seen)).toEqual(believed);
  });

  it('says what it waits for', () => {
    const idle = rigOf([gpuOf({ key: 'g0', state: 'idle-unlisted', hashrate: 0 })]);
    const settled = settleAll([rig('mining'), idle, idle, rig('unknown'), away('down'), rig('down')]);
    expect(settled.map(({ rig: { gpus } }) => gpus[0]?.stateEvidence)).toEqual([
      'as it is seen',
      'hashrate 0 for 0 s: between two jobs, so far',
      'hashrate 0 for 20 s: between two jobs, so far',
      'no hashrate is printed for 40 s: still mining, so far',
      'none of the exporters of the rig answers for 0 s',
      'its exporter answers, the card is not printed for 20 s',
    ]);
  });

  it('does not mine on after a time in which nobody looked', () => {
    const { memory } = settleStates(rig('mining'), null, times, 0);
    const seenAt = (atMs: number) => settleStates(rig('idle-unlisted'), memory, times, atMs).rig.gpus[0]?.state;
    expect([seenAt(120_000), seenAt(120_001)]).toEqual(['mining', 'idle-unlisted']);
  });

  it('is not held until a time to come, where the clock was set back', () => {
    const yearMs = 365 * 86_400_000;
    const seen = [rig('mining'), rig('idle-unlisted'), away('idle-unlisted')];
    let memory: RigMemory | null = null;
    for (const [index, one] of seen.entries())
      memory = settleStates(one, memory, times, yearMs + index * stepMs).memory;
    const states: string[] = [];
    for (let atMs = 0; atMs <= 60_000; atMs += stepMs) {
      const settled = settleStates(away('down'), memory, times, atMs);
      memory = settled.memory;
      states.push(`${settled.rig.state} ${settled.rig.silentSinceMs}`);
    }
    expect(states).toEqual(['silent 0', 'silent 0', 'silent 0', 'down 0']);
    const pausing = settleStates(rig('unknown'), settleStates(rig('mining'), null, times, yearMs).memory, times, 0);
    expect(pausing.rig.gpus[0]).toMatchObject({ state: 'mining', stateSinceMs: null });
    const later = [60_000, 120_000].reduce(
      (last, atMs) => settleStates(rig('unknown'), last.memory, times, atMs),
      pausing,
    );
    expect(later.rig.gpus[0]).toMatchObject({ state: 'unknown', stateSinceMs: 0 });
  });
});

it('an ASIC is settled as a card is', () => {
  const asic = (state: WorkState) => rigOf([], { asics: [asicOf({ state })] });
  const settled = settleAll([asic('mining'), ...repeat(asic('idle-unlisted'), 8)]);
  expect(settled.map(({ rig: { asics } }) => asics[0]?.state)).toEqual([
    ...repeat('mining', 7),
    ...repeat('idle-unlisted', 2),
  ]);
  expect(settled.flatMap(({ changes }) => changes)).toMatchObject([
    { atMs: 20_000, from: 'mining', to: 'idle-unlisted' },
  ]);
});

describe('a rig', () => {
  it('none of whose exporters answers is silent before it is down, and its cards are unknown', () => {
    const settled = settleAll([rig('mining', 'busy'), ...repeat(away('down', 'down'), 5), rig('mining', 'busy')]);
    expect(settled.map(({ rig: { state, silentSinceMs } }) => [state, silentSinceMs])).toEqual([
      ['up', null],
      ...repeat(['silent', 20_000], 3),
      ...repeat(['down', 20_000], 2),
      ['up', null],
    ]);
    expect(settled.map(({ rig: { gpuStates } }) => [gpuStates.unknown, gpuStates.down])).toEqual([
      [0, 0],
      ...repeat([2, 0], 3),
      ...repeat([0, 2], 2),
      [0, 0],
    ]);
  });

  it('that was never seen up is silent first', () => {
    expect(settleAll(repeat(away('down'), 5)).map(({ rig: { state } }) => state)).toEqual([
      ...repeat('silent', 3),
      ...repeat('down', 2),
    ]);
  });

  it('keeps each change, and none of what passed', () => {
    const seen = [
      rig('mining'),
      rig('idle-unlisted'),
      rig('mining'),
      away('down'),
      rig('mining'),
      ...repeat(away('down'), 4),
    ];
    expect(settleAll(seen).flatMap(({ changes }) => changes)).toEqual([
      { rig: 'a1', card: null, atMs: 60_000, from: 'up', to: 'silent', evidence: expect.any(String) },
      { rig: 'a1', card: null, atMs: 80_000, from: 'silent', to: 'up', evidence: expect.any(String) },
      { rig: 'a1', card: null, atMs: 100_000, from: 'up', to: 'silent', evidence: expect.any(String) },
      { rig: 'a1', card: null, atMs: 160_000, from: 'silent', to: 'down', evidence: expect.any(String) },
      { rig: 'a1', card: 'g0', atMs: 100_000, from: 'mining', to: 'down', evidence: 'as it is seen' },
    ]);
  });
});

describe('where a marketplace counts', () => {
  const machine = machineOf({ rentedGpus: 1, listed: true, online: true });
  const evidence = { present: true, hashrate: null, utilisationRatio: null, computeApps: null, processes: null };
  const mining: CardEvidence = { ...evidence, hashrate: 6e7 };
  const waiting: CardEvidence = { ...evidence, hashrate: 0, utilisationRatio: 0, processes: [] };
  const busy: CardEvidence = { ...evidence, utilisationRatio: 0.9, processes: ['python'] };
  const seen = (...cards: readonly CardEvidence[]) => assembled(cards, machine.rentedGpus);

  it('the rented card stays rented while the other one is between two jobs', () => {
    const [before, pausing, idle] = settleAll([
      seen(mining, busy),
      seen(waiting, busy),
      ...repeat(seen(waiting, busy), 7),
    ]).filter((_, index) => index < 2 || index === 8);
    expect(before?.rig.gpus.map(({ state }) => state)).toEqual(['mining', 'rented']);
    expect(pausing?.rig.gpus.map(({ state }) => state)).toEqual(['mining', 'rented']);
    expect(pausing?.rig.gpuStates).toMatchObject({ mining: 1, rented: 1 });
    expect(idle?.rig.gpuStates).toMatchObject({ 'idle-listed': 1, rented: 1 });
  });

  it('a rented card whose tenant waits is rented, and a miner that nobody hears is not', () => {
    const all = (rentedGpus: number) => assembled([waiting, waiting], rentedGpus);
    const [, rented, none] = settleAll([seen(mining, busy), all(2), all(0)]);
    expect(rented?.rig.gpuStates).toMatchObject({ rented: 2 });
    expect(none?.rig.gpuStates).toMatchObject({ rented: 0, 'idle-listed': 2 });
  });
});

const cardEvidence = fc.record({
  present: fc.boolean(),
  hashrate: fc.option(fc.constantFrom(0, 60e6)),
  utilisationRatio: fc.option(fc.constantFrom(0, 0.9)),
  computeApps: fc.constant(null),
  processes: fc.option(fc.subarray(['t-rex', 'python'])),
});

/** A rig of these cards as one observation shows it. */
function assembled(cards: readonly CardEvidence[], rentedGpus: number | null, isAway = false): Rig {
  const machine = rentedGpus === null ? null : machineOf({ rentedGpus, listed: true, online: true });
  const { cards: states, counts } = decideStates(cards, {
    rigDown: isAway,
    machine,
    looseMiningCards: 0,
    isMiner: (process) => process === 't-rex',
  });
  const gpus = states.map(({ state, evidence }, index) =>
    gpuOf({ key: `g${index}`, state, stateEvidence: evidence, hashrate: cards[index]?.hashrate ?? null }),
  );
  return { ...rigOf(gpus, { state: isAway ? 'down' : 'up', machine }), gpuStates: counts };
}

const scene = fc.record({
  cards: fc.tuple(cardEvidence, cardEvidence, cardEvidence),
  rentedGpus: fc.option(fc.nat(4)),
  isAway: fc.boolean(),
});
const scenes = fc.array(scene, { minLength: 1, maxLength: 30 });
type Scenes = typeof scenes extends fc.Arbitrary<infer Value> ? Value : never;

function played(told: Scenes): Rig[] {
  return told.map(({ cards, rentedGpus, isAway }) => assembled(cards, rentedGpus, isAway));
}

const anyTimes = fc.record({
  miningGapMs: fc.constantFrom(0, 20_000, 60_000, 100_000),
  downAfterMs: fc.constantFrom(0, 20_000, 60_000, 100_000),
});

describe('whatever is seen', () => {
  it('settling never changes how many cards there are', () => {
    fc.assert(
      fc.property(scenes, anyTimes, (told, of) => {
        for (const { rig: settled } of settleAll(played(told), of)) {
          const counts = workStates.map((state) => settled.gpuStates[state]);
          expect(counts.reduce((sum, count) => sum + count, 0)).toBe(settled.gpus.length);
          expect(Math.min(...counts)).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  it('is believed at once where no time is set', () => {
    fc.assert(
      fc.property(scenes, (told) => {
        const seen = played(told);
        const states = ({ state, gpus, gpuStates }: Rig) => [state, gpus.map((gpu) => gpu.state), gpuStates];
        const settled = settleAll(seen, { miningGapMs: 0, downAfterMs: 0 });
        expect(settled.map((one) => states(one.rig))).toEqual(seen.map(states));
        for (const { rig: one } of settled) expect(one.gpus.every(({ unsettled }) => unsettled === null)).toBe(true);
      }),
    );
  });

  it('what is believed follows from the last minutes alone: a replay that begins later comes to the same', () => {
    fc.assert(
      fc.property(scenes, anyTimes, fc.nat(10), (told, of, skipped) => {
        const seen = played(told);
        const whole = settleAll(seen, of);
        let memory: RigMemory | null = null;
        const firstMs = skipped * stepMs;
        for (const [index, one] of seen.entries()) {
          const atMs = index * stepMs;
          if (atMs < firstMs) continue;
          const settled = settleStates(one, memory, of, atMs);
          ({ memory } = settled);
          if (atMs - firstMs < Math.max(of.miningGapMs, of.downAfterMs)) continue;
          const believed = ({ rig: { state, gpus, gpuStates } }: SettledRig) => ({
            state,
            gpuStates,
            gpus: gpus.map((gpu) => gpu.state),
          });
          expect(believed(settled)).toEqual(believed(whole[index] as SettledRig));
        }
      }),
      { numRuns: 500 },
    );
  });
});
