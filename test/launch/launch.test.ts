import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** Says what it was started with, and on the word `wait` stays until a signal names it. */
const main = `
import { getCompileCacheDir } from 'node:module';
const said: { node: string; arguments: string[]; compileCache: string } = {
  node: process.version,
  arguments: process.argv.slice(2),
  compileCache: getCompileCacheDir() ?? 'none',
};
if (said.arguments[0] === 'exit') process.exitCode = Number(said.arguments[1]);
if (said.arguments[0] === 'wait') setInterval(() => {}, 60_000);
if (said.arguments[1] === 'graceful') process.on('SIGTERM', () => process.exit(7));
process.stdout.write(JSON.stringify(said) + '\\n');
`;

/** A Node that is too old for TypeScript, as a system may have it; null where there is none. */
const oldNode = findNode((major) => major >= 18 && major < 26);

function findNode(fits: (major: number) => boolean): string | null {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    if (folder.includes('node_modules')) continue;
    try {
      const path = join(folder, 'node');
      if (fits(Number.parseInt(execFileSync(path, ['-p', 'process.versions.node'], { encoding: 'utf8' }), 10)))
        return path;
    } catch {
      // No node in this folder.
    }
  }
  return null;
}

let folder: string;
let launcher: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rigshift-launch-'));
  launcher = install('complete');
  symlinkSync(join(root, 'node_modules'), join(folder, 'complete/node_modules'));
});

afterAll(() => rmSync(folder, { recursive: true }));

/** A package with the real launcher and a small main beside it. */
function install(name: string): string {
  const sources = join(folder, name, 'src');
  mkdirSync(sources, { recursive: true });
  writeFileSync(join(folder, name, 'package.json'), '{"type":"module"}');
  writeFileSync(join(sources, 'main.ts'), main);
  copyFileSync(join(root, 'src/launch.mjs'), join(sources, 'launch.mjs'));
  return join(sources, 'launch.mjs');
}

/** Where the package keeps its compile cache; Node adds a folder per version. */
const ownCache = () => join(folder, 'complete/node_modules/.cache/node-compile');

const { NODE_COMPILE_CACHE: _, ...environment } = process.env;

function start(node: string, script: string, given: readonly string[], extra: NodeJS.ProcessEnv = {}): ChildProcess {
  return spawn(node, [script, ...given], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...environment, ...extra },
    timeout: 15_000,
  });
}

async function run(node: string, script: string, given: readonly string[], extra: NodeJS.ProcessEnv = {}) {
  const child = start(node, script, given, extra);
  const [[code, signal], stdout, stderr] = await Promise.all([
    once(child, 'close'),
    text(child.stdout!),
    text(child.stderr!),
  ]);
  return { code, signal, stdout, stderr };
}

/** Waits until the main has said its line, tells the launcher, and hands back how that ended. */
async function runAndSignal(given: readonly string[], signal: NodeJS.Signals) {
  const child = start(oldNode!, launcher, given);
  await once(child.stdout!, 'data');
  child.kill(signal);
  const [code, by] = await once(child, 'close');
  return { code, by };
}

describe('on a Node that runs TypeScript', () => {
  it('runs the main in the same process', async () => {
    const { code, stdout } = await run(process.execPath, launcher, ['ask', 'profit site:quebec']);
    expect(JSON.parse(stdout)).toEqual({
      node: process.version,
      arguments: ['ask', 'profit site:quebec'],
      compileCache: expect.stringContaining(ownCache()),
    });
    expect(code).toBe(0);
  });

  it('leaves a compile cache alone that somebody chose', async () => {
    const chosen = join(folder, 'chosen-directly');
    const { stdout } = await run(process.execPath, launcher, [], { NODE_COMPILE_CACHE: chosen });
    expect(JSON.parse(stdout)).toMatchObject({ compileCache: expect.stringContaining(chosen) });
  });
});

describe.skipIf(oldNode === null)('on an older Node', () => {
  it('hands over to the pinned one, with the arguments and a compile cache', async () => {
    const { code, stdout } = await run(oldNode!, launcher, ['ask', 'profit site:quebec']);
    expect(JSON.parse(stdout)).toEqual({
      node: expect.stringMatching(/^v26\./),
      arguments: ['ask', 'profit site:quebec'],
      compileCache: expect.stringContaining(ownCache()),
    });
    expect(code).toBe(0);
  });

  it('leaves a compile cache alone that somebody chose', async () => {
    const chosen = join(folder, 'chosen');
    const { stdout } = await run(oldNode!, launcher, [], { NODE_COMPILE_CACHE: chosen });
    expect(JSON.parse(stdout)).toMatchObject({ compileCache: expect.stringContaining(chosen) });
  });

  it('exits as the main does', async () => {
    expect(await run(oldNode!, launcher, ['exit', '3'])).toMatchObject({ code: 3, signal: null });
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('passes %s on and dies of it as the main does', async (signal) => {
    expect(await runAndSignal(['wait'], signal)).toEqual({ code: null, by: signal });
  });

  it('lets the main end in its own way', async () => {
    expect(await runAndSignal(['wait', 'graceful'], 'SIGTERM')).toEqual({ code: 7, by: null });
  });

  it('says what to install where the pinned Node is missing', async () => {
    const { code, stderr, stdout } = await run(oldNode!, install('bare'), ['ask']);
    expect(stderr).toMatch(/needs Node 26 or newer; this is v\d+.*\n.*npm ci/);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });
});
