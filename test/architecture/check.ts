import { posix } from 'node:path';
import { type Impurity, impuritiesOf } from './impurities.ts';
import { type Layer, layerOf, mayLoad, mayUsePackage } from './layers.ts';
import { type Reference, referencesOf } from './references.ts';
import { readSyntax } from './syntax.ts';

/** Files of the project by their path from its root. */
export type Files = ReadonlyMap<string, string>;

interface Module {
  readonly references: readonly Reference[];
  readonly impurities: readonly Impurity[];
  /** Where an offset of the file is: `src/app.ts:12`. */
  readonly at: (start: number) => string;
}

function readModule(path: string, text: string): Module {
  const places = readSyntax(text);
  return {
    references: referencesOf(places),
    impurities: impuritiesOf(places),
    at: (start) => `${path}:${text.slice(0, start).split('\n').length}`,
  };
}

/** Every broken rule, one sentence each, with the file and line. Empty: the house stands as drawn. */
export function violations(files: Files): string[] {
  const modules = new Map([...files].map(([path, text]) => [path, readModule(path, text)]));
  return [
    ...[...modules].flatMap(([path, module]) => moduleViolations(path, module, files)),
    ...cycles(modules).map((cycle) => `import cycle: ${cycle.join(' -> ')}`),
    ...[...files].flatMap(([path, text]) => textViolations(path, text)),
  ];
}

function moduleViolations(path: string, module: Module, files: Files): string[] {
  const layer = layerOf(path);
  if (layer === null) return [`${path}: belongs to no layer`];
  const impure = layer.pure === true ? module.impurities : [];
  return [
    ...module.references.flatMap((reference) => {
      const broken = referenceViolation(path, layer, reference, files);
      return broken === null ? [] : [`${module.at(reference.start)}: ${broken}`];
    }),
    ...impure.map(({ what, start }) => `${module.at(start)}: ${layer.name} is pure and uses ${what}`),
  ];
}

function referenceViolation(path: string, layer: Layer, reference: Reference, files: Files): string | null {
  const { specifier, typeOnly } = reference;
  if (specifier === null) return 'imports something computed';
  if (!specifier.startsWith('.')) {
    const foreign = /^(?:#|\/|[a-z]+:(?<!^node:))/.test(specifier);
    if (foreign) return `imports ${specifier}, neither a file beside it nor a package`;
    return mayUsePackage(layer, specifier) ? null : `${layer.name} may not import the package ${specifier}`;
  }
  const target = resolve(path, specifier);
  const targetLayer = layerOf(target);
  if (targetLayer === null) {
    const reachesAll = layer.layers === 'all';
    return reachesAll ? null : `imports ${target}, which belongs to no layer`;
  }
  if (!files.has(target)) return `imports ${target}, which does not exist`;
  if (mayLoad(layer, targetLayer)) return null;
  const knowsTypes = layer.typesOf?.includes(targetLayer.name) ?? false;
  if (knowsTypes && typeOnly) return null;
  return `${layer.name} may not import ${knowsTypes ? 'values of ' : ''}${targetLayer.name} (${target})`;
}

function resolve(from: string, specifier: string): string {
  return posix.normalize(posix.join(posix.dirname(from), specifier));
}

/** Each group of files that import each other in a circle (Tarjan's strongly connected components), types included. */
function cycles(modules: ReadonlyMap<string, Module>): string[][] {
  const order = new Map<string, { index: number; low: number; open: boolean }>();
  const open: string[] = [];
  const found: string[][] = [];
  const targetsOf = (path: string): string[] =>
    (modules.get(path)?.references ?? [])
      .flatMap(({ specifier }) => (specifier?.startsWith('.') ? [resolve(path, specifier)] : []))
      .filter((target) => modules.has(target));
  const connect = (path: string): { index: number; low: number; open: boolean } => {
    const mark = { index: order.size, low: order.size, open: true };
    order.set(path, mark);
    open.push(path);
    for (const target of targetsOf(path)) {
      const seen = order.get(target);
      if (seen === undefined) mark.low = Math.min(mark.low, connect(target).low);
      else if (seen.open) mark.low = Math.min(mark.low, seen.index);
    }
    if (mark.low === mark.index) {
      const group = open.splice(open.indexOf(path));
      for (const member of group) order.get(member)!.open = false;
      if (group.length > 1 || targetsOf(path).includes(path)) found.push(group.sort());
    }
    return mark;
  };
  for (const path of modules.keys()) if (!order.has(path)) connect(path);
  return found;
}

/** Words that give away knowledge which belongs elsewhere, comments included. */
function textViolations(path: string, text: string): string[] {
  const broken: string[] = [];
  if (!path.startsWith('adapters/prometheus/') && text.includes('__name__=~')) {
    broken.push(`${path}: contains PromQL, which adapters/prometheus alone writes`);
  }
  const [platform] = path.startsWith('commands/') ? (/discord|slack/i.exec(text) ?? []) : [];
  if (platform !== undefined) broken.push(`${path}: a command names the platform ${platform}`);
  return broken;
}
