import { isNode, listOf, memberOf, type Node, nameOf, type Place, textOf } from './syntax.ts';

/** One way in which a file reaches another: an import, a re-export, an `import()` in code or type, or a worker's URL. */
export interface Reference {
  /** As written, or null where it is computed and nobody can tell what it names. */
  readonly specifier: string | null;
  /** Whether it leaves no trace at run time. `import { type A }` does: the file is still loaded. */
  readonly typeOnly: boolean;
  /** Offset in the file. */
  readonly start: number;
}

export function referencesOf(places: readonly Place[]): Reference[] {
  return places.flatMap(({ node }) => {
    const reference = referenceOf(node);
    return reference === null ? [] : [{ ...reference, start: node.start }];
  });
}

function referenceOf(node: Node): Omit<Reference, 'start'> | null {
  switch (node.type) {
    case 'ImportDeclaration':
      return { specifier: textOf(node['source']), typeOnly: node['importKind'] === 'type' };
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration':
      if (!isNode(node['source'])) return null;
      return { specifier: textOf(node['source']), typeOnly: node['exportKind'] === 'type' };
    case 'TSImportType':
      return { specifier: textOf(node['source']), typeOnly: true };
    case 'ImportExpression':
      return { specifier: textOf(node['source']), typeOnly: false };
    case 'TSExternalModuleReference':
      return { specifier: textOf(node['expression']), typeOnly: false };
    case 'CallExpression':
      return isLoader(node['callee']) ? { specifier: textOf(listOf(node['arguments'])[0]), typeOnly: false } : null;
    case 'NewExpression':
      return isModuleUrl(node) ? { specifier: textOf(listOf(node['arguments'])[0]), typeOnly: false } : null;
    default:
      return null;
  }
}

function isMeta(node: unknown): boolean {
  return isNode(node) && node.type === 'MetaProperty';
}

/** `require(…)` and `import.meta.resolve(…)`. */
function isLoader(callee: unknown): boolean {
  const access = memberOf(callee);
  return nameOf(callee) === 'require' || (access?.member === 'resolve' && isMeta(access.object));
}

/** `new URL('./worker.ts', import.meta.url)`: how a worker names its file. Fonts and the like are no modules. */
function isModuleUrl(node: Node): boolean {
  const [target, base] = listOf(node['arguments']);
  if (nameOf(node['callee']) !== 'URL' || !isMeta(memberOf(base)?.object)) return false;
  const path = textOf(target);
  return path === null || /\.[cm]?[jt]s$/.test(path);
}
