import { z } from 'zod';
import { UpstreamError } from '../../src/domain/errors.ts';

/** A row that must not be written: a number that is none, a field that is missing. Our own bug, never the database's. */
export class InvalidRowError extends Error {
  override readonly name = 'InvalidRowError';
}

/** @throws InvalidRowError */
export function mustBeValid(schema: z.ZodType, row: unknown, what: string): void {
  const { error } = schema.safeParse(row);
  if (error !== undefined) throw new InvalidRowError(`invalid ${what}: ${z.prettifyError(error)}`);
}

/**
 * Of Unix ms; a fraction, which one database would round and the other refuse, is our own bug.
 * @throws InvalidRowError
 */
export function mustBeTime(timeMs: number): void {
  mustBeValid(z.int(), timeMs, 'time');
}

/** @throws UpstreamError naming the row, as `where`, whose columns hold something else. */
export function readAs<T>(schema: z.ZodType<T>, where: string, value: unknown): T {
  const { data, error } = schema.safeParse(value);
  if (error === undefined) return data;
  throw corruptRow(where, z.prettifyError(error));
}

/** @throws UpstreamError naming the column, as `where`, that holds something else. */
export function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw corruptRow(where, error instanceof Error ? error.message : String(error));
  }
}

/** Text from outside as both databases can hold it: PostgreSQL's knows no NUL, and UTF-8 no half of a surrogate pair. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\u{FFFD}');
}

/** What no Rigshift wrote stands at `where`; asking again will not help. */
export function corruptRow(where: string, what: string): UpstreamError {
  return new UpstreamError('store', `The database holds a corrupt row (${where}): ${what}`, { retryable: false });
}
