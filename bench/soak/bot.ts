import { readFile } from 'node:fs/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createExportersSource } from '../../adapters/exporters/source.ts';
import { inlineTargets } from '../../adapters/exporters/targets.ts';
import { openStore } from '../../adapters/store/open-store.ts';
import { commands } from '../../commands/index.ts';
import { createApp } from '../../src/app.ts';
import type { Outcome } from '../../src/chat/invocation.ts';
import { parseConfig } from '../../src/config/parse.ts';
import { runUntilStopped } from '../../src/jobs/shutdown.ts';
import { sayIn } from '../../src/main/speech.ts';
import type { Log } from '../../src/ports/log.ts';
import type { LedgerStore } from '../../src/ports/store.ts';
import { type FarmTime, farmClock, farmSleep } from './farm-time.ts';

/*
 * The bot in a process of its own, to be killed: everything but chats and HTTP, on the farm's time. Tells the soak what it
 * observed, when it begins to write, how it answered, and how it is.
 */

export interface BotOptions {
  readonly configPath: string;
  readonly database: string;
  readonly farm: string;
  readonly time: FarmTime;
  readonly intervalMs: number;
}

export type FromBot =
  | { readonly kind: 'started' }
  | { readonly kind: 'observed'; readonly atMs: number; readonly targetsUp: number }
  | { readonly kind: 'saving'; readonly rows: number }
  | { readonly kind: 'saved'; readonly durationMs: number }
  | { readonly kind: 'answered'; readonly text: string; readonly outcome: Outcome; readonly durationMs: number }
  | { readonly kind: 'vitals'; readonly rssBytes: number; readonly lateP99Ms: number; readonly lateMaxMs: number }
  | { readonly kind: 'logged'; readonly level: 'warn' | 'error'; readonly message: string; readonly because: string };

/** Of the machine, not of the farm. */
const vitalsEveryMs = 1_000;
const delayResolutionMs = 10;

const { configPath, database, farm, time, intervalMs }: BotOptions = JSON.parse(process.argv[2] ?? '');
const clock = farmClock(time);
const noFile = () => Promise.reject(new Error('the soak has no inventory'));
const written = await parseConfig(await readFile(configPath, 'utf8'), { path: configPath, env: {}, readFile: noFile });
const config = { ...written, metrics: { ...written.metrics, intervalMs } };
const { source } = config.metrics;
if (source.kind !== 'exporters') throw new Error('the soak reads exporters');

const store = await openStore({ url: `sqlite:${database}`, farm, mode: 'server' });
const log = toldLog();
const app = createApp(config, {
  source: createExportersSource({
    targets: inlineTargets(source.targets),
    // As much less than the interval as the program's own 10 s are less than 15 s.
    timeoutMs: (intervalMs * 2) / 3 / time.speed,
    clock,
  }),
  store: { ...store, ledger: toldLedger(store.ledger) },
  clock,
  log,
  commands,
  sayIn,
  sleep: farmSleep(time),
  events: { observed: ({ atMs, targetsUp }) => tell({ kind: 'observed', atMs, targetsUp }) },
});
await app.start(() => []);
process.on('message', (text) => void answer(String(text)));
const vitals = setInterval(tellVitals, vitalsEveryMs);
const delays = monitorEventLoopDelay({ resolution: delayResolutionMs });
delays.enable();

const orphaned = new Promise((resolve) => process.once('disconnect', resolve));
const ended = runUntilStopped({ finished: orphaned, stop: () => app.stop(), log });
// Not before it listens for signals: the soak may answer with one at once.
tell({ kind: 'started' });
process.exitCode = await ended;
clearInterval(vitals);
process.exit();

function tell(message: FromBot): void {
  if (process.connected) process.send?.(message);
}

async function answer(text: string): Promise<void> {
  const startedMs = performance.now();
  const user = { id: 'soak', name: 'soak', groups: [], administers: true };
  const { outcome } = await app.host.dispatch({
    platform: 'console',
    text,
    user,
    channel: 'soak',
    locale: 'en',
    id: null,
  });
  tell({ kind: 'answered', text, outcome, durationMs: performance.now() - startedMs });
}

function tellVitals(): void {
  // What is measured is the time from one tick of the timer to the next, the timer's own interval included.
  const lateMs = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - delayResolutionMs);
  tell({
    kind: 'vitals',
    rssBytes: process.memoryUsage.rss(),
    lateP99Ms: lateMs(delays.percentile(99)),
    lateMaxMs: lateMs(delays.max),
  });
  delays.reset();
}

/** Says when a commit begins, so that it can be cut off in the middle. */
function toldLedger(ledger: LedgerStore): LedgerStore {
  return {
    ...ledger,
    commitAndSaveOpen: async (batch, state) => {
      tell({ kind: 'saving', rows: batch.rows.length });
      const startedMs = performance.now();
      const committed = await ledger.commitAndSaveOpen(batch, state);
      tell({ kind: 'saved', durationMs: performance.now() - startedMs });
      return committed;
    },
  };
}

function toldLog(): Log {
  const teller = (level: 'warn' | 'error') => (fields: object, message: string) => {
    const error: unknown = 'err' in fields ? fields.err : null;
    const because = error instanceof Error ? error.message : JSON.stringify(fields);
    tell({ kind: 'logged', level, message, because });
  };
  const told: Log = { debug() {}, info() {}, warn: teller('warn'), error: teller('error'), child: () => told };
  return told;
}
