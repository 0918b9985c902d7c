import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { violations } from './check.ts';
import { referencesOf } from './references.ts';
import { readSyntax } from './syntax.ts';

const root = resolve(import.meta.dirname, '../..');
const sources = globSync('{src,commands,adapters}/**/*.*', { cwd: root });

describe('the project', () => {
  it('is TypeScript only, so that no file escapes these rules', () => {
    const scripts = sources.filter((path) => /\.[a-z]*[jt]sx?$/.test(path) && !path.endsWith('.ts'));
    // The launcher runs on whatever Node the system has, and that may not read TypeScript.
    expect(scripts).toEqual(['src/launch.mjs']);
  });

  it('keeps every rule', () => {
    const paths = sources.filter((path) => path.endsWith('.ts'));
    expect(paths.length).toBeGreaterThan(10);
    expect(violations(new Map(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')])))).toEqual([]);
  });
});

/** A small house that keeps every rule; cases add one file to it. */
const house = {
  'src/domain/rig.ts': 'export const gpus = 1; export interface Rig { readonly name: string }',
  'src/data/cards.ts': "import type { Rig } from '../domain/rig.ts'; export const cards: Rig[] = [];",
  'src/config/load.ts':
    "import { z } from 'zod'; import { parse } from 'yaml'; import { cards } from '../data/cards.ts';",
  'src/ports/store.ts': "import type { Rig } from '../domain/rig.ts'; export const none = 0; export type Store = Rig;",
  'src/chat/reply.ts': "import { gpus } from '../domain/rig.ts'; export type Reply = string;",
  'src/charts/bar.ts': "import type { Reply } from '../chat/reply.ts'; export const bar = 1;",
  'src/fleet/observe.ts':
    "import { none } from '../ports/store.ts'; import { setTimeout } from 'node:timers/promises';",
  'src/jobs/tick.ts': "import '../fleet/observe.ts'; import cron from 'node-cron';",
  'src/app.ts': "import './jobs/tick.ts'; import '../commands/rigs.ts'; import { pino } from 'pino';",
  'src/main.ts': "import './app.ts'; await import('../adapters/store/sqlite.ts'); import about from '../package.json';",
  'commands/rigs.ts': "import type { Store } from '../src/ports/store.ts'; import '../src/fleet/observe.ts';",
  'adapters/store/sqlite.ts': "import '../../src/ports/store.ts'; new Worker(new URL('./writer.ts', import.meta.url));",
  'adapters/store/writer.ts': "import '../../src/charts/bar.ts'; import { DatabaseSync } from 'node:sqlite';",
  'adapters/prometheus/query.ts': 'export const query = \'{__name__=~"x"}\';',
} satisfies Record<string, string>;

function withFile(path: string, text: string): string[] {
  return violations(new Map(Object.entries({ ...house, [path]: text })));
}

describe('the checker', () => {
  it('has nothing to say of a house that keeps the rules', () => {
    expect(violations(new Map(Object.entries(house)))).toEqual([]);
  });

  it.each([
    ['domain', 'data', 'src/domain/a.ts', "import { cards } from '../data/cards.ts'"],
    ['domain', 'ports, as a type', 'src/domain/a.ts', "import type { Store } from '../ports/store.ts'"],
    ['domain', 'chat, as a type in place', 'src/domain/a.ts', "export type A = import('../chat/reply.ts').Reply"],
    ['domain', 'an adapter, by a re-export', 'src/domain/a.ts', "export * from '../../adapters/store/sqlite.ts'"],
    ['domain', 'zod', 'src/domain/a.ts', "import { z } from 'zod'"],
    ['domain', 'a node module', 'src/domain/a.ts', "import { join } from 'node:path'"],
    ['data', 'config', 'src/data/a.ts', "import type {} from '../config/load.ts'"],
    ['data', 'zod', 'src/data/a.ts', "import { z } from 'zod'"],
    ['config', 'ports', 'src/config/a.ts', "import type { Store } from '../ports/store.ts'"],
    ['config', 'pino', 'src/config/a.ts', "import { pino } from 'pino'"],
    ['ports', 'a value of the domain', 'src/ports/a.ts', "import { gpus } from '../domain/rig.ts'"],
    ['ports', 'the domain at run time', 'src/ports/a.ts', "import { type Rig } from '../domain/rig.ts'"],
    ['ports', 'fleet', 'src/ports/a.ts', "import type {} from '../fleet/observe.ts'"],
    ['chat', 'ports', 'src/chat/a.ts', "import type { Store } from '../ports/store.ts'"],
    ['chat', 'node-cron', 'src/chat/a.ts', "import cron from 'node-cron'"],
    ['charts', 'fleet', 'src/charts/a.ts', "import '../fleet/observe.ts'"],
    ['charts', 'a drawing library', 'src/charts/a.ts', "import * as echarts from 'echarts'"],
    ['fleet', 'chat', 'src/fleet/a.ts', "import type { Reply } from '../chat/reply.ts'"],
    ['fleet', 'a node module', 'src/fleet/a.ts', "import { readFile } from 'node:fs/promises'"],
    ['jobs', 'data', 'src/jobs/a.ts', "import { cards } from '../data/cards.ts'"],
    ['jobs', 'a command', 'src/jobs/a.ts', "import '../../commands/rigs.ts'"],
    ['jobs', 'an adapter', 'src/jobs/a.ts', "await import('../../adapters/store/sqlite.ts')"],
    ['commands', 'data', 'commands/a.ts', "import { cards } from '../src/data/cards.ts'"],
    ['commands', 'values of ports', 'commands/a.ts', "import { none } from '../src/ports/store.ts'"],
    ['commands', 'an adapter', 'commands/a.ts', "import '../adapters/store/sqlite.ts'"],
    ['commands', 'a node module', 'commands/a.ts', "import { readFileSync } from 'node:fs'"],
    ['adapters/http', 'another adapter', 'adapters/http/a.ts', "import '../store/sqlite.ts'"],
    [
      'adapters/http',
      'another adapter as a worker',
      'adapters/http/a.ts',
      "new URL('../store/writer.ts', import.meta.url)",
    ],
    ['adapters/http', 'a command', 'adapters/http/a.ts', "import '../../commands/rigs.ts'"],
    ['adapters/http', 'fleet', 'adapters/http/a.ts', "require('../../src/fleet/observe.ts')"],
    ['app', 'an adapter', 'src/app.ts', "import('../adapters/store/sqlite.ts')"],
    ['app', 'main', 'src/app.ts', "import type {} from './main.ts'"],
  ])('%s may not import %s', (layer, _what, path, text) => {
    const [first, ...others] = withFile(path, text);
    expect(first).toContain(`${path}:1: ${layer} may not import`);
    // app importing main also closes a circle.
    expect(others.filter((other) => !other.startsWith('import cycle'))).toEqual([]);
  });

  it.each([
    ['computed', 'await import(name)', 'imports something computed'],
    ['a template with holes', 'await import(`./$' + '{name}.ts`)', 'imports something computed'],
    ['a URL', "import 'https://example.org/a.js'", 'neither a file beside it nor a package'],
    ['data:', "import 'data:text/javascript,1'", 'neither a file beside it nor a package'],
    ['an absolute path', "import '/etc/a.ts'", 'neither a file beside it nor a package'],
    ['an alias', "import '#domain/rig'", 'neither a file beside it nor a package'],
    ['nothing', "import '../../src/domain/gone.ts'", 'src/domain/gone.ts, which does not exist'],
    ['a test', "import '../../test/support/a.ts'", 'test/support/a.ts, which belongs to no layer'],
  ])('no file imports %s', (_what, text, message) => {
    expect(withFile('adapters/http/a.ts', text)).toEqual([expect.stringContaining(message)]);
  });

  it.each(['src/loose.ts', 'src/services/a.ts', 'adapters/loose.ts'])('%s has no place', (path) => {
    expect(withFile(path, '')).toEqual([`${path}: belongs to no layer`]);
  });

  it('finds cycles, through types too, and of a file with itself', () => {
    const files = {
      'src/domain/a.ts': "import type { B } from './b.ts'; export type A = B;",
      'src/domain/b.ts': "import { c } from './c.ts'; export type B = typeof c;",
      'src/domain/c.ts': "import type { A } from './a.ts'; export const c: A[] = [];",
      'src/domain/d.ts': "import './a.ts'; import './d.ts';",
    };
    expect(violations(new Map(Object.entries(files)))).toEqual([
      'import cycle: src/domain/a.ts -> src/domain/b.ts -> src/domain/c.ts',
      'import cycle: src/domain/d.ts',
    ]);
  });

  it.each([
    ['Date.now()', 'Date.now'],
    ["Date['now']()", 'Date.now'],
    ['Date[name]()', 'Date.[computed]'],
    ['const { now } = Date', 'Date'],
    ['new Date()', 'new Date()'],
    ['new Date', 'new Date()'],
    ['Date()', 'Date'],
    ['Math.random()', 'Math.random'],
    ['const dice = Math', 'Math'],
    ['Temporal.Now.instant()', 'Temporal.Now'],
    ['process.env.HOME', 'process'],
    ['performance.now()', 'performance'],
    ['globalThis.Date', 'globalThis'],
    ['setTimeout(() => {}, 1)', 'setTimeout'],
    ['const host = { process }', 'process'],
    ['const at = (clock = Date) => clock', 'Date'],
  ])('the domain may not say %s', (text, what) => {
    expect(withFile('src/domain/a.ts', text)).toContain(`src/domain/a.ts:1: domain is pure and uses ${what}`);
    expect(withFile('adapters/http/a.ts', text)).toEqual([]);
  });

  it.each([
    'new Date(atMs).toISOString()',
    'Date.UTC(2026, 0)',
    'const at: Date = new Date(0)',
    'Math.max(1, 2)',
    'const host = { process: 1, performance: 2 }; host.process',
    'const isMiner = (process: string) => process.startsWith("t-rex")',
    'const { process, ...rest } = gpu; rest(process)',
    'interface Gpu { readonly performance: number | null }',
    '// Date.now() and process.env are not for us',
    "const text = 'new Date()'",
  ])('the domain may say %s', (text) => {
    expect(withFile('src/domain/a.ts', text)).toEqual([]);
  });

  it('knows PromQL outside its adapter, and platforms in commands', () => {
    expect(withFile('src/fleet/a.ts', '// {__name__=~"up"}')).toEqual([expect.stringContaining('contains PromQL')]);
    expect(withFile('commands/a.ts', "const hint = 'as Discord shows it'")).toEqual([
      'commands/a.ts: a command names the platform Discord',
    ]);
    expect(withFile('commands/a.ts', '// for slack')).toEqual(['commands/a.ts: a command names the platform slack']);
    expect(withFile('adapters/slack/a.ts', "const name = 'slack'")).toEqual([]);
  });
});

describe('the reader of imports', () => {
  it('is not fooled by text that looks like an import', () => {
    const text = `
      // import './comment.ts'
      /* export * from './block.ts' */
      const quoted = "import './quoted.ts'";
      const template = \`import './template.ts' \${await import('./real.ts')}\`;
      const pattern = /import '.\\/regex.ts'/;
      const generic = <T>(value: T) => value;
    `;
    expect(referencesOf(readSyntax(text))).toEqual([
      { specifier: './real.ts', typeOnly: false, start: text.indexOf("import('./real.ts')") },
    ]);
  });

  it('refuses a file that does not parse', () => {
    expect(() => readSyntax("import { from './a.ts'")).toThrow();
  });
});
