import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { startSimulator } from '../../adapters/simulator/server.ts';
import { openStore } from '../../adapters/store/open-store.ts';
import type { LedgerRow } from '../../src/domain/ledger.ts';
import { systemClock } from '../../src/ports/clock.ts';
import { northRow } from './north-farm.ts';
import { type Asked, ask, type Rigshift, startRigshift } from './run-rigshift.ts';
import { type TemporaryFolder, temporaryFolder } from './temporary-folder.ts';

/*
 * The program and people in a chat, over a farm whose time stands still: what a chat says is compared with what
 * `rigshift ask` says, and nothing may change in between.
 */

const HOUR_MS = 3_600_000;

export interface ChatProgramOptions {
  /** Tokens and addresses of the platforms. */
  readonly env: Readonly<Record<string, string>>;
  /** The section `chat` of the configuration. */
  readonly chat?: object;
  /** Whether the program's clock stands still with the farm's; what waits for a time would wait for ever. */
  readonly frozen?: boolean;
  readonly limitMs?: number;
}

/** A simulated farm, its configuration and its ledger. */
export interface ChatFarm extends AsyncDisposable {
  readonly rigs: readonly string[];
  /** Where the program's files are. */
  readonly folder: TemporaryFolder;
  start(options: ChatProgramOptions): Rigshift;
  /** What a console says to it at the same moment. */
  ask(question: string): Promise<Asked['answer']>;
}

/** Thirty rigs of two GPUs, with the hours of the last two days in the ledger. */
export async function startChatFarm(): Promise<ChatFarm> {
  const atMs = Date.now();
  const settings = { rigs: 30, gpus: 2, seed: 3, port: 0, startAtMs: atMs, frozen: true, speed: 1 };
  const simulator = await startSimulator({ ...settings, clock: systemClock });
  const folder = temporaryFolder();
  const written = parseDocument(await (await fetch(`${simulator.url}/rigshift.yaml`)).text());
  const farmName = String(written.getIn(['farm', 'name']));
  const sites = new Map(simulator.farm.targets.map(({ rigName, site }) => [rigName, site] as const));
  const rigs = [...sites.keys()].filter((rig) => rig !== null).sort();
  const lastHourMs = Math.floor(atMs / HOUR_MS) * HOUR_MS;
  const rows = rigs.flatMap((rig) =>
    Array.from({ length: 48 }, (_, hour) =>
      northRow({ rig, site: sites.get(rig) ?? null, startMs: lastHourMs - (hour + 1) * HOUR_MS }),
    ),
  );
  await keepPast(`sqlite:${join(folder.path, 'rigshift.db')}`, farmName, rows);
  const frozen = standingStill(atMs);
  const place = { cwd: folder.path, limitMs: 120_000 };
  const database = { DATABASE_URL: 'sqlite:rigshift.db' };
  writeFileSync(join(folder.path, 'ask.yaml'), String(written));
  return {
    rigs,
    folder,
    start({ env, chat = {}, frozen: isFrozen = false, limitMs = place.limitMs }) {
      const own = written.clone();
      own.set('chat', own.createNode(chat));
      writeFileSync(join(folder.path, 'rigshift.yaml'), String(own));
      const preload = isFrozen ? [frozen] : [];
      return startRigshift(['start'], {
        cwd: folder.path,
        limitMs,
        stdin: null,
        preload,
        env: { HTTP_PORT: '0', ...database, ...env },
      });
    },
    async ask(question) {
      const { answer } = await ask(question, ['--config', 'ask.yaml'], { ...place, env: database, preload: [frozen] });
      return answer;
    },
    async [Symbol.asyncDispose]() {
      await simulator.close();
      folder[Symbol.dispose]();
    },
  };
}

export interface Readiness {
  readonly status: number;
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[];
}

/** What `/readyz` says once the program is up. */
export async function readiness(program: Rigshift): Promise<Readiness> {
  const { address } = await program.untilLogs('ready');
  const response = await fetch(`${address}/readyz`);
  return { status: response.status, ...readyz.parse(await response.json()) };
}

/** Waits until everything that the program needs is there. @throws with what is not. */
export async function untilReady(program: Rigshift): Promise<void> {
  const check = async () => expect(await readiness(program)).toMatchObject({ status: 200 });
  await vi.waitFor(check, { timeout: 15_000, interval: 20 });
}

const readyz = z.object({ checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })) });

/** What happened before the program was started: hours of the farm, and a change that somebody made. */
async function keepPast(url: string, farm: string, rows: readonly LedgerRow[]): Promise<void> {
  const store = await openStore({ url, farm, mode: 'server' });
  await store.ledger.commit({ rows, accounts: [] });
  const place = { platform: 'console', channel: 'console', userId: '1000', userName: 'dora' };
  const change = { command: 'note', text: 'note rig:a1 text:"new riser"' };
  await store.audit.begin({ id: 'change-1', atMs: Date.parse('2026-11-01T12:00:00Z'), ...place, ...change });
  await store.audit.end('change-1', 'done', 'Noted.');
  await store.close();
}

/** A module to load before the program: the program's clock stands still, while its libraries' goes on. */
function standingStill(atMs: number): string {
  const clock = `export const systemClock = { now: () => ${atMs} };`;
  const loaded = `{ format: 'module', shortCircuit: true, source: ${JSON.stringify(clock)} }`;
  const load = `(url, context, next) => (url.endsWith('/src/ports/clock.ts') ? ${loaded} : next(url, context))`;
  const module = `import { registerHooks } from 'node:module'; registerHooks({ load: ${load} });`;
  return `data:text/javascript,${encodeURIComponent(module)}`;
}
