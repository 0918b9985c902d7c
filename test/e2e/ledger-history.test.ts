import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPrometheusSource } from '../../adapters/prometheus/source.ts';
import { configurationYaml } from '../../adapters/simulator/configuration.ts';
import { createFarm, epochFor, type GpuAccount, type Target } from '../../adapters/simulator/farm.ts';
import { openStore } from '../../adapters/store/open-store.ts';
import { type Config, parseConfig } from '../../src/config/parse.ts';
import { dialects } from '../../src/data/dialects/index.ts';
import type { AccountRow, LedgerRow } from '../../src/domain/ledger.ts';
import { familiesOf, wantedFamilies } from '../../src/domain/observation/families.ts';
import { workStates } from '../../src/domain/work-state.ts';
import { createObserver } from '../../src/fleet/observe.ts';
import { createLedgerJob } from '../../src/jobs/ledger.ts';
import type { MetricsSource } from '../../src/ports/metrics.ts';
import type { LedgerStore } from '../../src/ports/store.ts';
import { differences } from '../support/differences.ts';
import { memoryAggregates } from '../support/memory-aggregates.ts';
import { writePrometheusBlocks } from '../support/prometheus-blocks.ts';
import { type PrometheusServer, startPrometheusServer, until } from '../support/prometheus-server.ts';
import { type RecordedScrape, recordedExporters, recordScrapes } from '../support/recorded-scrapes.ts';
import { recordingLog } from '../support/recording-log.ts';
import { missingServers } from '../support/servers.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';
import {
  importScrapes,
  startVictoriaMetricsServer,
  victoriaMetricsProgram,
} from '../support/victoria-metrics-server.ts';

/*
 * Two hours of a simulated farm, once read back from a Prometheus server that had scraped it and once added up from the same
 * scrapes as they came: row by row they have to agree, and with what really happened.
 */

const hourMs = 3_600_000;
const minuteMs = 60_000;
const scrapeMs = 15_000;
/** What the job waits for after an hour's end: what was seen then has to be believed, and late data to arrive. */
const marginMs = 6 * minuteMs;
const fromMs = Date.parse('2026-10-02T07:00:00Z');
const toMs = fromMs + 2 * hourMs;

/** Rigs whose scrapes begin to fail on the way; their cards work on, unseen. */
const failsFromMs: ReadonlyMap<string | null, number> = new Map([
  ['tx-3090-02', fromMs + 50 * minuteMs],
  ['qc-riser-01', fromMs + 80 * minuteMs],
]);

const farm = createFarm({ rigs: 12, gpus: 2, seed: 7, epochMs: epochFor(fromMs) });
const recording = {
  farm,
  families: wantedFamilies(familiesOf(dialects)),
  fromMs: fromMs - 5 * minuteMs,
  toMs: toMs + marginMs,
  everyMs: scrapeMs,
  isDown: ({ down, rigName }: Target, atMs: number) => down || atMs >= (failsFromMs.get(rigName) ?? toMs + hourMs),
};

interface Ledger {
  readonly rows: readonly LedgerRow[];
  readonly accounts: readonly AccountRow[];
}

let folder: TemporaryFolder;
let config: Config;
const servers: PrometheusServer[] = [];
let addedUp: Ledger;
let readBack: Ledger;
const log = recordingLog();

describe.skipIf(missingServers('prometheus', 'promtool'))(
  'the ledger of a farm that a Prometheus server scrapes',
  () => {
    beforeAll(async () => {
      folder = temporaryFolder();
      const yaml = configurationYaml(farm, 'http://127.0.0.1:9');
      config = await parseConfig(yaml, { path: null, env: {}, readFile: async () => '' });
      const scrapes = recordScrapes(recording);
      await startOn(scrapes, 'aligned');
      addedUp = await inStore('added-up', (ledger) => addUp(scrapes, ledger));
      readBack = await inStore('read-back', (ledger) =>
        readHours(ledger, { startsMs: fromMs + 10 * minuteMs, wakesMs: toMs + marginMs, hours: 2 }),
      );
    }, 60_000);

    afterAll(async () => {
      await Promise.all(servers.map((server) => server.stop()));
      folder?.[Symbol.dispose]();
    });

    it('has the rows of the scrapes, seconds, energy, hashes and money to 0.1 %', () => {
      expect(readBack.rows.length).toBeGreaterThan(2 * farm.options.rigs);
      expect(differences(byPeriod(addedUp.rows), byPeriod(readBack.rows), 0.001)).toEqual([]);
    });

    it('has the payouts of the account at the same instants', () => {
      expect(readBack.accounts).toHaveLength(2);
      expect(differences(addedUp.accounts, readBack.accounts, 1e-9)).toEqual([]);
    });

    it('agrees with what really happened to 0.5 %', () => {
      expect(knowableRigs().length).toBeGreaterThan(5);
      expect(differencesFromTruth(readBack.rows)).toEqual([]);
    });

    it.each([...failsFromMs])('%s is down from the scrape on that failed, and not before', (rig, failsMs) => {
      const own = readBack.rows.filter((row) => row.rig === rig);
      const downSeconds = own.map(
        ({ startMs }) =>
          farm.options.gpus * Math.min(3600, Math.max(0, (startMs + hourMs - (failsMs - scrapeMs)) / 1000)),
      );
      expect(own.map(({ stateSeconds }) => stateSeconds.down)).toEqual(downSeconds);
      expect(own.map(({ powerSeconds }) => powerSeconds)).toEqual(
        downSeconds.map((down) => 3600 * farm.options.gpus - down),
      );
    });

    it('misses no hour of an outage, and writes none twice', async () => {
      const twoLives = await inStore('two-lives', async (ledger) => {
        await readHours(ledger, { startsMs: fromMs + 10 * minuteMs, wakesMs: fromMs + hourMs + marginMs, hours: 1 });
        await readHours(ledger, { startsMs: toMs + minuteMs, wakesMs: toMs + marginMs, hours: 1 });
      });
      expect(differences(readBack, twoLives, 1e-9)).toEqual([]);
    });

    it('says the same where the bot looks half as often as the server scrapes', async () => {
      const coarse = await inStore('coarse', (ledger) =>
        readHours(ledger, { startsMs: fromMs, wakesMs: toMs + marginMs, hours: 2, intervalMs: 2 * scrapeMs }),
      );
      const coarseRows = byPeriod(coarse.rows);
      // A stretch counts as what was seen at its end: of a change, the longer one tells that much earlier.
      const changeSeconds = (scrapeMs / 1000) * farm.options.gpus;
      for (const [period, row] of Object.entries(byPeriod(addedUp.rows))) {
        const found = coarseRows[period];
        expect(found?.observedSeconds, period).toBeCloseTo(row.observedSeconds, 3);
        const shifted = workStates.map((state) =>
          Math.abs(row.stateSeconds[state] - (found?.stateSeconds[state] ?? 0)),
        );
        expect(Math.max(...shifted), period).toBeLessThanOrEqual(changeSeconds);
        if (Math.max(...shifted) > 0) continue;
        const measured = ({ cardJoules, mined }: LedgerRow) => ({
          cardJoules,
          hashes: mined.map(({ hashes }) => hashes),
        });
        expect(differences(measured(row), found && measured(found), 0.005, undefined, period)).toEqual([]);
      }
      expect(coarse.rows).toHaveLength(addedUp.rows.length);
      expect(differencesFromTruth(coarse.rows, 0.01)).toEqual([]);
    });

    it('agrees with what really happened where each target is scraped at a time of its own', async () => {
      const offsetMs = (_target: Target, index: number) => (index * 4_777) % scrapeMs;
      const server = await startOn(recordScrapes({ ...recording, offsetMs }), 'spread');
      const spread = await inStore('spread', (ledger) =>
        readHours(ledger, { startsMs: fromMs, wakesMs: toMs + marginMs, hours: 2, server }),
      );
      expect(differencesFromTruth(spread.rows)).toEqual([]);
      expect(spread.rows).toHaveLength(addedUp.rows.length);
      for (const { rig, seconds, observedSeconds } of spread.rows) expect(observedSeconds, rig).toBeCloseTo(seconds, 3);
    });

    it.skipIf(missingServers(victoriaMetricsProgram))(
      'says the same where VictoriaMetrics keeps the scrapes',
      async () => {
        const server = await startVictoriaMetricsServer();
        servers.push(server);
        await importScrapes(server.url, recordScrapes(recording));
        const other = await inStore('victoria-metrics', (ledger) =>
          readHours(ledger, { startsMs: fromMs + 10 * minuteMs, wakesMs: toMs + marginMs, hours: 2, server }),
        );
        expect(differences(byPeriod(readBack.rows), byPeriod(other.rows), 1e-9)).toEqual([]);
        expect(differences(readBack.accounts, other.accounts, 1e-9)).toEqual([]);
      },
    );

    it('nothing went wrong on the way', () => {
      expect(log.lines.filter((line) => /^(?:warn|error):/.test(line))).toEqual([]);
    }, 60_000);
  },
);

async function startOn(scrapes: readonly RecordedScrape[], name: string): Promise<PrometheusServer> {
  const path = join(folder.path, name);
  mkdirSync(path);
  const server = await startPrometheusServer({ storagePath: await writePrometheusBlocks(scrapes, path) });
  servers.push(server);
  return server;
}

/** What a store on disk has of the two hours after `write`. */
async function inStore(name: string, write: (ledger: LedgerStore) => Promise<void>): Promise<Ledger> {
  const url = `sqlite:${join(folder.path, `${name}.db`)}`;
  const store = await openStore({ url, farm: config.farm.name, mode: 'server' });
  await write(store.ledger);
  const content = {
    rows: await store.ledger.rows({ fromMs, toMs }),
    accounts: await store.ledger.accounts({ fromMs, toMs }),
  };
  await store.close();
  return content;
}

function observerOf(source: MetricsSource) {
  return createObserver({ source, farm: config.farm, metrics: config.metrics });
}

function jobOptions() {
  return {
    aggregates: memoryAggregates(),
    farm: config.farm,
    states: config.metrics.states,
    backfillDays: 0,
    log,
  };
}

/** One life of a bot that scrapes for itself. */
async function addUp(scrapes: readonly RecordedScrape[], ledger: LedgerStore): Promise<void> {
  let nowMs = recording.fromMs;
  const clock = { now: () => nowMs };
  const observer = observerOf(recordedExporters(scrapes, clock));
  const job = createLedgerJob({ ...jobOptions(), replay: null, ledger, clock, intervalMs: scrapeMs });
  await job.start();
  for (; nowMs <= recording.toMs; nowMs += scrapeMs)
    await job.accept(await observer.observe(AbortSignal.timeout(minuteMs)));
  await job.stop();
}

interface Life {
  readonly startsMs: number;
  /** When it looks for hours that are due. */
  readonly wakesMs: number;
  /** So many are. */
  readonly hours: number;
  readonly intervalMs?: number;
  /** The first one that was started unless it is said otherwise. */
  readonly server?: PrometheusServer;
}

/** One life of a bot that reads the server back. */
async function readHours(ledger: LedgerStore, life: Life): Promise<void> {
  const { startsMs, wakesMs, hours, intervalMs = scrapeMs, server = servers[0] } = life;
  if (server === undefined) throw new Error('no server has been started');
  let nowMs = startsMs;
  const clock = { now: () => nowMs };
  const source = createPrometheusSource({ url: server.url, credentials: { kind: 'none' }, intervalMs, clock });
  const { replay } = observerOf(source);
  let written = 0;
  const counting: LedgerStore = {
    ...ledger,
    commitAndSaveOpen: async (batch, state) => {
      const result = await ledger.commitAndSaveOpen(batch, state);
      expect(result.known).toBe(0);
      written += 1;
      return result;
    },
  };
  if (replay === null) throw new Error('the server keeps no history');
  const job = createLedgerJob({
    ...jobOptions(),
    replay: { live: replay, past: replay },
    ledger: counting,
    clock,
    intervalMs,
  });
  await job.start();
  nowMs = wakesMs;
  await job.tick();
  await until(10_000, () => written === hours || job.status().failure !== null);
  await job.stop();
  await source.close();
}

function byPeriod(rows: readonly LedgerRow[]): Readonly<Record<string, LedgerRow>> {
  return Object.fromEntries(rows.map((row) => [`${row.rig} ${new Date(row.startMs).toISOString()}`, row]));
}

/** Where the rows are more than `relative` of the time, the energy or the hashes from the simulated truth, in words. */
function differencesFromTruth(rows: readonly LedgerRow[], relative = 0.005): readonly string[] {
  const found: string[] = [];
  const compare = (what: string, ledger: number, real: number, whole: number) => {
    if (Math.abs(ledger - real) > relative * whole) found.push(`${what}: ${ledger}, really ${real}`);
  };
  for (const [rig, cards] of knowableRigs()) {
    const own = rows.filter((row) => row.rig === rig);
    const gpuSeconds = (cards.length * (toMs - fromMs)) / 1000;
    for (const state of workStates) {
      const real = sum(cards, ({ stateSeconds }) => stateSeconds[state]);
      compare(
        `${rig} ${state}`,
        sum(own, ({ stateSeconds }) => stateSeconds[state]),
        real,
        gpuSeconds,
      );
    }
    const joules = sum(cards, (card) => card.joules);
    const isMeasured = sum(own, ({ powerSeconds }) => powerSeconds) > 0.999 * gpuSeconds;
    if (isMeasured)
      compare(
        `${rig} joules`,
        sum(own, ({ cardJoules }) => cardJoules ?? 0),
        joules,
        joules,
      );
    const hashes = sum(cards, (card) => sum(Object.values(card.hashes), (done) => done));
    compare(
      `${rig} hashes`,
      sum(own, ({ mined }) => sum(mined, (work) => work.hashes)),
      hashes,
      hashes,
    );
  }
  return found;
}

/** Rigs that always answer, and of whose cards everybody can know what they do: a machine rented in part does not say which. */
function knowableRigs(): readonly (readonly [rig: string, cards: readonly GpuAccount[]])[] {
  const silent = new Set([...failsFromMs.keys(), ...farm.targets.map(({ down, rigName }) => (down ? rigName : null))]);
  const rigs = Map.groupBy(farm.truth(toMs, fromMs).gpus, ({ rig }) => rig);
  return [...rigs].filter(
    ([rig, cards]) => !silent.has(rig) && new Set(cards.map(({ stateSeconds }) => stateSeconds.rented)).size === 1,
  );
}

function sum<Item>(items: readonly Item[], value: (item: Item) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
