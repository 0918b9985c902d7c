import { mergeAggregates, type RigDayAggregate } from '../../src/domain/aggregates.ts';
import type { AggregateStore } from '../../src/ports/store.ts';

/** Aggregates that live as long as the test, each checked as the real stores check it; everything goes through JSON. */
export function memoryAggregates(): AggregateStore {
  const days = new Map<string, RigDayAggregate>();
  const inOrder = () => [...days.values()].toSorted((a, b) => a.dayMs - b.dayMs || (a.rig < b.rig ? -1 : 1));
  return {
    add: async (aggregates) => {
      for (const { fromMs, ...hour } of aggregates) {
        mustBeValid(fromMs, hour);
        const there = days.get(keyOf(hour));
        if (there !== undefined && fromMs < there.untilMs) continue;
        const day = there === undefined ? hour : mergeAggregates(there, hour);
        days.set(keyOf(day), JSON.parse(JSON.stringify(day)));
      }
    },
    days: async ({ fromMs, toMs, rig }) =>
      inOrder().filter((day) => day.dayMs >= fromMs && day.dayMs < toMs && (rig ?? day.rig) === day.rig),
    forget: async (beforeMs, limit) => {
      const old = inOrder()
        .filter(({ dayMs }) => dayMs < beforeMs)
        .slice(0, limit);
      for (const day of old) days.delete(keyOf(day));
      return old.length;
    },
  };
}

function keyOf({ rig, dayMs }: RigDayAggregate): string {
  return `${dayMs} ${rig}`;
}

function mustBeValid(fromMs: number, { rig, dayMs, untilMs, host, cards }: RigDayAggregate): void {
  let valid = fromMs < untilMs && Number.isSafeInteger(dayMs) && Number.isSafeInteger(untilMs);
  JSON.stringify([host, cards], (_, value) => {
    if (typeof value === 'number' && !Number.isFinite(value)) valid = false;
    return value;
  });
  if (!valid) throw new Error(`invalid aggregate of rig ${rig}`);
}
