import { z } from 'zod';
import { nearestName } from './nearest.ts';

export type Path = readonly (string | number)[];

/** A key that the schema does not have. */
export interface UnknownKey {
  readonly path: Path;
  readonly known: readonly string[];
  readonly nearest: string | undefined;
}

/**
 * Reports the keys that a schema does not know, and goes on as if the nearest had been written: one slip is one mistake,
 * and what stands under the misspelt key is checked as well. A key without a value counts as left out.
 */
export function settleKeys(
  schema: z.ZodType,
  value: unknown,
  report: (key: UnknownKey) => void,
  path: Path = [],
): unknown {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodArray && Array.isArray(value)) {
    const element = inner.element as z.ZodType;
    return value.map((item, index) => settleKeys(element, item, report, [...path, index]));
  }
  if (!isGroup(value)) return value;
  if (inner instanceof z.ZodRecord) {
    const element = inner.valueType as z.ZodType;
    return mapEntries(value, (key, item) => [key, settleKeys(element, item, report, [...path, key])]);
  }
  if (!(inner instanceof z.ZodObject)) return value;
  const shape: Readonly<Record<string, z.ZodType>> = inner.shape;
  return mapEntries(value, (key, item) => {
    const meant = meantKey(shape, value, key, (nearest) =>
      report({ path: [...path, key], known: Object.keys(shape), nearest }),
    );
    const element = meant === null || item === null ? undefined : shape[meant];
    return meant === null || element === undefined
      ? null
      : [meant, settleKeys(element, item, report, [...path, meant])];
  });
}

/** The schema's key for a written one, or null where there is none or it stands there already. */
function meantKey(
  shape: Readonly<Record<string, z.ZodType>>,
  written: object,
  key: string,
  reportUnknown: (nearest: string | undefined) => void,
): string | null {
  if (Object.hasOwn(shape, key)) return key;
  const nearest = nearestName(key, Object.keys(shape));
  reportUnknown(nearest);
  return nearest === undefined || Object.hasOwn(written, nearest) ? null : nearest;
}

function unwrap(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodPipe && schema.out instanceof z.ZodObject) return schema.out;
  const isWrapped =
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable;
  return isWrapped ? unwrap(schema.unwrap() as z.ZodType) : schema;
}

function isGroup(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mapEntries(
  group: Readonly<Record<string, unknown>>,
  map: (key: string, value: unknown) => readonly [string, unknown] | null,
): Record<string, unknown> {
  const entries = Object.entries(group).map(([key, value]) => map(key, value));
  return Object.fromEntries(entries.filter((entry) => entry !== null));
}

/** Every key that the schema knows, as documentation writes it: `sites[].tariff.pricePerKwh`, `rigs.NAME.site`. */
export function knownKeys(schema: z.ZodType, prefix = ''): string[] {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodArray) return knownKeys(inner.element as z.ZodType, `${prefix}[]`);
  if (inner instanceof z.ZodRecord) return knownKeys(inner.valueType as z.ZodType, `${prefix}.NAME`);
  if (!(inner instanceof z.ZodObject)) return [prefix];
  return Object.entries(inner.shape).flatMap(([key, child]) =>
    knownKeys(child as z.ZodType, prefix === '' ? key : `${prefix}.${key}`),
  );
}
