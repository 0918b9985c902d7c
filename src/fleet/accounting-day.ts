import { UserError } from '../domain/errors.ts';

/** A day on the farm's own clock: 23, 24 or 25 hours. */
export interface AccountingDay {
  /** ISO date. */
  readonly date: string;
  readonly timezone: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * @param date `today`, `yesterday` or an ISO date.
 * @throws UserError for what is no date and for days to come.
 */
export function accountingDay(date: string, timezone: string, nowMs: number): AccountingDay {
  const today = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timezone).toPlainDate();
  const day = parseDate(date, today);
  if (Temporal.PlainDate.compare(day, today) > 0) {
    throw new UserError(`${day} has not begun yet in ${timezone}.`, 'Ask for today, yesterday or an earlier date.');
  }
  return {
    date: day.toString(),
    timezone,
    fromMs: startOf(day, timezone),
    toMs: startOf(day.add({ days: 1 }), timezone),
  };
}

function startOf(day: Temporal.PlainDate, timezone: string): number {
  return day.toZonedDateTime(timezone).startOfDay().epochMilliseconds;
}

function parseDate(date: string, today: Temporal.PlainDate): Temporal.PlainDate {
  if (date === 'today') return today;
  if (date === 'yesterday') return today.subtract({ days: 1 });
  try {
    if (/^\d{4}-\d{2}-\d{2}$/.test(date)) return Temporal.PlainDate.from(date, { overflow: 'reject' });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw new UserError(`"${date}" is no date.`, `Write today, yesterday or a date like ${today}.`);
}

const MOST_OFFSETS = 256;
const offsets = new Map<string, number>();

/** Offset of an IANA zone from UTC at an instant, in minutes. */
export function zoneOffsetMinutes(zone: string, atMs: number): number {
  const key = `${zone} ${atMs}`;
  let offset = offsets.get(key);
  if (offset === undefined) {
    if (offsets.size >= MOST_OFFSETS) offsets.clear();
    const { offsetNanoseconds } = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(zone);
    offset = offsetNanoseconds / 60e9;
    offsets.set(key, offset);
  }
  return offset;
}
