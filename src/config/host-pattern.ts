/**
 * Regular expressions that an operator writes over host names. They run over every target of every observation, so what
 * could take exponential time is refused before it ever runs.
 */

const longestPattern = 200;
/** Of these together, each doubling of a host's length costs sixteen times the time at most; a host has 253 characters. */
const mostRepetitions = 4;

export type HostPattern =
  | { readonly pattern: RegExp; readonly groups: number; readonly names: readonly string[] }
  | { readonly refusal: string };

/** Matches a whole host, whatever the case. */
export function hostPattern(source: string): HostPattern {
  if (source.length > longestPattern) return { refusal: `an expression of ${longestPattern} characters at most` };
  try {
    const pattern = new RegExp(`^(?:${source})$`, 'i');
    // Balanced by itself, and not only together with what stands around it.
    new RegExp(source, 'i');
    const refusal = costly(source);
    if (refusal !== null) return { refusal };
    const empty = new RegExp(`${source}|`, 'i').exec('');
    return { pattern, groups: (empty?.length ?? 1) - 1, names: Object.keys(empty?.groups ?? {}) };
  } catch {
    return { refusal: 'a regular expression over the whole host, such as rig-(\\d+)\\.farm\\.lan' };
  }
}

/** The whole of a host, whatever stands in it. */
export function exactHost(host: string): RegExp {
  return new RegExp(`^${RegExp.escape(host)}$`, 'i');
}

const quantifier = /^(?:[*+?]|\{(\d+)(?:(,)(\d*))?\})\??/;

/** Why an expression could take too long, or null. */
function costly(source: string): string | null {
  /** For each open group whether something in it varies in length or choice. */
  const open: boolean[] = [];
  let repetitions = 0;
  let at = 0;
  while (at < source.length) {
    const rest = source.slice(at);
    if (/^\\(?:[1-9]|k<)/.test(rest) || /^\(\?<?[=!]/.test(rest)) {
      return 'an expression without back-references and look-around';
    }
    let closedVaries = false;
    if (rest[0] === '(') open.push(false);
    if (rest[0] === '|') open.fill(true);
    if (rest[0] === ')') closedVaries = open.pop() ?? false;
    at += atomLength(rest);
    if (rest[0] === '(') continue;
    const found = quantifier.exec(source.slice(at));
    if (found === null) continue;
    at += found[0].length;
    if (closedVaries && !found[0].startsWith('?')) {
      return 'an expression without repetitions or choices inside a repetition';
    }
    if (repeats(found)) repetitions += 1;
    open.fill(true);
  }
  return repetitions > mostRepetitions ? `an expression with ${mostRepetitions} repetitions (* and +) at most` : null;
}

/** `?` and `{3}` do not; `{1,3}` is so short that it does not matter. */
function repeats([text, least, comma, most]: RegExpExecArray): boolean {
  if (text.startsWith('?')) return false;
  if (least === undefined) return true;
  if (comma === undefined) return Number(least) > 16;
  return most === '' || most === undefined || Number(most) > 16;
}

/** Characters of what stands at the beginning: an escape, a class, the head of a group, or one character. */
function atomLength(text: string): number {
  if (text[0] === '\\') return 2;
  if (text[0] === '[') return /^\[(?:\\.|[^\]\\])*\]/s.exec(text)?.[0].length ?? 1;
  return /^\(\?(?::|<\w+>)/.exec(text)?.[0].length ?? 1;
}

/** What of a replacement names no group of the pattern, or null. */
export function unknownGroup(replacement: string, { groups, names }: { groups: number; names: readonly string[] }) {
  for (const [reference, number, name] of replacement.matchAll(/\$(?:\$|(\d{1,2})|<([^>]*)>|.|$)/gs)) {
    if (reference === '$$') continue;
    const isKnown = number === undefined ? names.includes(name ?? '') : Number(number) >= 1 && Number(number) <= groups;
    if (!isKnown) return reference;
  }
  return null;
}
