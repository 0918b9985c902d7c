import { setTimeout as wait } from 'node:timers/promises';
import type { AnyCommand } from './chat/command.ts';
import type { CompleteName } from './chat/complete-line.ts';
import { createDispatch, type OutcomeEvent } from './chat/dispatch.ts';
import type { Answer } from './chat/invocation.ts';
import type { Config } from './config/parse.ts';
import type { MeasuredOccupancies } from './domain/economics/rental.ts';
import { UpstreamError } from './domain/errors.ts';
import type { Snapshot } from './domain/snapshot.ts';
import { compareFleet } from './fleet/compare-fleet.ts';
import type { FleetContext } from './fleet/context.ts';
import { earningsNow } from './fleet/earnings-now.ts';
import { createObserver, type Observer } from './fleet/observe.ts';
import { OccupancyMeter } from './fleet/occupancy.ts';
import { createLedgerJob } from './jobs/ledger.ts';
import { createObservationJob } from './jobs/observation.ts';
import { createScheduler } from './jobs/scheduler.ts';
import type { Sleep } from './jobs/time-limit.ts';
import type { ChatAdapter, Dispatch } from './ports/chat.ts';
import type { Clock } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import type { MetricsSource } from './ports/metrics.ts';
import type { LedgerStore, Store } from './ports/store.ts';

/** What the outside does for the application. */
export interface AppPorts {
  readonly source: MetricsSource;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly commands: readonly AnyCommand<FleetContext>[];
  readonly events?: AppEvents;
  /** How jobs wait, where the clock does not run as fast as the world. */
  readonly sleep?: Sleep;
}

/** Told of what happens, to be counted. */
export interface AppEvents {
  observed?(snapshot: Snapshot): void;
  answered?(event: OutcomeEvent): void;
  /** An outside system, by its name, failed. */
  failed?(system: string): void;
}

/** One thing that has to work before questions can be answered. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

export interface App {
  readonly dispatch: Dispatch;
  readonly complete: CompleteName;
  snapshot(): Snapshot | null;
  /** Chats are started after the first observation, whether it came or failed. */
  start(chats: (app: App) => readonly ChatAdapter[]): Promise<void>;
  /** Lets what runs finish, writes what is due, lets go of everything. */
  stop(): Promise<void>;
  checks(): readonly Check[];
}

/** Summing thirty days of a very large farm takes longer than a start may. */
const FIRST_OCCUPANCY_MS = 500;

/** An observation that is older than so many intervals is not fresh. */
const FRESH_INTERVALS = 3;

/** The whole bot without its adapters; what the end-to-end tests start. */
export function createApp(config: Config, ports: AppPorts): App {
  const { clock, log, store, events, sleep } = ports;
  const observer = observerOf(config, ports.source);
  const meter = new OccupancyMeter(store.ledger);
  let occupancies: MeasuredOccupancies = new Map();
  const measureOccupancy = async () => {
    try {
      occupancies = await meter.measure(clock.now());
    } catch (err) {
      // The last ones stay: thirty days change little while the store is away.
      log.warn({ err }, 'occupancy not measured');
    }
  };
  const first = Promise.withResolvers<void>();
  const ledger = createLedgerJob({
    // Its own memory of cards and names: what it replays is older than what the observation has seen.
    replay: observerOf(config, ports.source).replay,
    farm: config.farm,
    intervalMs: config.metrics.intervalMs,
    ledger: store.ledger,
    clock,
    log: log.child({ job: 'ledger' }),
    ...(sleep === undefined ? {} : { sleep }),
  });
  const observation = createObservationJob({
    observer,
    clock,
    intervalMs: config.metrics.intervalMs,
    log: log.child({ job: 'observation' }),
    ...(sleep === undefined ? {} : { sleep }),
    onSnapshot: async (snapshot) => {
      first.resolve();
      events?.observed?.(snapshot);
      await ledger.accept(snapshot);
      await workOut(snapshot);
    },
    onError: (error) => {
      first.resolve();
      events?.failed?.(error instanceof UpstreamError ? error.system : 'rigshift');
    },
  });
  /** Before somebody asks: then the first answer over a snapshot costs as little as every other. */
  async function workOut(snapshot: Snapshot): Promise<void> {
    await compareFleet(snapshot.rigs, snapshot, config.farm, occupancies);
    await earningsNow(snapshot.rigs, snapshot, config.farm);
  }

  const minutes = createScheduler({ log: log.child({ part: 'scheduler' }) });
  const context = contextOf(config, ports, store.ledger, {
    snapshot: () => observation.snapshot(),
    occupancies: () => occupancies,
  });
  const dispatch = dispatchOf(ports, config, context);
  let chats: readonly ChatAdapter[] = [];
  let ledgerStarted = false;
  let stopping = false;

  const app: App = {
    dispatch,
    complete: completeNames(config, () => observation.snapshot()),
    snapshot: () => observation.snapshot(),
    async start(open) {
      await ledger.start();
      ledgerStarted = true;
      if (stopping) return;
      observation.start();
      minutes.everyMinute('ledger', () => ledger.tick());
      minutes.everyMinute('occupancy', measureOccupancy);
      await Promise.race([measureOccupancy(), wait(FIRST_OCCUPANCY_MS)]);
      await first.promise;
      if (stopping) return;
      chats = open(app);
      await Promise.all(chats.map((chat) => chat.start()));
    },
    async stop() {
      stopping = true;
      await Promise.allSettled(chats.map((chat) => chat.stop()));
      await Promise.all([observation.stop(), minutes.stop()]);
      // It saves what is open; before it has read that back there is nothing to save over.
      if (ledgerStarted) await ledger.stop();
      await ports.source.close();
      await store.close();
    },
    checks() {
      const snapshot = observation.snapshot();
      const ageMs = snapshot === null ? null : clock.now() - snapshot.atMs;
      const fresh = ageMs !== null && ageMs <= FRESH_INTERVALS * config.metrics.intervalMs;
      const age = ageMs === null ? 'no observation yet' : `the last observation is ${Math.round(ageMs / 1000)} s old`;
      const { failure } = ledger.status();
      return [
        { name: 'observation', ok: fresh, detail: age },
        { name: 'ledger', ok: failure === null, detail: failure ?? 'written' },
        ...chats.map((chat) => ({
          name: chat.name,
          ok: chat.connected(),
          detail: chat.connected() ? 'connected' : 'not connected',
        })),
      ];
    },
  };
  return app;
}

export interface AskPorts {
  readonly source: MetricsSource;
  readonly ledger: LedgerStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly commands: readonly AnyCommand<FleetContext>[];
}

/** Observes once and answers one question; never writes the ledger. */
export async function answerOnce(config: Config, ports: AskPorts, text: string, locale: string): Promise<Answer> {
  const observer = observerOf(config, ports.source);
  let snapshot: Snapshot | null = null;
  let failure: unknown = null;
  try {
    snapshot = await observer.observe(AbortSignal.timeout(observationLimitMs(config)));
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    failure = error;
  }
  const occupancies = await new OccupancyMeter(ports.ledger).measure(ports.clock.now());
  const context = contextOf(config, ports, ports.ledger, {
    snapshot: () => {
      // Only a question that looks at the fleet fails with it: help still helps.
      if (failure !== null) throw failure;
      return snapshot;
    },
    occupancies: () => occupancies,
  });
  const dispatch = dispatchOf(ports, config, context);
  return dispatch({ platform: 'ask', text, user: { id: 'ask', name: 'ask' }, channel: 'ask', locale });
}

/** One observation, for `check`. @throws UpstreamError where the source as a whole cannot be read. */
export function observeOnce(config: Config, source: MetricsSource): Promise<Snapshot> {
  return observerOf(config, source).observe(AbortSignal.timeout(observationLimitMs(config)));
}

function observationLimitMs({ metrics }: Config): number {
  return Math.max(30_000, metrics.intervalMs);
}

function observerOf({ farm, metrics }: Config, source: MetricsSource): Observer {
  return createObserver({ source, farm, metrics });
}

function contextOf(
  { farm }: Config,
  { clock, source }: Pick<AppPorts, 'clock' | 'source'>,
  ledger: LedgerStore,
  known: Pick<FleetContext, 'snapshot' | 'occupancies'>,
): FleetContext {
  return { farm, clock, ledger, ...known, explain: (families, instance) => source.explain(families, instance) };
}

function dispatchOf(
  { commands, log, clock, events }: Pick<AppPorts, 'commands' | 'log' | 'clock' | 'events'>,
  { farm }: Config,
  context: FleetContext,
): Dispatch {
  return createDispatch({
    commands,
    context,
    log: log.child({ part: 'dispatch' }),
    clock,
    presentation: { locale: 'en', timeZone: farm.timezone },
    // The console belongs to whoever may start the process.
    roleOf: ({ platform }) => (platform === 'console' || platform === 'ask' ? 'admin' : 'viewer'),
    onOutcome: (event) => events?.answered?.(event),
  });
}

/** Names of the fleet that begin with what was typed; rigs and models as observed, sites and coins as configured. */
function completeNames({ farm }: Config, snapshot: () => Snapshot | null): CompleteName {
  return (kind, prefix) => {
    const rigs = snapshot()?.rigs ?? [];
    const names =
      kind === 'rig'
        ? rigs.map((rig) => rig.name)
        : kind === 'site'
          ? farm.sites.map((site) => site.name)
          : kind === 'coin'
            ? farm.market.coins.map((coin) => coin.coin)
            : [...new Set(rigs.flatMap((rig) => rig.gpus.flatMap((gpu) => gpu.model ?? [])))].sort();
    const wanted = prefix.toLowerCase();
    return names.filter((name) => name.toLowerCase().startsWith(wanted));
  };
}
