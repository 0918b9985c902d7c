/** Whether something is left out of a comparison, by where it is: `observation.source`, `rigs.3.name`. */
type LeftOut = (path: string) => boolean;

/**
 * Where two values from JSON differ, in words; numbers may differ by `relative` of the larger one. What one side lacks is a
 * difference, too.
 */
export function differences(
  a: unknown,
  b: unknown,
  relative: number,
  leftOut: LeftOut = () => false,
  path = '',
): string[] {
  if (leftOut(path)) return [];
  if (typeof a === 'number' && typeof b === 'number') {
    const limit = relative * Math.max(Math.abs(a), Math.abs(b));
    return Math.abs(a - b) <= limit ? [] : [`${path}: ${a} and ${b}`];
  }
  if (isGroup(a) && isGroup(b)) {
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
    return keys.flatMap((key) => differences(a[key], b[key], relative, leftOut, path === '' ? key : `${path}.${key}`));
  }
  return a === b ? [] : [`${path}: ${JSON.stringify(a)} and ${JSON.stringify(b)}`];
}

function isGroup(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
