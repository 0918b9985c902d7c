import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addCard,
  type CardInputs,
  type Comparison,
  compare,
  type Knowledge,
  knowledgeOf,
  mergeSums,
  noSums,
} from '../../src/domain/economics/comparison.ts';

const pue = 1.1;
const alwaysMined = { idleShareMined: 1, switchesPerDay: 0, switchHours: 0 };

/** Case G26 of ECONOMICS.md: one RTX 3090. */
const g26 = {
  miningPerDay: 0.6,
  miningWatts: 294 * pue,
  rentPerHour: 0.22,
  platformFee: 0.25,
  occupancy: 0.6,
  rentalWatts: 300 * pue,
  idleWatts: 25 * pue,
  offWatts: 0,
  pricePerKwh: 0.06,
  operations: { mining: 0.02, rental: 0.05, off: 0 },
} satisfies CardInputs;

function compareCards(cards: readonly CardInputs[], mixed = alwaysMined): Comparison {
  const sums = noSums();
  for (const card of cards) addCard(sums, card, mixed);
  return compare(sums, cards[0] === undefined ? 'nothing' : knowledgeOf(cards[0]));
}

describe('case G26', () => {
  const { mine, rent, mixed, off, breakEven } = compareCards([g26]);

  it.each([
    ['net_mine', mine?.net, 6, '0.114304'],
    ['net_ai', rent?.net, 6, '2.025040'],
    ['net_mixed', mixed?.net, 7, '2.0946016'],
    ['u*', breakEven.occupancy, 7, '0.0578550'],
    ['p*', breakEven.rentPerGpuHour, 7, '0.0430800'],
    ['c*_mine', breakEven.pricePerKwhMine, 7, '0.0747269'],
    ['c*_ai', breakEven.pricePerKwhRent, 7, '0.4637161'],
    ['net_off', off?.net, 6, '0.000000'],
  ])('%s', (_name, figure, digits, printed) => {
    expect(figure?.toFixed(digits)).toBe(printed);
  });

  it('has no rental break-even where next to nothing is rented: it is unknown, not infinite', () => {
    const { breakEven } = compareCards([{ ...g26, occupancy: 5e-324 }]);
    expect(breakEven.rentPerGpuHour).toBeNull();
    expect(breakEven.occupancy).toBeCloseTo(0.057855, 6);
  });

  it('c*_mine before operations', () => {
    const free = { ...g26, operations: { mining: 0, rental: 0, off: 0 } };
    expect(compareCards([free]).breakEven.pricePerKwhMine?.toFixed(7)).toBe('0.0773036');
  });

  it('kappa', () => {
    const watt = compareCards([{ ...g26, miningWatts: pue }]);
    expect(watt.mine?.power.toFixed(6)).toBe('0.001584');
  });

  it('revenue, power and operations add up to the net', () => {
    for (const way of [mine, rent, mixed, off]) {
      expect(way?.net).toBeCloseTo((way?.revenue ?? 0) - (way?.power ?? 0) - (way?.operations ?? 0), 12);
    }
  });
});

describe('mine while idle', () => {
  it('idles the share of time that is not mined', () => {
    const halfMined = compareCards([g26], { ...alwaysMined, idleShareMined: 0.5 });
    const kappa = 0.001584;
    const rented = 0.6 * (24 * 0.22 * 0.75 - kappa * 300);
    const idle = 0.4 * (0.5 * (0.6 - kappa * 294) - 0.5 * kappa * 25);
    expect(halfMined.mixed?.net).toBeCloseTo(rented + idle - 0.05, 12);
  });

  it('loses n_sw * t_sw / 24 of a mined day to switching', () => {
    const without = compareCards([g26]);
    const switching = compareCards([g26], { idleShareMined: 1, switchesPerDay: 2, switchHours: 0.5 });
    expect((without.mixed?.net ?? 0) - (switching.mixed?.net ?? 0)).toBeCloseTo((2 * 0.5 * 0.6) / 24, 12);
  });
});

describe('guards of the break-even occupancy', () => {
  it.each<[string, Partial<CardInputs>, string]>([
    ['in between', {}, 'reachable'],
    ['mining makes more than a full day rented', { miningPerDay: 50 }, 'never'],
    ['mining loses more than idling', { miningPerDay: 0, operations: { mining: 1, rental: 0, off: 0 } }, 'always'],
    ['a rented hour earns less than its power', { rentPerHour: 0.001 }, 'no-gain'],
    ['no rental price', { rentPerHour: null }, 'unknown'],
    ['no hashrate', { miningPerDay: null }, 'unknown'],
  ])('%s: %s', (_name, change, meaning) => {
    expect(compareCards([{ ...g26, ...change }]).breakEven.occupancyMeaning).toBe(meaning);
  });

  it('has a figure outside 0..1, and none where renting adds nothing', () => {
    expect(compareCards([{ ...g26, miningPerDay: 50 }]).breakEven.occupancy).toBeGreaterThan(1);
    const losing = { ...g26, miningPerDay: 0, operations: { mining: 1, rental: 0, off: 0 } };
    expect(compareCards([losing]).breakEven.occupancy).toBeLessThan(0);
    expect(compareCards([{ ...g26, rentPerHour: 0.001 }]).breakEven.occupancy).toBeNull();
  });

  it('is known without an occupancy of our own', () => {
    const { breakEven, rent } = compareCards([{ ...g26, occupancy: null }]);
    expect(breakEven.occupancy?.toFixed(7)).toBe('0.0578550');
    expect(rent).toBeNull();
    expect(breakEven.rentPerGpuHour).toBeNull();
  });

  it('has no price that would do at an occupancy of 0', () => {
    expect(compareCards([{ ...g26, occupancy: 0 }]).breakEven.rentPerGpuHour).toBeNull();
  });
});

describe('an unknown input never becomes 0', () => {
  it.each<[Partial<CardInputs>, Knowledge, readonly (keyof Comparison)[]]>([
    [{}, 'mine+rent', ['mine', 'rent', 'mixed', 'off']],
    [{ occupancy: null }, 'mine+rate', ['mine', 'off']],
    [{ rentPerHour: null }, 'mine', ['mine', 'off']],
    [{ rentalWatts: null }, 'mine', ['mine', 'off']],
    [{ miningPerDay: null }, 'rent', ['rent', 'off']],
    [{ miningWatts: null }, 'rent', ['rent', 'off']],
    [{ miningPerDay: null, occupancy: null }, 'off', ['off']],
    [{ miningWatts: null, rentalWatts: null }, 'off', ['off']],
    [{ operations: null }, 'nothing', []],
  ])('%j: %s', (change, knowledge, known) => {
    const card = { ...g26, ...change };
    expect(knowledgeOf(card)).toBe(knowledge);
    const comparison = compareCards([card]);
    const ways = ['mine', 'rent', 'mixed', 'off'] as const;
    expect(ways.filter((way) => comparison[way] !== null)).toEqual(known);
  });

  it('nothing is known of no cards', () => {
    const { breakEven, ...ways } = compareCards([]);
    expect(ways).toEqual({ mine: null, rent: null, mixed: null, off: null });
    expect(breakEven).toEqual({
      occupancy: null,
      occupancyMeaning: 'unknown',
      rentPerGpuHour: null,
      pricePerKwhMine: null,
      pricePerKwhRent: null,
    });
  });
});

const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const anyCard = fc.record({
  miningPerDay: between(0.01, 20),
  miningWatts: between(50, 700),
  rentPerHour: between(0.01, 5),
  platformFee: between(0, 0.5),
  occupancy: between(0.01, 1),
  rentalWatts: between(50, 700),
  idleWatts: between(1, 50),
  offWatts: between(0, 10),
  pricePerKwh: between(0.01, 0.5),
  operations: fc.record({ mining: between(0, 1), rental: between(0, 1), off: between(0, 1) }),
});

/** To the cent of a cent of the largest figure at play. */
function meet(a: number | undefined, b: number | undefined): void {
  expect(a).toBeDefined();
  expect(b).toBeDefined();
  const size = Math.max(1, Math.abs(a ?? 0), Math.abs(b ?? 0));
  expect(Math.abs((a ?? 0) - (b ?? 0))).toBeLessThan(1e-6 * size);
}

describe('break-evens are where the curves cross', () => {
  it('u*: renting at that occupancy makes as much as mining', () => {
    fc.assert(
      fc.property(anyCard, (card) => {
        const { breakEven } = compareCards([card]);
        fc.pre(breakEven.occupancy !== null && Math.abs(breakEven.occupancy) < 1e4);
        const there = compareCards([{ ...card, occupancy: breakEven.occupancy }]);
        meet(there.rent?.net, there.mine?.net);
      }),
    );
  });

  it('p*: renting at that price makes as much as mining', () => {
    fc.assert(
      fc.property(anyCard, (card) => {
        const there = compareCards([{ ...card, rentPerHour: compareCards([card]).breakEven.rentPerGpuHour }]);
        meet(there.rent?.net, there.mine?.net);
      }),
    );
  });

  it('c*: mining, and renting, make nothing at that price of power', () => {
    fc.assert(
      fc.property(anyCard, (card) => {
        const { breakEven } = compareCards([card]);
        meet(compareCards([{ ...card, pricePerKwh: breakEven.pricePerKwhMine ?? Number.NaN }]).mine?.net, 0);
        meet(compareCards([{ ...card, pricePerKwh: breakEven.pricePerKwhRent ?? Number.NaN }]).rent?.net, 0);
      }),
    );
  });

  it('renting wins above u* and mining below, where it is reachable', () => {
    fc.assert(
      fc.property(anyCard, between(0, 1), (card, occupancy) => {
        const { breakEven, rent, mine } = compareCards([{ ...card, occupancy }]);
        fc.pre(breakEven.occupancyMeaning === 'reachable' && Math.abs(occupancy - (breakEven.occupancy ?? 0)) > 1e-6);
        expect((rent?.net ?? 0) > (mine?.net ?? 0)).toBe(occupancy > (breakEven.occupancy ?? 0));
      }),
    );
  });
});

it('a fleet is the sum of its cards, in any order and however it is cut', () => {
  fc.assert(
    fc.property(fc.array(anyCard, { minLength: 1, maxLength: 8 }), fc.nat(8), (cards, cut) => {
      const whole = compareCards(cards);
      const parts = [cards.slice(0, cut), cards.slice(cut)].map((part) => {
        const sums = noSums();
        for (const card of part) addCard(sums, card, alwaysMined);
        return sums;
      });
      const merged = noSums();
      for (const part of parts.toReversed()) mergeSums(merged, part);
      for (const way of ['mine', 'rent', 'mixed', 'off'] as const) {
        const oneByOne = cards.reduce((sum, card) => sum + (compareCards([card])[way]?.net ?? Number.NaN), 0);
        meet(whole[way]?.net, oneByOne);
        meet(compare(merged, 'mine+rent')[way]?.net, oneByOne);
      }
    }),
  );
});
