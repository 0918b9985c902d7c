import { z } from 'zod';
import { nearestName } from './nearest.ts';

/**
 * The values that a configuration is made of. Every message says what is allowed, so that a mistake can be printed as
 * path, found, allowed.
 */

/** An amount whose currency may stand elsewhere. */
export interface Amount {
  readonly amount: number;
  readonly currency: string | null;
}

interface Refusal {
  readonly allowed: string;
  readonly nearest?: string | undefined;
}

type Reading<T> = { readonly value: T } | Refusal;

/** A value that a function reads from whatever was written. */
export function reading<T>(read: (written: unknown) => Reading<T>) {
  return z.unknown().transform((written, context): T => {
    const result = read(written);
    if ('value' in result) return result.value;
    context.addIssue({ code: 'custom', message: result.allowed, params: { nearest: result.nearest } });
    return z.NEVER;
  });
}

/** The name that was probably meant, where a reading has refused another. */
export function nearestOf(issue: z.core.$ZodIssue): string | undefined {
  const nearest: unknown = issue.code === 'custom' ? issue.params?.['nearest'] : undefined;
  return typeof nearest === 'string' ? nearest : undefined;
}

/** A value that may be left out and is unknown then. */
export function orUnknown<T extends z.ZodType>(schema: T) {
  return schema.nullable().default(null);
}

export function numberIn(min: number, max: number, allowed: string | ((written: unknown) => string)) {
  const error = (issue: { input?: unknown }) => (typeof allowed === 'string' ? allowed : allowed(issue.input));
  return z.number({ error }).min(min, { error }).max(max, { error });
}

/** For ratios: whoever writes 5 means 5 %. */
function ratioAllowed(min: number) {
  return (written: unknown) => {
    const isPercent = typeof written === 'number' && written > 1 && written <= 100 && written / 100 >= min;
    const example = isPercent ? written : min * 100 + 5;
    return `a ratio from ${min} to 1, ${Number((example / 100).toPrecision(12))} for ${example} %`;
  };
}

export const ratio = numberIn(0, 1, ratioAllowed(0));
export const efficiency = numberIn(0.5, 1, ratioAllowed(0.5));
export const watts = numberIn(0, 1e9, 'watts, 0 or more');

function lineOfText(longest: number) {
  const error = `text of 1 to ${longest} characters on one line (a number stands in quotes)`;
  return z
    .string({ error })
    .trim()
    .regex(/^[^\p{Cc}\u2028\u2029]+$/u, { error })
    .max(longest, { error });
}

export const name = lineOfText(100);
/** A path, a source, a series with its labels. */
export const longText = lineOfText(1000);

export function oneOf<const T extends string>(values: readonly T[]) {
  return reading<T>((written) => {
    const value = values.find((candidate) => candidate === written);
    if (value !== undefined) return { value };
    return {
      allowed: values.join(', '),
      nearest: typeof written === 'string' ? nearestName(written, values) : undefined,
    };
  });
}

const currencies = new Set(Intl.supportedValuesOf('currency'));

/** A currency's ISO 4217 code in capitals, or null where there is no such currency. */
export function currencyCode(written: unknown): string | null {
  if (typeof written !== 'string') return null;
  const code = written.trim().toUpperCase();
  return currencies.has(code) ? code : null;
}

export function currencyAllowed(written: unknown): string {
  const isBitcoin = typeof written === 'string' && /^(?:x?btc|sats?)$/i.test(written.trim());
  return isBitcoin
    ? 'an ISO 4217 code such as USD or CAD; amounts in bitcoin are not supported yet'
    : 'an ISO 4217 code such as USD or CAD';
}

export const currency = reading((written) => {
  const value = currencyCode(written);
  return value === null ? { allowed: currencyAllowed(written) } : { value };
});

/** What Rigshift speaks, with any region: en, en-GB, fr-CA. */
export const locale = reading((written) => {
  const allowed = 'en or fr, with or without a region: fr-CA';
  if (typeof written !== 'string' || !/^(?:en|fr)(?:-|$)/i.test(written.trim())) return { allowed };
  try {
    const value = Intl.NumberFormat.supportedLocalesOf(written.trim())[0];
    return value === undefined ? { allowed } : { value };
  } catch {
    return { allowed };
  }
});

export const timezone = reading((written) => {
  const text = typeof written === 'string' ? written.trim() : '';
  const value = zoneId(text);
  if (value !== null) return { value };
  return { allowed: 'an IANA time zone such as America/Toronto', nearest: nearestZone(text) };
});

/** The zone's name in its usual spelling; links such as Asia/Kolkata stay what they are. */
function zoneId(text: string): string | null {
  // Temporal would take a whole instant with a zone in it as well.
  if (!/^(?:[A-Za-z]|[+-]\d)[\w+:/-]*$/.test(text) || /\dT\d/.test(text)) return null;
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(text).timeZoneId;
  } catch {
    return null;
  }
}

function nearestZone(text: string): string | undefined {
  if (text === '') return undefined;
  const zones = [...Intl.supportedValuesOf('timeZone'), 'UTC'];
  const city = `/${text.replace(/\s+/g, '_')}`.toLowerCase();
  return zones.find((zone) => zone.toLowerCase().endsWith(city)) ?? nearestName(text, zones);
}

const amountPattern = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*(\p{L}{3,4})$/iu;

/** Three spellings: `0.06`, `0.06 CAD` and `{amount: 0.06, currency: CAD}`. */
function amountFrom(min: number, sign: string) {
  const allowed = `an amount${sign}: 0.06, "0.06 CAD" or {amount: 0.06, currency: CAD}`;
  return reading<Amount>((written) => {
    const parts = amountParts(written);
    if (parts === null || !Number.isFinite(parts.amount) || parts.amount < min) return { allowed };
    if (parts.currency === undefined) return { value: { amount: parts.amount, currency: null } };
    const code = currencyCode(parts.currency);
    if (code === null) return { allowed: `${allowed}, with ${currencyAllowed(parts.currency)}` };
    return { value: { amount: parts.amount, currency: code } };
  });
}

function amountParts(written: unknown): { amount: number; currency?: unknown } | null {
  if (typeof written === 'number') return { amount: written };
  if (typeof written === 'string') {
    const match = amountPattern.exec(written.trim());
    return match === null ? null : { amount: Number(match[1]), currency: match[2] };
  }
  const group = z.strictObject({ amount: z.number(), currency: z.string() }).safeParse(written);
  return group.success ? group.data : null;
}

export const price = amountFrom(0, ' of 0 or more');
/** The price of power may be negative. */
export const powerPrice = amountFrom(Number.NEGATIVE_INFINITY, '');

/** A date (its midnight in UTC) or an instant, as written and in Unix ms. */
export const dateOrInstant = reading((written) => {
  const text = typeof written === 'string' ? written.trim() : '';
  const atMs = isoMs(text);
  return atMs === null
    ? { allowed: 'a date such as 2026-10-01 or an instant such as 2026-10-01T12:00:00Z' }
    : { value: { text, atMs } };
});

function isoMs(text: string): number | null {
  try {
    const isDate = /^\d{4}-\d{2}-\d{2}$/.test(text);
    return Temporal.Instant.from(isDate ? `${text}T00:00Z` : text).epochMilliseconds;
  } catch {
    return null;
  }
}

export const isoDate = reading((written) => {
  const isDate = typeof written === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(written) && isoMs(written) !== null;
  return isDate ? { value: written } : { allowed: 'a date such as 2026-10-01' };
});

/** The address of one page. User and password are refused, because addresses end in logs. */
export const pageUrl = reading((written) => {
  const url = typeof written === 'string' ? URL.parse(written.trim()) : null;
  return refusedUrl(url) ?? { value: String(written).trim() };
});

/** The address of a server, below which there are paths. */
export const serverUrl = reading((written) => {
  const url = typeof written === 'string' ? URL.parse(written.trim()) : null;
  if (url !== null && url.search !== '') return { allowed: 'an address without a query' };
  return refusedUrl(url) ?? { value: String(written).trim() };
});

function refusedUrl(url: URL | null): Refusal | null {
  if (url === null || !/^https?:$/.test(url.protocol) || url.hash !== '') {
    return { allowed: 'an address such as http://127.0.0.1:9090' };
  }
  const hasPassword = url.username !== '' || url.password !== '';
  return hasPassword ? { allowed: 'an address without user name and password' } : null;
}
