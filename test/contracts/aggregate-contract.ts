import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RigDayAggregate, SignalDay } from '../../src/domain/aggregates.ts';
import type { AggregateStore, Store } from '../../src/ports/store.ts';
import { anyCards, anySignals } from '../store/any-aggregates.ts';
import { firstHourMs, hourMs } from '../store/ledger-rows.ts';
import { memoryAggregates } from '../support/memory-aggregates.ts';

const allTime = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER };
const dayMs = 24 * hourMs;

type Part = Parameters<AggregateStore['add']>[0][number];

/** What every store of daily aggregates promises. `openEmpty` opens one with nothing in it. */
export function aggregateContract(name: string, openEmpty: () => Promise<Pick<Store, 'aggregates' | 'close'>>): void {
  describe(`${name} as a store of daily aggregates`, () => {
    let store: Pick<Store, 'aggregates' | 'close'>;
    let aggregates: AggregateStore;
    beforeEach(async () => {
      store = await openEmpty();
      aggregates = store.aggregates;
    });
    afterEach(() => store.close());

    test('has none at first', async () => {
      await aggregates.add([]);
      expect(await aggregates.days(allTime)).toEqual([]);
      expect(await aggregates.forget(Number.MAX_SAFE_INTEGER, 10)).toBe(0);
    });

    test('gives back what was added, to the last bit', async () => {
      const day = signalDay({ seconds: 1 / 3, min: -5e-324, max: 1e300, last: 0.1 + 0.2, beyond: [0, 0.5] });
      const counter = signalDay({ increase: 12, beyond: [] });
      const part = partOf('rig-é 北', 0, {
        host: { load: day },
        cards: { 'a/#0': { xids: counter }, ['__proto__']: {} },
      });
      await aggregates.add([part]);
      expect(await aggregates.days(allTime)).toStrictEqual([withoutStart(part)]);
    });

    test('adds up the hours of a day, and keeps the days apart', async () => {
      const temperature = (max: number) => ({
        temperature: signalDay({ seconds: 3_600, max, last: max, beyond: [60] }),
      });
      await aggregates.add([partOf('a', 0, { host: temperature(70) })]);
      await aggregates.add([partOf('a', 1, { host: temperature(80) }), partOf('a', 24, { host: temperature(90) })]);
      await aggregates.add([partOf('a', 2, { host: temperature(75) })]);
      expect(await aggregates.days(allTime)).toMatchObject([
        {
          dayMs: firstHourMs,
          untilMs: at(3),
          host: { temperature: { seconds: 10_800, max: 80, last: 75, increase: null, beyond: [180] } },
        },
        { dayMs: firstHourMs + dayMs, untilMs: at(25), host: { temperature: { seconds: 3_600, max: 90 } } },
      ]);
    });

    test('leaves out what was added before, and adds what is new beside it', async () => {
      const hour = (rig: string, index: number) => partOf(rig, index, { host: { load: signalDay({ seconds: 10 }) } });
      const secondsOf = async () =>
        (await aggregates.days(allTime)).map(({ rig, host }) => [rig, host['load']?.seconds]);
      await aggregates.add([hour('a', 0), hour('a', 1)]);
      await aggregates.add([hour('a', 1), hour('b', 1), hour('a', 0)]);
      expect(await secondsOf()).toEqual([
        ['a', 20],
        ['b', 10],
      ]);
      // From the middle of what is there: nobody knows which part of it is new.
      await aggregates.add([{ ...hour('a', 1), fromMs: at(1.5), untilMs: at(2.5) }]);
      expect(await secondsOf()).toEqual([
        ['a', 20],
        ['b', 10],
      ]);
    });

    test('adds an hour once where it is added twice at once', async () => {
      const hours = Array.from({ length: 120 }, (_, rig) =>
        partOf(`rig-${rig}`, 0, { host: { load: signalDay({ seconds: 10 }) } }),
      );
      await Promise.all([aggregates.add(hours), aggregates.add(hours), aggregates.add(hours)]);
      const days = await aggregates.days(allTime);
      expect(days).toHaveLength(120);
      expect(new Set(days.map(({ host }) => host['load']?.seconds))).toEqual(new Set([10]));
    });

    test('lists the days that start in a range, in the order of day, then rig, also of one rig', async () => {
      await aggregates.add([0, 24, 48].flatMap((hour) => ['b', 'a', 'Z', 'é'].map((rig) => partOf(rig, hour))));
      const listed = async (range: { fromMs: number; toMs: number; rig?: string }) =>
        (await aggregates.days(range)).map((day) => `${(day.dayMs - firstHourMs) / dayMs} ${day.rig}`);
      expect(await listed({ fromMs: at(0), toMs: at(48) })).toEqual([
        '0 Z',
        '0 a',
        '0 b',
        '0 é',
        '1 Z',
        '1 a',
        '1 b',
        '1 é',
      ]);
      expect(await listed({ fromMs: at(0) + 1, toMs: at(49), rig: 'a' })).toEqual(['1 a', '2 a']);
      expect(await listed({ fromMs: at(24), toMs: at(24) })).toEqual([]);
    });

    test('lists more days than one page holds', async () => {
      const parts = Array.from({ length: 130 }, (_, rig) => partOf(`rig-${String(rig).padStart(3, '0')}`, 0));
      await aggregates.add(parts);
      expect(await aggregates.days(allTime)).toEqual(parts.map(withoutStart));
    });

    test('forgets days that start before, the oldest first, so many at a time', async () => {
      await aggregates.add([24, 0, 48].flatMap((hour) => ['b', 'a'].map((rig) => partOf(rig, hour))));
      expect(await aggregates.forget(at(0), 10)).toBe(0);
      expect(await aggregates.forget(at(48), 3)).toBe(3);
      expect((await aggregates.days(allTime)).map(({ rig, dayMs: day }) => [rig, day])).toEqual([
        ['b', at(24)],
        ['a', at(48)],
        ['b', at(48)],
      ]);
      expect(await aggregates.forget(at(48), 3)).toBe(1);
      expect(await aggregates.forget(at(48), 3)).toBe(0);
    });

    test.each<[string, Part]>([
      ['a figure that is none', partOf('a', 0, { host: { load: signalDay({ last: Number.NaN }) } })],
      ['a sum without end', partOf('a', 0, { cards: { x: { load: signalDay({ increase: Infinity }) } } })],
      ['a threshold that is none', partOf('a', 0, { host: { load: signalDay({ beyond: [1, Number.NaN] }) } })],
      ['a time that is none', { ...partOf('a', 0), untilMs: 1.5 + firstHourMs }],
      ['an end before the beginning', { ...partOf('a', 1), untilMs: at(0) }],
    ])('refuses %s, and leaves the rig as it was', async (_, part) => {
      const before = { ...partOf('a', 0), untilMs: at(0) + 1 };
      await aggregates.add([before]);
      await expect(aggregates.add([{ ...part, fromMs: at(0) + 2 }])).rejects.toThrow(/rig a|invalid time/);
      expect(await aggregates.days(allTime)).toEqual([withoutStart(before)]);
    });

    test('answers any sequence of calls as the one in memory does', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(anyCall, { minLength: 5, maxLength: 20 }), async (calls) => {
          const model = memoryAggregates();
          for (const call of calls) expect(await call(aggregates)).toStrictEqual(await call(model));
          await aggregates.forget(Number.MAX_SAFE_INTEGER, 1_000);
        }),
        { numRuns: 25 },
      );
    });
  });
}

function signalDay(changes: Partial<SignalDay> = {}): SignalDay {
  return { seconds: 3_600, min: 40, max: 70, last: 55, increase: null, beyond: [0, 0], ...changes };
}

/** The hour that begins so many hours after the first day's start. */
function partOf(rig: string, hour: number, changes: Partial<RigDayAggregate> = {}): Part {
  const day = Math.floor(hour / 24);
  return {
    rig,
    dayMs: firstHourMs + day * dayMs,
    fromMs: at(hour),
    untilMs: at(hour + 1),
    host: {},
    cards: {},
    ...changes,
  };
}

function withoutStart({ fromMs: _, ...aggregate }: Part): RigDayAggregate {
  return aggregate;
}

function at(hour: number): number {
  return firstHourMs + hour * hourMs;
}

const aRig = fc.constantFrom('a', 'b', 'c');
const anHour = fc.integer({ min: 0, max: 30 });
const aPart = fc
  .record({ rig: aRig, hour: anHour, host: anySignals, cards: anyCards })
  .map(({ rig, hour, host, cards }) => partOf(rig, hour, { host, cards }));

const anyCall: fc.Arbitrary<(aggregates: AggregateStore) => Promise<unknown>> = fc.oneof(
  fc.array(aPart, { maxLength: 5 }).map((parts) => (aggregates: AggregateStore) => aggregates.add(parts)),
  fc
    .record(
      { fromMs: anHour.map(at), toMs: anHour.map((hour) => at(hour + 20)), rig: aRig },
      { requiredKeys: ['fromMs', 'toMs'], noNullPrototype: true },
    )
    .map((range) => (aggregates: AggregateStore) => aggregates.days(range)),
  fc
    .tuple(anHour.map(at), fc.integer({ min: 0, max: 3 }))
    .map((args) => (aggregates: AggregateStore) => aggregates.forget(...args)),
);
