import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { createExportersSource } from '../../adapters/exporters/source.ts';
import { inlineTargets } from '../../adapters/exporters/targets.ts';
import type { FarmAccount, GpuAccount } from '../../adapters/simulator/farm.ts';
import { type Simulator, startSimulator } from '../../adapters/simulator/server.ts';
import { openStore } from '../../adapters/store/open-store.ts';
import { commands } from '../../commands/index.ts';
import { createApp } from '../../src/app.ts';
import { type Config, parseConfig } from '../../src/config/parse.ts';
import type { LedgerRow } from '../../src/domain/ledger.ts';
import { workStates } from '../../src/domain/work-state.ts';
import { sayIn } from '../../src/main/speech.ts';
import type { Log } from '../../src/ports/log.ts';
import type { LedgerStore } from '../../src/ports/store.ts';
import { LockstepTime } from '../support/lockstep-time.ts';
import { recordingLog } from '../support/recording-log.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';

/*
 * Three hours of a simulated farm, scraped over HTTP into a ledger on disk, with a server that is stopped and one that is
 * killed; then what the ledger says against what really happened.
 */

const hourMs = 3_600_000;
const intervalMs = 15_000;
const fromMs = Date.parse('2026-10-02T07:00:00Z');
const toMs = fromMs + 3 * hourMs;
/** The last hour closes once what was seen at its end is believed. */
const closedMs = toMs + 180_000;
/** Open periods are saved with every period that closes, every minute from then on, and when the server stops. */
const minuteMs = 60_000;
/** A gap of three intervals at most counts as observed. */
const awayMs = intervalMs;
/** So long after the last minute that only what the stop saves bridges the time away. */
const stoppedMs = fromMs + 42 * minuteMs + 3 * intervalMs;
/** One observation after a minute. */
const killedMs = fromMs + 84 * minuteMs + intervalMs;

let folder: TemporaryFolder;
let simulator: Simulator;
let rows: readonly LedgerRow[];
let truth: ReadonlyMap<string, readonly GpuAccount[]>;
/** What the servers logged that nobody killed; a dead one in this process goes on complaining of its closed store. */
const log = recordingLog();
const time = new LockstepTime(fromMs);

beforeAll(async () => {
  folder = temporaryFolder();
  const farm = { rigs: 8, gpus: 3, seed: 7, port: 0 };
  simulator = await startSimulator({ ...farm, startAtMs: fromMs, frozen: false, speed: 1, clock: time });
  const config = await configOf(simulator);
  const stops = await startServer(config, log);
  await stops.liveUntil(stoppedMs);
  await stops.stop();

  time.passAlone(awayMs);
  const dies = await startServer(config, recordingLog());
  await dies.liveUntil(killedMs);
  await dies.kill();

  time.passAlone(awayMs);
  const lives = await startServer(config, log);
  await lives.liveUntil(closedMs);
  await lives.stop();

  const store = await openStore({ url: databaseUrl(), farm: config.farm.name, mode: 'reader' });
  rows = await store.ledger.rows({ fromMs: 0, toMs: toMs + hourMs });
  await store.close();
  const period = `from=${new Date(fromMs).toISOString()}&to=${new Date(toMs).toISOString()}`;
  const account = (await (await fetch(`${simulator.url}/truth.json?${period}`)).json()) as FarmAccount;
  truth = Map.groupBy(account.gpus, ({ rig }) => rig);
}, 60_000);

afterAll(async () => {
  await simulator?.close();
  folder?.[Symbol.dispose]();
});

function databaseUrl(): string {
  return `sqlite:${join(folder.path, 'ledger.db')}`;
}

/** The simulator's own configuration without the hosts' exporters, which say nothing of work. */
async function configOf({ url, farm }: Simulator): Promise<Config> {
  const document = parseDocument(await (await fetch(`${url}/rigshift.yaml`)).text());
  const hosts = farm.targets.flatMap(({ exporter }, index) => (exporter === 'node_exporter' ? [index] : []));
  for (const index of hosts.reverse()) document.deleteIn(['metrics', 'exporters', 'targets', index]);
  document.setIn(['metrics', 'interval'], `${intervalMs / 1000}s`);
  return parseConfig(document.toString(), { path: null, env: {}, readFile: async () => '' });
}

/** One life of the server, as the program builds it, but for the clock. */
async function startServer(config: Config, log: Log) {
  const { source: settings } = config.metrics;
  if (settings.kind !== 'exporters') throw new Error('the simulator is scraped directly');
  const source = createExportersSource({ targets: inlineTargets(settings.targets), clock: time });
  const store = await openStore({ url: databaseUrl(), farm: config.farm.name, mode: 'server' });
  const { ledger, isWriting } = watched(store.ledger);
  const app = createApp(config, {
    source,
    store: { ...store, ledger },
    clock: time,
    log,
    commands,
    sayIn,
    sleep: time.sleep,
  });
  await app.start(() => []);
  return {
    liveUntil: async (untilMs: number) => {
      const isDone = () => app.snapshot()?.atMs === time.now() && !isWriting();
      while (time.now() < untilMs) await time.next(isDone);
      await time.settle(isDone);
    },
    stop: () => app.stop(),
    /** It saves nothing more; the file is let go of as the system does for the dead. */
    kill: async () => {
      await store.close();
      await source.close();
    },
  };
}

/** Writing takes real time; the farm's has to wait for it, or the minutes of the saves would drift. */
function watched(ledger: LedgerStore): { readonly ledger: LedgerStore; readonly isWriting: () => boolean } {
  let writing = 0;
  return {
    ledger: {
      ...ledger,
      commitAndSaveOpen: async (batch, state) => {
        writing += 1;
        try {
          return await ledger.commitAndSaveOpen(batch, state);
        } finally {
          writing -= 1;
        }
      },
    },
    isWriting: () => writing > 0,
  };
}

const sum = <Item>(items: readonly Item[], value: (item: Item) => number) =>
  items.reduce((total, item) => total + value(item), 0);

/** Rigs that answer, and of whose cards everybody can know what they do: a machine rented in part does not say which are. */
function knowableRigs(): (readonly [rig: string, cards: readonly GpuAccount[], rows: readonly LedgerRow[]])[] {
  const up = new Set(simulator.farm.targets.filter(({ down }) => !down).map(({ rigName }) => rigName));
  return [...truth]
    .filter(([rig, cards]) => up.has(rig) && new Set(cards.map((card) => card.stateSeconds.rented)).size === 1)
    .map(([rig, cards]) => [rig, cards, rows.filter((row) => row.rig === rig)]);
}

describe('the ledger of a farm that is scraped, with a stop and a kill on the way', () => {
  it('has every period of every rig exactly once', () => {
    for (const [rig, own] of Map.groupBy(rows, (row) => row.rig)) {
      const edges = own.map(({ startMs, seconds }) => [startMs, startMs + seconds * 1000]);
      expect(
        edges.map(([start]) => start),
        rig,
      ).toEqual([fromMs, ...edges.slice(0, -1).map(([, end]) => end)]);
      expect(edges.at(-1)?.[1], rig).toBe(toMs);
    }
    expect(new Set(rows.map((row) => row.rig)).size).toBe(simulator.farm.options.rigs);
  });

  it('keeps quarters of an hour where the offset of the site is not a whole hour', () => {
    const seconds = (site: string) => new Set(rows.filter((row) => row.site === site).map((row) => row.seconds));
    expect([seconds('nagpur'), seconds('texas')]).toEqual([new Set([900]), new Set([3600])]);
  });

  it('has seen all of the time, for no save was longer ago than three intervals when the next server began', () => {
    for (const [rig, , own] of knowableRigs()) {
      expect(
        sum(own, (row) => row.observedSeconds),
        rig,
      ).toBeCloseTo((toMs - fromMs) / 1000, 3);
    }
  });

  it('agrees with the truth to 0.5 % in the seconds of each work state', () => {
    expect(knowableRigs().length).toBeGreaterThan(3);
    for (const [rig, cards, own] of knowableRigs()) {
      const limit = 0.005 * cards.length * ((toMs - fromMs) / 1000);
      for (const state of workStates) {
        const real = sum(cards, (card) => card.stateSeconds[state]);
        const found = sum(own, (row) => row.stateSeconds[state]);
        expect(Math.abs(found - real), `${rig} ${state}: ${found} s, really ${real} s`).toBeLessThanOrEqual(limit);
      }
    }
  });

  it('agrees with the truth to 0.5 % in energy, where the power is known', () => {
    const measured = knowableRigs().filter(
      ([, cards, own]) => sum(own, (row) => row.powerSeconds) > 0.999 * cards.length * ((toMs - fromMs) / 1000),
    );
    expect(measured.length).toBeGreaterThan(2);
    for (const [rig, cards, own] of measured) {
      const real = sum(cards, (card) => card.joules);
      const found = sum(own, (row) => row.cardJoules ?? 0);
      expect(Math.abs(found / real - 1), `${rig}: ${found} J, really ${real} J`).toBeLessThanOrEqual(0.005);
    }
  });

  it('agrees with the truth to 0.5 % in hashes, algorithm by algorithm', () => {
    const mined = knowableRigs().flatMap(([rig, cards, own]) =>
      (['kawpow', 'etchash', 'autolykos2'] as const).map((algorithm) => ({
        what: `${rig} ${algorithm}`,
        real: sum(cards, (card) => card.hashes[algorithm] ?? 0),
        found: sum(
          own.flatMap((row) =>
            row.mined.filter((work) => work.algorithm?.toLowerCase().startsWith(algorithm.slice(0, 8))),
          ),
          ({ hashes }) => hashes,
        ),
      })),
    );
    expect(mined.filter(({ real }) => real > 0).length).toBeGreaterThan(2);
    for (const { what, real, found } of mined) {
      expect(Math.abs(found - real), `${what}: ${found}, really ${real}`).toBeLessThanOrEqual(0.005 * real);
    }
  });

  it('nothing went wrong on the way', () => {
    expect(log.lines.filter((line) => /^(?:warn|error):/.test(line))).toEqual([]);
  });
});
