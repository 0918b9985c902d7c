import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { createPrometheusSource } from '../../adapters/prometheus/source.ts';
import { configurationYaml } from '../../adapters/simulator/configuration.ts';
import { createFarm, epochFor } from '../../adapters/simulator/farm.ts';
import { rigIndices } from '../../adapters/simulator/targets.ts';
import { openStore } from '../../adapters/store/open-store.ts';
import { sumOf } from '../../bench/soak/zoo-truth.ts';
import { type Config, parseConfig } from '../../src/config/parse.ts';
import { dialects } from '../../src/data/dialects/index.ts';
import type { RigDayAggregate } from '../../src/domain/aggregates.ts';
import type { AccountRow, LedgerRow } from '../../src/domain/ledger.ts';
import { familiesOf, wantedFamilies } from '../../src/domain/observation/families.ts';
import { noStates, workStates } from '../../src/domain/work-state.ts';
import { createObserver } from '../../src/fleet/observe.ts';
import { createLedgerJob } from '../../src/jobs/ledger.ts';
import type { MetricsSource } from '../../src/ports/metrics.ts';
import type { AggregateStore, Store } from '../../src/ports/store.ts';
import { farmSource } from '../simulator/farm-source.ts';
import { differences } from '../support/differences.ts';
import { type PrometheusServer, startPrometheusServer, until } from '../support/prometheus-server.ts';
import { recordingLog } from '../support/recording-log.ts';
import { historyParts, importHistory, writeHistoryBlocks } from '../support/served-history.ts';
import { missingServers } from '../support/servers.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';
import { startVictoriaMetricsServer, victoriaMetricsProgram } from '../support/victoria-metrics-server.ts';
import { type ComparedPeriod, differencesFromZoo } from '../support/zoo-differences.ts';

/*
 * Hours of a farm with every exporter there is and everything that breaks: added up from its exporters as they were scraped,
 * and read back from a Prometheus and a VictoriaMetrics. The three ledgers have to agree, and with what really happened.
 */

const hourMs = 3_600_000;
const minuteMs = 60_000;
const scrapeMs = 30_000;
const hours = 3;
const fromMs = Date.parse('2026-10-02T07:00:00Z');
const toMs = fromMs + hours * hourMs;
const marginMs = 8 * minuteMs;

// In these hours an outage, a reboot, fallen cards, dead exporters of rigs, and of Vast and HiveOS.
const farm = createFarm({ rigs: 8, gpus: 2, seed: 46, epochMs: epochFor(fromMs), zoo: true });
const period = { farm, fromMs: fromMs - 20 * minuteMs, toMs: toMs + marginMs, stepMs: scrapeMs };

const compared: ComparedPeriod = {
  farm,
  watchedFromMs: period.fromMs,
  fromMs,
  toMs,
  intervalMs: scrapeMs,
  // Its own exporter prints no hashrate.
  muteRigs: new Set(['qc-s9-01']),
};

interface Ledger {
  readonly rows: readonly LedgerRow[];
  readonly accounts: readonly AccountRow[];
  readonly days: readonly RigDayAggregate[];
}

let folder: TemporaryFolder;
let config: Config;
let ledgers: ReadonlyMap<string, Ledger>;
const servers: PrometheusServer[] = [];
const log = recordingLog();

describe.skipIf(missingServers('prometheus', 'promtool', victoriaMetricsProgram))('three ledgers of a zoo', () => {
  beforeAll(async () => {
    folder = temporaryFolder();
    const yaml = parseDocument(configurationYaml(farm, 'http://127.0.0.1:9'));
    yaml.setIn(['metrics', 'interval'], '30s');
    yaml.setIn(['metrics', 'states'], { miningGap: '2m', downAfter: '2m' });
    config = await parseConfig(String(yaml), { path: null, env: {}, readFile: async () => '' });
    const families = wantedFamilies(familiesOf([...dialects, ...config.metrics.dialects]));
    const served = { ...period, families };
    const parts = historyParts(served);
    const fromPrometheus = async () => {
      const server = await startPrometheusServer({ storagePath: await writeHistoryBlocks(parts, folder.path) });
      servers.push(server);
      return inStore('prometheus', (store) => readHours(store, server.url));
    };
    const fromVictoriaMetrics = async () => {
      const server = await startVictoriaMetricsServer();
      servers.push(server);
      await importHistory(server.url, parts, served);
      return inStore('victoria-metrics', (store) => readHours(store, server.url));
    };
    ledgers = new Map(
      await Promise.all([
        inStore('scrapes', addUp).then((ledger) => ['the scrapes', ledger] as const),
        fromPrometheus().then((ledger) => ['Prometheus', ledger] as const),
        fromVictoriaMetrics().then((ledger) => ['VictoriaMetrics', ledger] as const),
      ]),
    );
  }, 240_000);

  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    folder?.[Symbol.dispose]();
  });

  describe.each(['Prometheus', 'VictoriaMetrics'])('the scrapes, and %s', (server) => {
    it('have the same rows: seconds, energy, hashes and money to 0.1 %', () => {
      expect(differences(byPeriod(ledger('the scrapes').rows), byPeriod(ledger(server).rows), 0.001)).toEqual([]);
    });

    it('have the same payouts of accounts and rigs', () => {
      expect(differences(ledger('the scrapes').accounts, ledger(server).accounts, 1e-9)).toEqual([]);
    });

    it('have the same daily aggregates', () => {
      expect(differences(byRig(ledger('the scrapes').days), byRig(ledger(server).days), 0.001)).toEqual([]);
    });
  });

  it.each(['the scrapes', 'Prometheus', 'VictoriaMetrics'])('%s: what really happened, to 0.5 percent', (source) => {
    expect(differencesFromZoo(ledger(source), compared)).toEqual([]);
  });

  it('there was something to see, and something that nobody could', () => {
    const { rows, accounts, days } = ledger('the scrapes');
    const rigs = rigIndices(farm.options).length;
    // A site whose offset is not a whole hour has quarters.
    expect(rows.reduce((sum, row) => sum + row.seconds, 0)).toBe((rigs * (toMs - fromMs)) / 1000);
    expect(new Set(accounts.map(({ platform }) => platform))).toEqual(new Set(['vast', 'clore']));
    expect(days).toHaveLength(rigs);
    const seconds = sumOf(rows.flatMap(({ stateSeconds, asicSeconds }) => [stateSeconds, asicSeconds ?? noStates()]));
    for (const state of workStates) expect(seconds[state], state).toBeGreaterThan(300);
    const { unseenSeconds = {} } = farm.truth(toMs, fromMs);
    expect(Object.values(unseenSeconds).filter((unseen) => unseen > 0).length).toBeGreaterThan(3);
  });

  it('nothing went wrong on the way', () => {
    expect(log.lines.filter((line) => /^(?:warn|error):/.test(line))).toEqual([]);
  });
});

function ledger(source: string): Ledger {
  const found = ledgers.get(source);
  if (found === undefined) throw new Error(`no ledger of ${source}`);
  return found;
}

/** What a store on disk has of the hours after `write`. */
async function inStore(name: string, write: (store: Store) => Promise<void>): Promise<Ledger> {
  const url = `sqlite:${join(folder.path, `${name}.db`)}`;
  const store = await openStore({ url, farm: config.farm.name, mode: 'server' });
  await write(store);
  const content = {
    rows: await store.ledger.rows({ fromMs, toMs }),
    accounts: await store.ledger.accounts({ fromMs, toMs }),
    days: await store.aggregates.days({ fromMs: fromMs - 24 * hourMs, toMs }),
  };
  await store.close();
  return content;
}

function jobOptions({ ledger, aggregates }: Store) {
  return {
    ledger,
    // Days begin before the hours that are compared, and end after them.
    aggregates: {
      add: (found: Parameters<AggregateStore['add']>[0]) =>
        aggregates.add(found.filter((hour) => hour.fromMs >= fromMs && hour.fromMs < toMs)),
    },
    farm: config.farm,
    states: config.metrics.states,
    intervalMs: scrapeMs,
    backfillDays: 0,
    log,
  };
}

function observerOf(source: MetricsSource) {
  return createObserver({ source, farm: config.farm, metrics: config.metrics });
}

/** One life of a bot that scrapes for itself. */
async function addUp(store: Store): Promise<void> {
  let nowMs = period.fromMs;
  const clock = { now: () => nowMs };
  const observer = observerOf(farmSource(farm, clock));
  const job = createLedgerJob({ ...jobOptions(store), replay: null, clock });
  await job.start();
  for (; nowMs <= period.toMs; nowMs += scrapeMs)
    await job.accept(await observer.observe(AbortSignal.timeout(minuteMs)));
  await job.stop();
}

/** One life of a bot that reads a server back. */
async function readHours(store: Store, url: string): Promise<void> {
  let nowMs = fromMs + minuteMs;
  const clock = { now: () => nowMs };
  const source = createPrometheusSource({ url, credentials: { kind: 'none' }, intervalMs: scrapeMs, clock });
  const { replay } = observerOf(source);
  if (replay === null) throw new Error('the server keeps no history');
  const job = createLedgerJob({ ...jobOptions(store), replay: { live: replay, past: replay }, clock });
  await job.start();
  nowMs = period.toMs;
  await job.tick();
  await until(180_000, () => (job.writtenUntilMs() ?? 0) >= toMs || job.status().failure !== null);
  await job.stop();
  await source.close();
}

function byPeriod(rows: readonly LedgerRow[]): Readonly<Record<string, LedgerRow>> {
  return Object.fromEntries(rows.map((row) => [`${row.rig} ${new Date(row.startMs).toISOString()}`, row]));
}

function byRig(days: readonly RigDayAggregate[]): Readonly<Record<string, RigDayAggregate>> {
  return Object.fromEntries(days.map((day) => [day.rig, day]));
}
