import type { DayAt } from '../domain/ledger/aggregate-fold.ts';

/** The farm's accounting day that holds an instant; the newest answer is kept, because whoever asks asks on. */
export function createDayBounds(timezone: string): DayAt {
  let newest = { fromMs: 0, toMs: 0 };
  return (atMs) => {
    if (atMs >= newest.fromMs && atMs < newest.toMs) return newest;
    const date = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timezone).toPlainDate();
    const startOf = (day: Temporal.PlainDate) => day.toZonedDateTime(timezone).startOfDay().epochMilliseconds;
    newest = { fromMs: startOf(date), toMs: startOf(date.add({ days: 1 })) };
    return newest;
  };
}
