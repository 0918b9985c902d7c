import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { profit } from '../../commands/profit.ts';
import { status } from '../../commands/status.ts';
import { differences } from '../support/differences.ts';
import { type PrometheusServer, startPrometheusServer, until } from '../support/prometheus-server.ts';
import { ask, type Rigshift, startRigshift } from '../support/run-rigshift.ts';
import { missingServers } from '../support/servers.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';

/*
 * The same farm at the same instant, once through a Prometheus server that scrapes it and once straight from its exporters:
 * every fact has to be the same.
 */

const questions = [
  'status',
  'profit',
  'profit site:nagpur',
  'profit rig:qc-mixed-01',
  'readiness',
  'readiness rig:tx-3090-01',
  'rigs',
  'rig name:tx-3090-01',
];

/** When something was seen, and the words in which each source explains itself. */
const sourcesOwn = [
  /(?:^|\.)(?:at|sampledAt|ageSeconds)$/,
  /^observation\.source$/,
  /\.evidence\.query$/,
  // Prometheus only says that a target is down; who scrapes for himself knows why.
  /^failures\.(?:first\.)?\d+\.(?:kind|message)$/,
];

describe.skipIf(missingServers('prometheus'))('through Prometheus and through the exporters', () => {
  let folder: TemporaryFolder;
  let simulator: Rigshift;
  let prometheus: PrometheusServer;

  beforeAll(async () => {
    folder = temporaryFolder();
    const farm = ['--rigs', '12', '--gpus', '6', '--seed', '7', '--at', '2026-11-22T10:07:00Z'];
    simulator = startRigshift(['simulate', ...farm, '--port', '0'], { cwd: folder.path, limitMs: 120_000 });
    const [url] = await simulator.untilSays(/^http:\S+/);
    prometheus = await startPrometheusServer({ configYaml: await pageOf(`${url}/prometheus.yml?interval=1s`) });
    const straight = await pageOf(`${url}/rigshift.yaml`);
    writeFileSync(join(folder.path, 'exporters.yaml'), straight);
    writeFileSync(join(folder.path, 'prometheus.yaml'), throughPrometheus(straight, prometheus.url));
    const targets = (await (await fetch(`${url}/targets.json`)).json()) as readonly unknown[];
    await until(20_000, async () => (await scrapedTargets(prometheus.url)) === targets.length);
  }, 60_000);

  afterAll(async () => {
    await prometheus?.stop();
    await simulator?.[Symbol.asyncDispose]();
    folder?.[Symbol.dispose]();
  });

  const askBoth = (question: string) =>
    Promise.all(
      ['prometheus', 'exporters'].map((name) =>
        ask(question, ['--config', join(folder.path, `${name}.yaml`)], { cwd: folder.path }),
      ),
    );

  it.each(questions)('`%s` has the same facts', async (question) => {
    const [one, other] = await askBoth(question);
    expect([one?.code, other?.code]).toEqual([0, 0]);
    expect(JSON.stringify(one?.answer.facts).length).toBeGreaterThan(500);
    const ownWords = (path: string) => sourcesOwn.some((pattern) => pattern.test(path));
    expect(differences(one?.answer.facts, other?.answer.facts, 1e-9, ownWords)).toEqual([]);
  });

  it('the facts are of a whole farm, and say where they are from', async () => {
    const [scraped, direct] = (await askBoth('status')).map(({ answer }) => status.facts.parse(answer.facts));
    expect([scraped?.observation.source, direct?.observation.source]).toEqual(['prometheus', 'exporters']);
    expect(scraped).toMatchObject({
      observation: { targets: { total: 31, up: 28 }, rigs: { total: 12, silent: 1 }, incomplete: false },
      gpus: { total: 66, mining: expect.any(Number) },
      failures: { count: 3 },
    });
    expect(scraped?.gpus.mining).toBeGreaterThan(20);
    const [money] = (await askBoth('profit')).map(({ answer }) => profit.facts.parse(answer.facts));
    expect(money?.coverage.compared).toBeGreaterThan(20);
    expect(money?.perDay.rent.net).not.toBeNull();
  });
});

async function pageOf(url: string): Promise<string> {
  return (await fetch(url)).text();
}

/** The exporters' targets become a server's address; sites are told by the label `site` then. */
function throughPrometheus(yaml: string, url: string): string {
  const document = parseDocument(yaml);
  document.deleteIn(['metrics', 'exporters']);
  document.setIn(['metrics', 'prometheus'], { url });
  document.setIn(['metrics', 'interval'], '5s');
  return document.toString();
}

async function scrapedTargets(url: string): Promise<number> {
  const answer = (await (await fetch(`${url}/api/v1/query?query=count(up)`)).json()) as {
    readonly data: { readonly result: readonly { readonly value: readonly [number, string] }[] };
  };
  return Number(answer.data.result[0]?.value[1] ?? 0);
}
