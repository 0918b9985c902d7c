import { z } from 'zod';
import { reading } from './values.ts';

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

const partsPattern = /^(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?$/;

/** `30s`, `1m`, `1h30m`, `2d` or a number of seconds; in ms. */
export function duration(min: string, max: string) {
  const [minMs, maxMs] = [min, max].map((limit) => durationMs(limit) ?? Number.NaN) as [number, number];
  return reading((written) => {
    const value = durationMs(written);
    const isAllowed = value !== null && value >= minMs && value <= maxMs;
    return isAllowed ? { value } : { allowed: `${min} to ${max}, such as 30s or 1m30s, or a number of seconds` };
  });
}

/** Null for what is no duration. */
export function durationMs(written: unknown): number | null {
  if (typeof written === 'number') return Number.isFinite(written) ? Math.round(written * secondMs) : null;
  const text = typeof written === 'string' ? written.trim() : '';
  const match = text === '' ? null : partsPattern.exec(text);
  if (match === null) return null;
  const [days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
  ];
  return days * dayMs + hours * hourMs + minutes * minuteMs + seconds * secondMs;
}

/** `60d`; in days. */
export function days(min: number, max: number) {
  return reading((written) => {
    const match = typeof written === 'string' ? /^(\d{1,5})d$/.exec(written.trim()) : null;
    const value = match === null ? null : Number(match[1]);
    return value !== null && value >= min && value <= max
      ? { value }
      : { allowed: `${min}d to ${max}d, in whole days such as 60d` };
  });
}

const sizePattern = /^(\d{1,6}(?:\.\d{1,3})?) ?(KiB|MiB|GiB|kB|MB|GB)$/;
const sizeUnits: Readonly<Record<string, number>> = {
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
};

/** `512MiB`; in bytes. */
export function size(min: string, max: string) {
  const allowed = `${min} to ${max}, such as 64MiB or 1GB`;
  return reading((written) => {
    const value = sizeBytes(written);
    return value !== null && value >= (sizeBytes(min) ?? 0) && value <= (sizeBytes(max) ?? 0) ? { value } : { allowed };
  });
}

function sizeBytes(written: unknown): number | null {
  const match = typeof written === 'string' ? sizePattern.exec(written.trim()) : null;
  const factor = sizeUnits[match?.[2] ?? ''];
  return match === null || factor === undefined ? null : Math.round(Number(match[1]) * factor);
}

export function wholeNumber(min: number, max: number, what: string) {
  const error = `${what}: a whole number from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
}
