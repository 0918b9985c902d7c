/** What a folder may reach. Folders and packages that are not named are out of reach. */
export interface Layer {
  readonly name: string;
  /** The files of the layer, as the beginning of their path; a whole path for a single file. */
  readonly at: string;
  readonly layers: readonly string[] | 'all' | 'all but adapters';
  /** Of these layers it may know the types, and load nothing. */
  readonly typesOf?: readonly string[];
  /** npm packages and `node:` modules; `*` ends a prefix. */
  readonly packages: readonly string[];
  /** Neither asks for the time nor for anything else that is not handed in. */
  readonly pure?: true;
}

const everyPackage = ['*'];

/** docs/ARCHITECTURE.md, "Who may import whom". */
export const layers: readonly Layer[] = [
  { name: 'domain', at: 'src/domain/', layers: [], packages: [], pure: true },
  { name: 'data', at: 'src/data/', layers: ['domain'], packages: [], pure: true },
  {
    name: 'config',
    at: 'src/config/',
    layers: ['domain', 'data'],
    packages: [
      'zod',
      'yaml',
      'csv-parse',
      'csv-parse/sync',
      'fastest-levenshtein',
      'node:fs',
      'node:fs/promises',
      'node:path',
    ],
  },
  { name: 'ports', at: 'src/ports/', layers: [], typesOf: ['domain', 'chat'], packages: [] },
  { name: 'chat', at: 'src/chat/', layers: ['domain'], packages: ['zod', 'fastest-levenshtein', 'intl-messageformat'] },
  { name: 'charts', at: 'src/charts/', layers: ['chat', 'domain'], packages: [], pure: true },
  { name: 'fleet', at: 'src/fleet/', layers: ['domain', 'data', 'ports'], packages: ['node:timers/promises'] },
  {
    name: 'jobs',
    at: 'src/jobs/',
    layers: ['domain', 'chat', 'ports', 'fleet'],
    packages: ['node:crypto', 'node:timers', 'node:timers/promises', 'node-cron'],
  },
  {
    name: 'commands',
    at: 'commands/',
    layers: ['domain', 'chat', 'fleet'],
    typesOf: ['ports'],
    packages: ['zod', 'fastest-levenshtein'],
  },
  { name: 'app', at: 'src/app.ts', layers: 'all but adapters', packages: everyPackage },
  { name: 'app', at: 'src/app/', layers: 'all but adapters', packages: everyPackage },
  { name: 'main', at: 'src/main.ts', layers: 'all', packages: everyPackage },
  { name: 'main', at: 'src/main/', layers: 'all', packages: everyPackage },
];

/** Each adapter is a layer of its own: it reaches no other adapter. */
function adapter(name: string): Layer {
  return {
    name: `adapters/${name}`,
    at: `adapters/${name}/`,
    layers: ['domain', 'data', 'ports', 'chat', 'charts'],
    packages: everyPackage,
  };
}

/** The layer that a file belongs to, or null: then it has no place. */
export function layerOf(path: string): Layer | null {
  const [, adapterName] = /^adapters\/([^/]+)\/./.exec(path) ?? [];
  if (adapterName !== undefined) return adapter(adapterName);
  return layers.find(({ at }) => (at.endsWith('/') ? path.startsWith(at) : path === at)) ?? null;
}

export function mayLoad(layer: Layer, target: Layer): boolean {
  if (layer.name === target.name || layer.layers === 'all') return true;
  if (layer.layers === 'all but adapters') return !target.name.startsWith('adapters/') && target.name !== 'main';
  return layer.layers.includes(target.name);
}

export function mayUsePackage(layer: Layer, specifier: string): boolean {
  return layer.packages.some((allowed) => allowed === '*' || allowed === specifier);
}
