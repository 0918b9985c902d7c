import { z } from 'zod';
import { reading } from './values.ts';

/** A group with fixed keys. Unknown keys are reported before this schema sees the value (see keys.ts). */
export function section<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.object(shape, { error: `a group of ${Object.keys(shape).join(', ')}` });
}

/** A group whose keys are names. */
export function byName<Value extends z.ZodType>(names: string, value: Value) {
  return z.record(z.string(), value, { error: `a group with ${names} as its keys` }).prefault({});
}

export function listOf<Value extends z.ZodType>(what: string, value: Value) {
  return z.array(value, { error: `a list of ${what}` });
}

/** A group that may be written as one text, which stands for its key `short` then. */
export function orShort<Group extends z.ZodType>(short: string, group: Group) {
  return z.preprocess((written) => (typeof written === 'string' ? { [short]: written } : written), group);
}

/** One, or a list of them. */
export function oneOrMore<Value extends z.ZodType>(what: string, value: Value) {
  return z.preprocess(
    (written) => (written === undefined || written === null || Array.isArray(written) ? written : [written]),
    listOf(what, value).min(1, { error: `a list of ${what}, one at least` }),
  );
}

export const labelName = /^[a-zA-Z_]\w*$/;

export const labels = reading<Readonly<Record<string, string>>>((written) => {
  const entries =
    typeof written === 'object' && written !== null && !Array.isArray(written) ? Object.entries(written) : null;
  const isLabels = entries?.every(([label, value]) => labelName.test(label) && typeof value === 'string');
  if (entries === null || isLabels !== true)
    return { allowed: 'labels and their values, {rack: "7"}; a number stands in quotes' };
  return { value: Object.fromEntries(entries) as Record<string, string> };
});

export const noLabels: Readonly<Record<string, string>> = {};
