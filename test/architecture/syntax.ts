import { parseAst } from 'vitest/node';

/** A node of the syntax tree (ESTree with TypeScript's nodes), read without trust in its shape. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly [key: string]: unknown;
}

/** A node and what it stands in. */
export interface Place {
  readonly node: Node;
  readonly parent: Node | null;
}

/** Every node of a TypeScript file, read by the parser that runs the tests. @throws for a file that does not parse. */
export function readSyntax(text: string): Place[] {
  const program: unknown = parseAst(text, { lang: 'ts' });
  const places: Place[] = [];
  const visit = (node: Node, parent: Node | null): void => {
    places.push({ node, parent });
    for (const child of Object.values(node).flat()) if (isNode(child)) visit(child, node);
  };
  if (isNode(program)) visit(program, null);
  return places;
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The text of a literal or of a template without holes; null for anything computed. */
export function textOf(node: unknown): string | null {
  if (!isNode(node)) return null;
  if (node.type === 'Literal' && typeof node['value'] === 'string') return node['value'];
  const quasis = node['quasis'];
  if (node.type !== 'TemplateLiteral' || !Array.isArray(quasis) || quasis.length !== 1) return null;
  const value: { cooked?: string } | undefined = quasis[0]?.value;
  return value?.cooked ?? null;
}

export function nameOf(node: unknown): string | null {
  return isNode(node) && node.type === 'Identifier' && typeof node['name'] === 'string' ? node['name'] : null;
}

/** `object.member` and `object['member']`; `member` is null where it is computed. */
export function memberOf(node: unknown): { readonly object: unknown; readonly member: string | null } | null {
  if (!isNode(node) || node.type !== 'MemberExpression') return null;
  return {
    object: node['object'],
    member: node['computed'] === true ? textOf(node['property']) : nameOf(node['property']),
  };
}
