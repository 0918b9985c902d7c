import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../adapters/store/open-store.ts';
import { profit } from '../commands/profit.ts';
import { readiness } from '../commands/readiness.ts';
import { rigs } from '../commands/rigs.ts';
import { status } from '../commands/status.ts';
import type { AnyCommand } from '../src/chat/command.ts';
import type { MeasuredOccupancies } from '../src/domain/economics/rental.ts';
import type { Snapshot } from '../src/domain/snapshot.ts';
import type { FleetContext } from '../src/fleet/context.ts';
import { createObserver } from '../src/fleet/observe.ts';
import { createLedgerJob } from '../src/jobs/ledger.ts';
import { sayIn } from '../src/main/speech.ts';
import type { Log } from '../src/ports/log.ts';
import type { Store } from '../src/ports/store.ts';
import { copiedSource, type PrintedFarm, printFarm } from './copied-farm.ts';
import { type EventLoopDelay, whileMeasured } from './event-loop-delay.ts';
import { percentile } from './table.ts';

/*
 * A large fleet in a process of its own: observed, asked, booked. Prints one FleetFigures as JSON. The small farm that is
 * copied is the same for the same seed; so are the figures it answers with.
 */

export interface CommandFigures {
  readonly command: string;
  readonly firstMs: number;
  /** Of a snapshot that nobody asked about before. */
  readonly medianMs: number;
  /** Of the same snapshot, asked again. */
  readonly againMs: number;
  readonly p95Ms: number;
  /** CPU time of a warm answer, all threads: what a busy machine does not change. */
  readonly cpuMs: number;
  readonly delay: EventLoopDelay;
}

export interface FleetFigures {
  readonly rigs: number;
  readonly gpus: number;
  readonly samplesRead: number;
  readonly observing: EventLoopDelay;
  readonly commands: readonly CommandFigures[];
  /** Before the ledger, after everything was asked. */
  readonly memory: { readonly heapBytes: number; readonly rssBytes: number; readonly peakRssBytes: number };
  readonly ledger: {
    readonly rows: number;
    readonly commitMs: number;
    readonly adding: EventLoopDelay;
    readonly committing: EventLoopDelay;
  };
}

const copiedRigs = 100;
const copies = 100;
const observations = 3;
const asked = 40;
const nothingMeasured: MeasuredOccupancies = new Map();
const warmUp = 10;
const quarterMs = 900_000;

const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };

const farm = await printFarm({ rigs: copiedRigs, gpus: 8, seed: 1, atMs: Date.parse('2026-10-01T12:00:00Z') });
const { snapshot, delay: observing } = await observeFleet(farm);
const folder = await mkdtemp(join(tmpdir(), 'rigshift-bench-'));
const store = await openStore({ url: `sqlite:${join(folder, 'ledger.db')}`, farm: 'bench', mode: 'server' });
let current = snapshot;
try {
  const context: FleetContext = {
    farm: farm.config.farm,
    clock: { now: () => farm.atMs },
    snapshot: () => current,
    occupancies: () => nothingMeasured,
    ledger: store.ledger,
    audit: store.audit,
    changes: (rig, limit) => store.changes.list({ rig, limit }),
    explain: (families, instance) => `${instance} ${families.join(' ')}`,
  };
  const commands: CommandFigures[] = [];
  for (const command of [profit, readiness, status, rigs]) commands.push(await ask(command, context));
  const { heapUsed, rss } = process.memoryUsage();
  const figures: FleetFigures = {
    rigs: snapshot.rigs.length,
    gpus: snapshot.rigs.reduce((sum, rig) => sum + rig.gpus.length, 0),
    samplesRead: snapshot.samplesRead,
    observing,
    commands,
    memory: { heapBytes: heapUsed, rssBytes: rss, peakRssBytes: process.resourceUsage().maxRSS * 1024 },
    ledger: await book(snapshot, store),
  };
  process.stdout.write(JSON.stringify(figures));
} finally {
  await store.close();
  await rm(folder, { recursive: true, force: true });
}

async function observeFleet(printed: PrintedFarm): Promise<{ snapshot: Snapshot; delay: EventLoopDelay }> {
  const { farm, metrics } = printed.config;
  const observer = createObserver({ source: copiedSource(printed, copies), farm, metrics });
  const observe = () => observer.observe(new AbortController().signal);
  const { result, delay } = await whileMeasured(async () => {
    let newest = await observe();
    for (let round = 1; round < observations; round++) newest = await observe();
    return newest;
  });
  return { snapshot: result, delay };
}

/** From parsed options to the reply, as dispatch does it. */
async function ask(command: AnyCommand<FleetContext>, context: FleetContext): Promise<CommandFigures> {
  const presentation = { locale: 'en', timeZone: context.farm.timezone, nowMs: context.clock.now(), say: sayIn('en') };
  const times: number[] = [];
  const again: number[] = [];
  const answer = async () => {
    const startedMs = performance.now();
    const facts = command.facts.parse(await command.run(command.parse.parse({}), context));
    command.present(facts, presentation);
    return performance.now() - startedMs;
  };
  let before = process.cpuUsage();
  let used = before;
  const { delay } = await whileMeasured(async () => {
    for (let round = 0; round < asked; round++) {
      if (round === warmUp) before = process.cpuUsage();
      // What is worked out once per snapshot is worked out anew for a copy.
      current = { ...snapshot };
      times.push(await answer());
    }
    used = process.cpuUsage(before);
    for (let round = 0; round < asked; round++) again.push(await answer());
  });
  const [firstMs = Number.NaN, ...others] = times;
  const { user, system } = used;
  const warm = others.slice(warmUp - 1);
  return {
    command: command.name,
    firstMs,
    medianMs: percentile(warm, 0.5),
    againMs: percentile(again, 0.5),
    p95Ms: percentile(warm, 0.95),
    cpuMs: (user + system) / 1000 / warm.length,
    delay,
  };
}

/** An hour in quarters through the job that keeps the ledger; the observation that ends it closes every rig's row. */
async function book(snapshot: Snapshot, { ledger, aggregates }: Store): Promise<FleetFigures['ledger']> {
  const job = createLedgerJob({
    replay: null,
    ledger,
    aggregates,
    farm: farm.config.farm,
    clock: { now: () => farm.atMs },
    log: silent,
    intervalMs: quarterMs,
    // An hour is closed when it ends.
    states: { miningGapMs: 0, downAfterMs: 0 },
    backfillDays: 0,
    mostPendingRows: 100_000,
  });
  await job.start();
  const adding = await whileMeasured(async () => {
    for (let quarter = 0; quarter < 4; quarter++)
      await job.accept({ ...snapshot, atMs: snapshot.atMs + quarter * quarterMs });
    await job.stop();
  });
  const startedMs = performance.now();
  const committing = await whileMeasured(async () => {
    await job.accept({ ...snapshot, atMs: snapshot.atMs + 4 * quarterMs });
    await job.stop();
  });
  const commitMs = performance.now() - startedMs;
  const rows = await ledger.rows({ fromMs: 0, toMs: Number.MAX_SAFE_INTEGER });
  return { rows: rows.length, commitMs, adding: adding.delay, committing: committing.delay };
}
