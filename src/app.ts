import { setTimeout as wait } from 'node:timers/promises';
import { answerableSnapshot, sourceFailure } from './app/answerable-snapshot.ts';
import { createChatHost } from './app/chat-host.ts';
import { completeNames, contextOf, dispatchOf, observerOf, type Vocabulary } from './app/questions.ts';
import type { OutcomeEvent } from './chat/dispatch.ts';
import type { Config } from './config/parse.ts';
import type { MeasuredOccupancies } from './domain/economics/rental.ts';
import { UpstreamError } from './domain/errors.ts';
import { delayMsOf } from './domain/metrics-settings.ts';
import type { Snapshot } from './domain/snapshot.ts';
import { assessFleet, currentPolicy } from './fleet/assess.ts';
import { compareFleet } from './fleet/compare-fleet.ts';
import { createDayBounds } from './fleet/day-bounds.ts';
import { earningsNow } from './fleet/earnings-now.ts';
import { knowingReplay } from './fleet/knowing-replay.ts';
import { OccupancyMeter } from './fleet/occupancy.ts';
import { rigRows } from './fleet/rig-rows.ts';
import { createAdminNotices } from './jobs/admin-notices.ts';
import { createLedgerJob, type LedgerJobOptions } from './jobs/ledger.ts';
import { LedgerDays } from './jobs/ledger-days.ts';
import { createObservationJob } from './jobs/observation.ts';
import { ObservationKeeper } from './jobs/observation-keeper.ts';
import { createOutbox, type Outbox } from './jobs/outbox.ts';
import { createScheduler } from './jobs/scheduler.ts';
import type { Sleep } from './jobs/time-limit.ts';
import type { ChatAdapter, ChatHost } from './ports/chat.ts';
import type { Clock } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import type { MetricsSource } from './ports/metrics.ts';
import type { Store } from './ports/store.ts';

/** What the outside does for the application. */
export interface AppPorts extends Vocabulary {
  readonly source: MetricsSource;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
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
  readonly host: ChatHost;
  /** What must arrive. */
  readonly outbox: Outbox;
  snapshot(): Snapshot | null;
  /** Chats are started after the first observation, whether it came or failed. */
  start(openChats: (host: ChatHost) => readonly ChatAdapter[] | Promise<readonly ChatAdapter[]>): Promise<void>;
  /** Lets what runs finish, writes what is due, lets go of everything. */
  stop(): Promise<void>;
  checks(): readonly Check[];
}

/** Summing thirty days of a very large farm takes longer than a start may. */
const FIRST_OCCUPANCY_MS = 500;

/** No platform repeats an event after so long. */
const CLAIMS_KEPT_MS = 30 * 86_400_000;
const CLAIMS_FORGOTTEN_AT_ONCE = 500;

/** An observation that is older than so many intervals is not fresh. */
const FRESH_INTERVALS = 3;

/** The whole bot without its adapters; what the end-to-end tests start. */
export function createApp(config: Config, ports: AppPorts): App {
  const { clock, log, store, events, sleep } = ports;
  const waiting = sleep === undefined ? {} : { sleep };
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
    replay: replayOf(config, ports),
    farm: config.farm,
    intervalMs: config.metrics.intervalMs,
    states: config.metrics.states,
    delayMs: delayMsOf(config.metrics),
    backfillDays: config.ledger.backfillDays,
    ledger: store.ledger,
    aggregates: store.aggregates,
    clock,
    log: log.child({ job: 'ledger' }),
    ...waiting,
  });
  const ledgerDays = new LedgerDays({
    store,
    settings: config.ledger,
    clock,
    log: log.child({ job: 'ledger-days' }),
    dayAt: createDayBounds(config.farm.timezone),
    writtenUntilMs: () => ledger.writtenUntilMs(),
  });
  const observer = observerOf(config, ports.source);
  const keeper = new ObservationKeeper({ observer, store, log: log.child({ job: 'observation-keeper' }) });
  const observation = createObservationJob({
    observer,
    clock,
    intervalMs: config.metrics.intervalMs,
    log: log.child({ job: 'observation' }),
    ...waiting,
    onSnapshot: async (snapshot) => {
      first.resolve();
      events?.observed?.(snapshot);
      keeper.accept(snapshot);
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
    await rigRows(snapshot.rigs, snapshot, config.farm);
    await assessFleet(snapshot, config.farm, currentPolicy, snapshot.atMs);
  }

  const minutes = createScheduler({ log: log.child({ part: 'scheduler' }) });
  let chats: readonly ChatAdapter[] = [];
  const outbox = createOutbox({
    store: store.outbox,
    // Whether a platform hears questions says nothing about whether it takes posts: a page does not wait for that.
    senders: () => chats.flatMap(({ sender }) => sender ?? []),
    clock,
    log: log.child({ job: 'outbox' }),
    tellAdmins: (notice) => tellAdmins(notice),
    ...waiting,
  });
  const tellAdmins = createAdminNotices({
    post: (post) => outbox.post(post),
    locale: config.chat.locale,
    say: ports.sayIn(config.chat.locale),
    log: log.child({ job: 'notices' }),
  });
  const snapshot = () => observation.snapshot();
  const context = contextOf(config, ports, {
    snapshot: () => {
      const known = { snapshot: observation.snapshot(), failure: observation.failure() };
      return answerableSnapshot(known, config.metrics.tooOldMs, clock.now());
    },
    sourceFailure: () => sourceFailure(observation.failure()),
    occupancies: () => occupancies,
  });
  const changes = { audit: store.audit, claim: store.claims.claim };
  const host = createChatHost(config, ports, {
    dispatch: dispatchOf(config, ports, context, changes, (event) => events?.answered?.(event)),
    complete: completeNames(config, snapshot),
    snapshot,
    tellAdmins: (notice) => void tellAdmins(notice),
  });
  const tidy = async () => {
    await outbox.tidy();
    await store.claims.forget(clock.now() - CLAIMS_KEPT_MS, CLAIMS_FORGOTTEN_AT_ONCE);
  };
  let ledgerStarted = false;
  let stopping = false;

  return {
    host,
    outbox,
    snapshot,
    async start(openChats) {
      await ledger.start();
      await keeper.recall();
      ledgerStarted = true;
      if (stopping) return;
      observation.start();
      minutes.everyMinute('ledger', () => ledger.tick());
      minutes.everyMinute('ledger-days', () => ledgerDays.tick());
      minutes.everyMinute('occupancy', measureOccupancy);
      minutes.everyMinute('tidy', tidy);
      await Promise.race([measureOccupancy(), wait(FIRST_OCCUPANCY_MS)]);
      await first.promise;
      if (stopping) return;
      chats = await openChats(host);
      // Whoever stopped meanwhile has stopped the chats that there were.
      if (stopping) return;
      await Promise.all(chats.map((chat) => chat.start()));
      outbox.start();
    },
    async stop() {
      stopping = true;
      // All at once: a platform that hangs must not use up the time in which the ledger is saved.
      const silent = Promise.allSettled([outbox.stop(), ...chats.map((chat) => chat.stop())]);
      await Promise.all([observation.stop(), ledgerDays.stop(), minutes.stop()]);
      // It saves what is open; before it has read that back there is nothing to save over.
      if (ledgerStarted) await Promise.all([ledger.stop(), keeper.stop()]);
      await silent;
      await ports.source.close();
      await store.close();
    },
    checks() {
      return [
        freshness(observation.snapshot(), config, clock.now()),
        { name: 'ledger', ok: ledger.status().failure === null, detail: ledger.status().failure ?? 'written' },
        ...chats.map(connection),
      ];
    },
  };
}

/** Each with its own memory of cards and names: what it replays is older than what the observation has seen. */
function replayOf(config: Config, { source, store }: Pick<AppPorts, 'source' | 'store'>): LedgerJobOptions['replay'] {
  const replay = () => knowingReplay(observerOf(config, source), store, config.farm);
  const [live, past] = [replay(), replay()];
  return live === null || past === null ? null : { live, past };
}

function freshness(snapshot: Snapshot | null, { metrics }: Config, nowMs: number): Check {
  if (snapshot === null) return { name: 'observation', ok: false, detail: 'no observation yet' };
  const ageMs = nowMs - snapshot.atMs;
  const freshMs = FRESH_INTERVALS * metrics.intervalMs + delayMsOf(metrics);
  const detail = `the last observation is ${Math.round(ageMs / 1000)} s old`;
  return { name: 'observation', ok: ageMs <= freshMs, detail };
}

function connection(chat: ChatAdapter): Check {
  const ok = chat.connected();
  return { name: chat.name, ok, detail: chat.detail?.() ?? (ok ? 'connected' : 'not connected') };
}
