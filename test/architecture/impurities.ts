import { isNode, listOf, memberOf, type Node, nameOf, type Place } from './syntax.ts';

/** A use of something that was not handed in: the clock, chance, the process, timers, the network. */
export interface Impurity {
  readonly what: string;
  /** Offset in the file. */
  readonly start: number;
}

const impureGlobals = new Set([
  'process',
  'performance',
  'globalThis',
  'global',
  'crypto',
  'fetch',
  'console',
  'require',
  'eval',
  'Function',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
]);

/** What a pure file may still do with these: `Date.UTC` but not `Date.now`. */
const mayUse = new Map<string, (member: string) => boolean>([
  ['Date', (member) => member === 'UTC' || member === 'parse'],
  ['Math', (member) => member !== 'random'],
  ['Temporal', (member) => member !== 'Now'],
]);

export function impuritiesOf(places: readonly Place[]): Impurity[] {
  const own = ownNames(places);
  return places.flatMap(({ node, parent }) => {
    const name = nameOf(node);
    if (name === null || parent === null || own.has(name) || isMereName(node, parent)) return [];
    const what = impureGlobals.has(name) ? name : impureUse(name, parent);
    return what === null ? [] : [{ what, start: node.start }];
  });
}

function impureUse(name: string, parent: Node): string | null {
  const isPure = mayUse.get(name);
  if (isPure === undefined) return null;
  const access = memberOf(parent);
  if (access !== null) {
    return access.member !== null && isPure(access.member) ? null : `${name}.${access.member ?? '[computed]'}`;
  }
  if (parent.type !== 'NewExpression') return name;
  return listOf(parent['arguments']).length > 0 ? null : `new ${name}()`;
}

/** An identifier that names a property, a key or a type, and no value of the surroundings. */
function isMereName(node: Node, parent: Node): boolean {
  if (parent.type === 'TSTypeReference' || parent.type === 'TSQualifiedName') return true;
  if (parent['computed'] === true) return false;
  if (parent.type === 'MemberExpression') return parent['property'] === node;
  return parent['key'] === node;
}

/** Names that the file itself gives to parameters and variables: a miner's `process` is no global. */
function ownNames(places: readonly Place[]): ReadonlySet<string> {
  return new Set(
    places.flatMap(({ node }) => [
      ...(node.type === 'VariableDeclarator' ? boundNames(node['id']) : []),
      ...listOf(node['params']).flatMap(boundNames),
    ]),
  );
}

function boundNames(pattern: unknown): string[] {
  if (!isNode(pattern)) return [];
  switch (pattern.type) {
    case 'Identifier':
      return [nameOf(pattern) ?? ''];
    case 'ObjectPattern':
      return listOf(pattern['properties']).flatMap(boundNames);
    case 'ArrayPattern':
      return listOf(pattern['elements']).flatMap(boundNames);
    case 'Property':
      return boundNames(pattern['value']);
    case 'AssignmentPattern':
      return boundNames(pattern['left']);
    case 'RestElement':
      return boundNames(pattern['argument']);
    default:
      return [];
  }
}
