import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CardEvidence, decideStates, type RigEvidence } from '../../src/domain/observation/work-states.ts';
import type { MarketplaceMachine } from '../../src/domain/rig.ts';
import { type WorkState, workStates } from '../../src/domain/work-state.ts';
import { machineOf } from '../support/rigs.ts';

const nothing: CardEvidence = {
  present: true,
  hashrate: null,
  utilisationRatio: null,
  computeApps: null,
  processes: null,
};
const isMiner = (process: string) => process === 't-rex';
const rig = (known: Partial<RigEvidence> = {}): RigEvidence => ({
  rigDown: false,
  machine: null,
  looseMiningCards: 0,
  isMiner,
  ...known,
});
const listed = (known: Partial<MarketplaceMachine> = {}) =>
  machineOf({ listed: true, online: true, rentedGpus: 0, ...known });

const gone = { ...nothing, present: false };
const mining = { ...nothing, hashrate: 60e6, utilisationRatio: 1, processes: ['t-rex'] };
const busy = { ...nothing, utilisationRatio: 0.9, processes: ['python'] };
const idle = { ...nothing, utilisationRatio: 0.01, processes: [] };

/** States of the cards, and what the rig counts of each state. */
function decided(cards: readonly CardEvidence[], evidence: Partial<RigEvidence> = {}) {
  const { cards: states, counts, problems } = decideStates(cards, rig(evidence));
  const counted = Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
  return { states: states.map(({ state }) => state), counted, problems };
}

describe('one card', () => {
  it.each<[string, CardEvidence, Partial<RigEvidence>, WorkState]>([
    ['the rig is down, before anything else', mining, { rigDown: true, machine: listed({ rentedGpus: 1 }) }, 'down'],
    ['the card is gone', { ...mining, present: false }, {}, 'down'],
    ['rented, before mining', mining, { machine: listed({ rentedGpus: 1 }) }, 'rented'],
    ['its exporter is away', { ...nothing, present: true, isUnseen: true }, {}, 'unknown'],
    [
      'its exporter is away, and all are rented',
      { ...nothing, present: true, isUnseen: true },
      { machine: listed({ rentedGpus: 1 }) },
      'rented',
    ],
    ['rented, though nothing else is known', nothing, { machine: listed({ rentedGpus: 1 }) }, 'rented'],
    ['a hashrate, before its processes', { ...mining, processes: ['python'] }, {}, 'mining'],
    ['a process that is no miner', busy, {}, 'busy'],
    ['a process that is no miner, beside a miner', { ...busy, processes: ['t-rex', 'python'] }, {}, 'busy'],
    ['work that may be a renter’s: its marketplace does not answer', busy, { machine: machineOf() }, 'unknown'],
    ['a miner without a hashrate', { ...busy, processes: ['t-rex'] }, {}, 'unknown'],
    ['a miner that waits', { ...idle, processes: ['t-rex'] }, {}, 'unknown'],
    ['a bare count of processes', { ...nothing, utilisationRatio: 0.9, computeApps: 2 }, {}, 'unknown'],
    ['a bare count of processes that wait', { ...nothing, utilisationRatio: 0, computeApps: 2 }, {}, 'unknown'],
    ['works, and nobody says at what', { ...nothing, utilisationRatio: 0.9 }, {}, 'unknown'],
    ['a hashrate of 0 alone', { ...nothing, hashrate: 0 }, {}, 'unknown'],
    ['a hashrate of 0 and no utilisation', { ...nothing, hashrate: 0, utilisationRatio: 0 }, {}, 'idle-unlisted'],
    ['nothing known', nothing, {}, 'unknown'],
    ['idle, on no marketplace', idle, {}, 'idle-unlisted'],
    ['idle and listed', idle, { machine: listed() }, 'idle-listed'],
    ['idle and not listed', idle, { machine: listed({ listed: false }) }, 'idle-unlisted'],
    ['idle and offline', idle, { machine: listed({ online: false }) }, 'idle-unlisted'],
    ['idle, but what is rented is not printed', idle, { machine: listed({ rentedGpus: null }) }, 'unknown'],
    ['idle under the default job of the host', idle, { machine: listed({ defaultJobGpus: 1 }) }, 'idle-listed'],
    [
      'works under the default job',
      { ...nothing, utilisationRatio: 1 },
      { machine: listed({ defaultJobGpus: 1 }) },
      'unknown',
    ],
    ['works for the host himself', { ...nothing, utilisationRatio: 1 }, { machine: listed({ ownGpus: 1 }) }, 'unknown'],
  ])('%s', (_name, card, evidence, state) => {
    expect(decided([card], evidence)).toMatchObject({ states: [state], counted: { [state]: 1 } });
  });

  it.each<[CardEvidence, RegExp]>([
    [{ ...nothing, utilisationRatio: 0.9 }, /works at 90 %/],
    [{ ...nothing, processes: ['t-rex'] }, /t-rex runs, but no hashrate/],
    [{ ...nothing, utilisationRatio: 0, computeApps: 2 }, /2 compute processes run/],
    [{ ...nothing, hashrate: 0 }, /a hashrate of 0/],
    [nothing, /neither hashrate nor utilisation/],
  ])('says why it is unknown: %j', (card, why) => {
    expect(decideStates([card], rig()).cards[0]?.evidence).toMatch(why);
  });
});

describe('a marketplace counts per machine', () => {
  const rented = (rentedGpus: number) => ({ machine: listed({ rentedGpus }) });
  it.each<
    [string, readonly CardEvidence[], Partial<RigEvidence>, readonly WorkState[], Partial<Record<WorkState, number>>]
  >([
    ['all', [busy, idle], rented(2), ['rented', 'rented'], { rented: 2 }],
    ['more than there are', [busy, idle], rented(3), ['rented', 'rented'], { rented: 2 }],
    ['all but the one that is gone', [busy, gone], rented(2), ['rented', 'down'], { rented: 1, down: 1 }],
    [
      'some: which ones is unknown',
      [busy, busy, busy],
      rented(1),
      ['unknown', 'unknown', 'unknown'],
      { rented: 1, unknown: 2 },
    ],
    [
      'some: as many as wait are idle',
      [busy, busy, idle, idle],
      rented(2),
      Array(4).fill('unknown'),
      { rented: 2, 'idle-listed': 2 },
    ],
    ['some: the rest wait', [idle, idle, idle], rented(1), Array(3).fill('unknown'), { rented: 1, 'idle-listed': 2 }],
    ['some: only the others hash', [mining, busy], rented(1), ['mining', 'rented'], { mining: 1, rented: 1 }],
    [
      'some: one hashes',
      [mining, busy, busy],
      rented(1),
      ['mining', 'unknown', 'unknown'],
      { mining: 1, rented: 1, unknown: 1 },
    ],
    ['none while the rig is down', [busy, busy], { ...rented(1), rigDown: true }, ['down', 'down'], { down: 2 }],
  ])('%s', (_name, cards, evidence, states, counted) => {
    expect(decided(cards, evidence)).toEqual({ states, counted, problems: [] });
  });

  it.each<[string, number | null, readonly (readonly [string, number])[], number]>([
    ['another platform adds to it', 1, [['runpod', 1]], 2],
    ['what the operator prints of the same marketplace does not', 1, [['Vast.ai', 3]], 1],
    ['but where the marketplace does not say, it counts', null, [['vast', 2]], 2],
    ['never more than there are cards', 2, [['runpod', 7]], 4],
    ['none', 0, [['runpod', 0]], 0],
  ])('rentals: %s', (_name, rentedGpus, printed, count) => {
    const rentals = printed.map(([platform, gpus]) => ({ platform, gpus }));
    const machine = listed({ rentedGpus });
    expect(decided([busy, busy, busy, busy], { machine, rentals }).counted['rented'] ?? 0).toBe(count);
  });

  it('a card that is down may be the rented one: one that hashes is not', () => {
    expect(decided([gone, mining], rented(1))).toEqual({
      states: ['down', 'mining'],
      counted: { down: 1, mining: 1 },
      problems: [],
    });
    expect(decided([gone, mining, mining, idle], rented(2)).counted).toEqual({ down: 1, mining: 2, rented: 1 });
    expect(decided([gone, busy, idle], rented(2)).counted).toEqual({ down: 1, rented: 2 });
  });

  it('says which platforms count', () => {
    const rentals = [{ platform: 'runpod', gpus: 1 }];
    const { cards } = decideStates([busy, busy], rig({ machine: listed({ rentedGpus: 1 }), rentals }));
    expect(cards[0]?.evidence).toBe('runpod and vast count 2 of 2 GPUs rented');
  });

  it('and the miner hashes on more cards than are free: that is said, and nothing counts twice', () => {
    const { counted, problems } = decided([mining, mining, busy], rented(2));
    expect(counted).toEqual({ rented: 2, mining: 1 });
    expect(problems).toEqual([expect.stringMatching(/2 of 3 GPUs are rented, yet 2 hash/)]);
  });
});

it("a miner's cards that could not be tied are counted among those of unknown work first", () => {
  expect(decided([nothing, nothing, idle], { looseMiningCards: 1 }).counted).toEqual({
    mining: 1,
    unknown: 1,
    'idle-unlisted': 1,
  });
  expect(decided([busy, idle], { looseMiningCards: 5 }).counted).toEqual({ busy: 1, mining: 1 });
});

it('the counts are those of all GPUs, whatever the evidence', () => {
  const ratio = fc.option(fc.double({ min: 0, max: 1, noNaN: true }));
  const card = fc.record({
    present: fc.boolean(),
    hashrate: fc.option(fc.constantFrom(0, 60e6)),
    utilisationRatio: ratio,
    computeApps: fc.option(fc.nat(3)),
    processes: fc.option(fc.subarray(['t-rex', 'python'])),
  });
  const count = fc.option(fc.nat(10));
  const market = fc.option(fc.record({ rentedGpus: count, defaultJobGpus: count, listed: fc.option(fc.boolean()) }));
  fc.assert(
    fc.property(fc.array(card, { maxLength: 8 }), fc.boolean(), market, fc.nat(10), (cards, rigDown, known, loose) => {
      const evidence = { rigDown, machine: known === null ? null : machineOf(known), looseMiningCards: loose };
      const { cards: states, counts } = decideStates(cards, rig(evidence));
      expect(states).toHaveLength(cards.length);
      expect(workStates.reduce((sum, state) => sum + counts[state], 0)).toBe(cards.length);
      expect(Math.min(...Object.values(counts))).toBeGreaterThanOrEqual(0);
      for (const { evidence: why } of states) expect(why).not.toBe('');
    }),
  );
});
