import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { stateOf } from '../../adapters/simulator/reading.ts';
import { type Simulator, startSimulator } from '../../adapters/simulator/server.ts';
import { rigIndices } from '../../adapters/simulator/targets.ts';
import { status } from '../../commands/status.ts';
import { dialects } from '../../src/data/dialects/index.ts';
import { noStates } from '../../src/domain/work-state.ts';
import { systemClock } from '../../src/ports/clock.ts';
import { differences } from '../support/differences.ts';
import { type PrometheusServer, startPrometheusServer, until } from '../support/prometheus-server.ts';
import { ask, runRigshift } from '../support/run-rigshift.ts';
import { missingServers } from '../support/servers.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';
import { startVictoriaMetricsServer, victoriaMetricsProgram } from '../support/victoria-metrics-server.ts';

/*
 * The program over a zoo, through a Prometheus that scrapes it, a VictoriaMetrics that scrapes it, and straight from its
 * exporters: the same rigs, cards, states and series.
 */

const sources = ['exporters', 'prometheus', 'victoria-metrics'] as const;
type Source = (typeof sources)[number];
const throughServers = ['prometheus', 'victoria-metrics'] as const;

/** When something was seen, and the words in which each source explains itself. */
const sourcesOwn = [
  /(?:^|\.)(?:at|sampledAt|ageSeconds)$/,
  /^observation\.source$/,
  /\.evidence\.query$/,
  // A server only says that a target is down; who scrapes for himself knows why.
  /^failures\.(?:first\.)?\d+\.(?:kind|message)$/,
];
const ownWords = (path: string) => sourcesOwn.some((pattern) => pattern.test(path));

/** The same of `check`, which also counts what it read, and shows of each series whichever came first. */
const checksOwn = (path: string) =>
  /^fleet\.(?:atMs|durationMs|samplesRead|clocks\.\d+\.aheadMs|failures\.\d+\.(?:kind|message))$/.test(path) ||
  /^ownSeries\.\d+\.(?:instances|example)/.test(path);

const reportShape = z.object({
  exitCode: z.number(),
  systems: z.array(z.object({ kind: z.string(), version: z.string().nullable(), failure: z.string().nullable() })),
  fleet: z.looseObject({ rigs: z.number(), gpus: z.number(), conflicts: z.array(z.unknown()) }),
  findings: z.array(z.object({ kind: z.string(), found: z.string(), about: z.array(z.string()) })),
  dialects: z.array(z.object({ id: z.string(), series: z.number(), targets: z.number(), namesSeen: z.number() })),
  ownSeries: z.array(z.unknown()),
  missing: z.array(z.unknown()),
});

let folder: TemporaryFolder;
let simulator: Simulator;
const servers: PrometheusServer[] = [];

describe.skipIf(missingServers('prometheus', victoriaMetricsProgram))('a zoo through servers, and straight', () => {
  beforeAll(async () => {
    folder = temporaryFolder();
    const settings = { rigs: 8, gpus: 3, seed: 46, port: 0, frozen: true, speed: 1, zoo: true };
    // A card is off the bus, an exporter dead and a rig off.
    const startAtMs = Date.parse('2026-10-02T08:45:30Z');
    simulator = await startSimulator({ ...settings, startAtMs, clock: systemClock });
    const page = async (path: string) => (await fetch(`${simulator.url}/${path}`)).text();
    const scraping = { configYaml: await page('prometheus.yml?interval=1s') };
    const [prometheus, victoria] = [await startPrometheusServer(scraping), await startVictoriaMetricsServer(scraping)];
    servers.push(prometheus, victoria);
    const straight = await page('rigshift.yaml');
    writeFileSync(join(folder.path, 'exporters.yaml'), straight);
    writeFileSync(join(folder.path, 'prometheus.yaml'), throughServer(straight, prometheus.url));
    writeFileSync(join(folder.path, 'victoria-metrics.yaml'), throughServer(straight, victoria.url));
    const targets = simulator.farm.targets.length;
    for (const { url } of servers) await until(30_000, async () => (await scrapedTargets(url)) === targets);
  }, 60_000);

  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await simulator?.close();
    folder?.[Symbol.dispose]();
  });

  describe('check', () => {
    let reports: Readonly<Record<Source, z.infer<typeof reportShape>>>;

    beforeAll(async () => {
      const check = async (source: Source) => {
        const args = ['check', '--json', '--config', `${source}.yaml`];
        const { stdout, stderr } = await runRigshift(args, { cwd: folder.path, limitMs: 30_000 });
        if (stdout === '') throw new Error(`no report of ${source}: ${stderr}`);
        return reportShape.parse(JSON.parse(stdout));
      };
      const [exporters, prometheus, victoria] = await Promise.all([
        check('exporters'),
        check('prometheus'),
        check('victoria-metrics'),
      ]);
      reports = { exporters, prometheus, 'victoria-metrics': victoria };
    }, 60_000);

    it.each(sources)('%s: every dialect is seen', (source) => {
      const seen = new Set(reports[source].dialects.filter(({ series }) => series > 0).map(({ id }) => id));
      const expected = [...dialects.map(({ id }) => id), 'farmx', 'speedtest'];
      expect(expected.filter((id) => !seen.has(id))).toEqual([]);
    });

    it.each(throughServers)('%s: the same rigs, cards, series, conflicts and missing signals as straight', (source) => {
      const { systems, findings, ...rest } = reports[source];
      const { systems: _, findings: straight, ...direct } = reports.exporters;
      const version = expect.stringMatching(source === 'prometheus' ? /^Prometheus \d/ : /^VictoriaMetrics/);
      expect(systems[0]).toMatchObject({ kind: 'metrics', version, failure: null });
      expect(differences(direct, rest, 1e-9, checksOwn)).toEqual([]);
      expect(findings.map(({ kind, about }) => ({ kind, about }))).toEqual(
        straight.map(({ kind, about }) => ({ kind, about })),
      );
    });
  });

  it.each(['status', 'rigs', 'rigs page:2', 'rig name:qc-order-01', 'rig name:tx-own-01', 'rig name:qc-s19-01'])(
    '`%s` has the same facts',
    async (question) => {
      const [straight, ...served] = await Promise.all(sources.map((source) => factsOf(question, source)));
      expect(JSON.stringify(straight).length).toBeGreaterThan(500);
      for (const facts of served) expect(differences(straight, facts, 1e-9, ownWords)).toEqual([]);
    },
    60_000,
  );

  it.each(sources)(
    '%s: every card on its bus is seen in its state',
    async (source) => {
      const { gpus, observation } = status.facts.parse(await factsOf('status', source));
      const { farm } = simulator;
      const rigs = rigIndices(farm.options).map((index) => farm.readRig(index, simulator.now()));
      const really = noStates();
      let cards = 0;
      for (const { rig, cards: own } of rigs) {
        // Of cards that nobody ever saw nobody knows; an ASIC's and a processor's are no GPUs.
        for (const { activity } of rig.kind.units === undefined ? own : []) {
          if (activity === 'off') continue;
          really[stateOf(rig, activity)] += 1;
          cards += 1;
        }
      }
      expect(gpus).toEqual({ total: cards, ...really });
      expect(observation.rigs.total).toBe(rigs.length);
      expect(observation.rigs.silent).toBeGreaterThan(1);
    },
    60_000,
  );
});

async function factsOf(question: string, source: Source): Promise<unknown> {
  const args = ['--config', join(folder.path, `${source}.yaml`)];
  const { code, stderr, answer } = await ask(question, args, { cwd: folder.path, limitMs: 30_000 });
  if (code !== 0) throw new Error(`${question} of ${source} ended with ${code}: ${stderr}`);
  return answer.facts;
}

/** The exporters' targets become a server's address; sites are told by the label `site` then. */
function throughServer(yaml: string, url: string): string {
  const document = parseDocument(yaml);
  document.deleteIn(['metrics', 'exporters']);
  document.setIn(['metrics', 'prometheus'], { url });
  document.setIn(['metrics', 'interval'], '5s');
  return document.toString();
}

const foundShape = z.object({ data: z.object({ result: z.array(z.unknown()) }) });

async function scrapedTargets(url: string): Promise<number> {
  // Raw samples: what VictoriaMetrics works out of them is half a minute late.
  const answer = foundShape.parse(await (await fetch(`${url}/api/v1/query?query=up[1m]`)).json());
  return answer.data.result.length;
}
