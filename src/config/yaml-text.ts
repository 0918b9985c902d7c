import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml';
import type { Path } from './keys.ts';
import { describeFound, type Mistake } from './mistake.ts';

export interface YamlText {
  /** Plain data; undefined where the text is no YAML at all. */
  readonly value: unknown;
  readonly mistakes: readonly Mistake[];
  /** Line of what stands at a path, else of the nearest thing around it. */
  lineOf(path: Path): number | undefined;
}

/** Reads YAML 1.2. Never throws; errors name line and column and quote nothing of the text. */
export function parseYaml(text: string): YamlText {
  try {
    return readDocument(text);
  } catch (error) {
    // Nesting deeper than the parser's stack, or aliases that would multiply without end.
    return unreadable([{ path: 'the whole file', found: oneLine(String(error)), allowed: 'a plain YAML document' }]);
  }
}

function unreadable(mistakes: readonly Mistake[]): YamlText {
  return { value: undefined, mistakes, lineOf: () => undefined };
}

function oneLine(message: string): string {
  return message.replace(/\s+/g, ' ');
}

function readDocument(text: string): YamlText {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const faults = [...document.errors, ...document.warnings];
  const mistakes = faults.map(({ code, message, pos: [offset] }): Mistake => {
    const { line, col } = lines.linePos(offset);
    const isTwice = code === 'DUPLICATE_KEY';
    const found = isTwice ? `${keyAt(text, offset)} a second time` : `a syntax error: ${oneLine(message)}`;
    return { path: `column ${col}`, found, allowed: isTwice ? 'each key once' : 'valid YAML 1.2', line };
  });
  if (faults.some(({ code }) => code !== 'DUPLICATE_KEY')) return unreadable(mistakes);
  const oddKeys = keysAsWritten(document).map((offset): Mistake => {
    const { line, col } = lines.linePos(offset);
    return { path: `column ${col}`, found: 'a key that is no text', allowed: 'a name', line };
  });
  if (oddKeys.length > 0) return unreadable([...mistakes, ...oddKeys]);
  return {
    value: document.toJS(),
    mistakes,
    lineOf: (path) => {
      const offset = offsetOf(document.contents, path);
      return offset === undefined ? undefined : lines.linePos(offset).line;
    },
  };
}

function keyAt(text: string, offset: number): string {
  return /^[^:\n]{1,60}/.exec(text.slice(offset, offset + 60))?.[0] ?? 'a key';
}

/** Makes every key the text that was written: a rig called 007 or 1e3 is no number. Returns offsets of keys that cannot be. */
function keysAsWritten(document: Document.Parsed): number[] {
  const odd: number[] = [];
  visit(document, {
    Pair(_, { key }) {
      if (!isScalar(key)) odd.push((key as Node | null)?.range?.[0] ?? 0);
      else if (typeof key.value !== 'string') key.value = key.source ?? '';
    },
  });
  return odd;
}

function offsetOf(root: Node | null, path: Path): number | undefined {
  let node: unknown = root;
  let offset = root?.range?.[0];
  for (const step of path) {
    if (isAlias(node)) return offset;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && key.value === step);
      if (pair === undefined) return offset;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof step === 'number') {
      node = node.items[step];
      offset = (node as Node | undefined)?.range?.[0] ?? offset;
    } else return offset;
  }
  return offset;
}

/** The top of the file has to be a group of keys; an empty file is one without keys. */
export function topLevel({ value, mistakes }: YamlText): {
  readonly group: unknown;
  readonly mistakes: readonly Mistake[];
} {
  if (value === undefined) return { group: undefined, mistakes };
  if (value === null) return { group: {}, mistakes };
  if (typeof value === 'object' && !Array.isArray(value)) return { group: value, mistakes };
  const mistake = {
    path: 'YAML',
    found: describeFound(value),
    allowed: 'keys such as farm, sites and metrics',
    line: 1,
  };
  return { group: undefined, mistakes: [...mistakes, mistake] };
}
