/** A label of the axis of time. */
export interface InstantLabel {
  /** Which of the instants. */
  readonly index: number;
  /** `06:00`, `22 Nov`, `Nov 2026`. */
  readonly text: string;
  /** The date, where a time of day is the first one of its date. */
  readonly date: string | null;
}

type Kind = 'time' | 'day' | 'month' | 'year';

const kindOptions = {
  time: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  day: { day: 'numeric', month: 'short' },
  month: { month: 'short', year: 'numeric' },
  year: { year: 'numeric' },
} satisfies Record<Kind, Intl.DateTimeFormatOptions>;

interface Wall {
  readonly minute: number;
  readonly day: number;
  readonly month: number;
  readonly year: number;
}

interface Stride {
  readonly kind: Kind;
  readonly bucket: (wall: Wall) => number;
}

const every = (kind: Kind, unit: keyof Wall, count: number, offset = 0): Stride => ({
  kind,
  bucket: (wall) => Math.floor((wall[unit] + offset) / count),
});

/** From fine to coarse. The third day of 1970 ended the week before a Monday. */
const strides: readonly Stride[] = [
  ...[1, 5, 15, 30, 60, 120, 180, 360, 720].map((minutes) => every('time', 'minute', minutes)),
  ...[1, 2].map((days) => every('day', 'day', days)),
  ...[7, 14].map((days) => every('day', 'day', days, 3)),
  ...[1, 2, 3, 6].map((months) => every('month', 'month', months)),
  ...[1, 2, 5, 10, 50, 100].map((years) => every('year', 'year', years)),
];

/** The zone where it is one, else UTC. */
export function printableTimeZone(timeZone: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
}

/** Whether an instant has a date at all. */
export function isInstant(atMs: number): boolean {
  return Math.abs(atMs) <= 8.64e15 - 86_400_000;
}

/**
 * At most `most` labels, on round local times where there are any: by the wall clock, so that days of 23 and 25 hours are
 * days. Each label prints its own instant.
 */
export function instantLabels(
  atMs: readonly number[],
  most: number,
  { locale, timeZone }: { readonly locale: string; readonly timeZone: string },
): readonly InstantLabel[] {
  const walls = atMs.map((instant) => wallOf(instant, timeZone));
  const before = wallOf((atMs[0] ?? 0) - 60_000, timeZone);
  const { kind, indexes } = choose(walls, before, Math.max(1, most));
  const print = new Intl.DateTimeFormat(locale, { ...kindOptions[kind], timeZone });
  const printDate = new Intl.DateTimeFormat(locale, { ...kindOptions.day, timeZone });
  let day: number | null = null;
  return indexes.map((index) => {
    const instant = atMs[index] ?? 0;
    const isNewDay = kind === 'time' && walls[index]?.day !== day;
    day = walls[index]?.day ?? null;
    return { index, text: print.format(instant), date: isNewDay ? printDate.format(instant) : null };
  });
}

/** `before` is a minute before the first: an instant opens a day, say, where the one before it was on another. */
function choose(walls: readonly Wall[], before: Wall, most: number): { kind: Kind; indexes: readonly number[] } {
  if (walls.length <= most) return { kind: kindOfAll(walls), indexes: walls.map((_, index) => index) };
  for (const { kind, bucket } of strides) {
    const buckets = [before, ...walls].map(bucket);
    const indexes = walls.flatMap((_, index) => (buckets[index] === buckets[index + 1] ? [] : [index]));
    if (indexes.length <= most && indexes.length > 1) return { kind, indexes };
  }
  const step = Math.ceil(walls.length / most);
  return { kind: kindOfAll(walls), indexes: walls.flatMap((_, index) => (index % step === 0 ? [index] : [])) };
}

function kindOfAll(walls: readonly Wall[]): Kind {
  return walls.every(({ minute }) => minute % 1440 === 0) ? 'day' : 'time';
}

function wallOf(atMs: number, timeZone: string): Wall {
  const { year, month, day, hour, minute } = Temporal.Instant.fromEpochMilliseconds(
    Math.round(atMs),
  ).toZonedDateTimeISO(timeZone);
  const dayNumber = Date.UTC(year, month - 1, day) / 86_400_000;
  return { minute: dayNumber * 1440 + hour * 60 + minute, day: dayNumber, month: year * 12 + month - 1, year };
}

/** Short names of the zone over these instants: `EST`, or `EDT, EST` where the clocks change. */
export function zoneNames(
  atMs: readonly number[],
  { locale, timeZone }: { readonly locale: string; readonly timeZone: string },
): string {
  const format = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: 'short' });
  const nameAt = (instant: number) =>
    format.formatToParts(instant).find(({ type }) => type === 'timeZoneName')?.value ?? timeZone;
  const ends = [atMs[0], atMs.at(-1)].filter((instant) => instant !== undefined);
  return [...new Set(ends.map(nameAt))].join(', ');
}
