import { execFile } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { prometheusYaml } from '../../adapters/simulator/configuration.ts';
import { renderHistory } from '../../adapters/simulator/history.ts';
import { findProgram, missingServers } from '../support/servers.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { startVictoriaMetricsServer, victoriaMetricsProgram } from '../support/victoria-metrics-server.ts';
import { epochMs, hourMs, zooOf } from './farms.ts';

const farm = zooOf();
/** The half of an hour in which exporters die. */
const fromMs = epochMs + 30.5 * hourMs;
const stepMs = 60_000;
const toMs = fromMs + 30 * stepMs;
const run = promisify(execFile);

function program(name: string): string {
  const path = findProgram(name);
  if (path === null) throw new Error(`the program ${name} is not installed`);
  return path;
}

/** `up` of a target at each of its scrapes. */
const expectedUp = farm.targets.map((target) => {
  const scrapes = Array.from({ length: 31 }, (_, at) => fromMs + at * stepMs);
  return scrapes.filter((atMs) => !farm.isSilent(target, atMs)).length;
});

describe('the history of a farm', () => {
  it('has every series of every target, with the labels of the target', () => {
    const text = [...renderHistory(farm, fromMs, fromMs, stepMs)].join('');
    const lines = text.trimEnd().split('\n');
    const printed = farm.targets
      .filter((target) => !farm.isSilent(target, fromMs))
      .flatMap((target) => farm.render(target, fromMs).split('\n'))
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(lines).toHaveLength(printed.length + 2 * farm.targets.length);
    expect(new Set(lines.map((line) => line.slice(0, line.lastIndexOf('} ')))).size).toBe(lines.length);
    for (const line of lines) expect(line).toMatch(/^[a-zA-Z_:][\w:]*\{instance="[^"]+",job="[^"]+".*\} \S+ \d{13}$/);
    expect(text).toContain('up{instance="hive-gateway:10101",job="hiveos_exporter",site="quebec"} 1 ');
    expect(text).toMatch(/^cgminer_summary_elapsed\{instance="qc-s19-01:4028",.*,exported_instance="10\.0\.9\.\d+"/m);
  });

  it.skipIf(missingServers('promtool'))(
    'is what promtool makes blocks of',
    async () => {
      using folder = temporaryFolder();
      const file = join(folder.path, 'history.om');
      writeFileSync(file, [...renderHistory(farm, fromMs, toMs, stepMs, 'openmetrics')].join(''));
      const storage = join(folder.path, 'storage');
      await run(program('promtool'), ['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', file, storage]);
      expect(readdirSync(storage).length).toBeGreaterThan(0);
    },
    30_000,
  );

  it.skipIf(missingServers(victoriaMetricsProgram))(
    'is what VictoriaMetrics imports, with who did not answer',
    async () => {
      const server = await startVictoriaMetricsServer();
      try {
        for (const body of renderHistory(farm, fromMs, toMs, stepMs)) {
          const response = await fetch(`${server.url}/api/v1/import/prometheus`, { method: 'POST', body });
          expect(response.status).toBe(204);
        }
        await fetch(`${server.url}/internal/force_flush`);
        const query = `sum(sum_over_time(up[${toMs - fromMs + 1000}ms]))`;
        const asked = new URLSearchParams({ query, time: `${(toMs + 1) / 1000}`, nocache: '1' });
        const answer = await (await fetch(`${server.url}/api/v1/query?${asked}`)).text();
        const up = expectedUp.reduce((sum, scrapes) => sum + scrapes, 0);
        expect(up).toBeLessThan(31 * farm.targets.length);
        expect(answer).toContain(`"${up}"`);
      } finally {
        await server.stop();
      }
    },
    30_000,
  );
});

describe('the configuration of a server that scrapes the farm', () => {
  const written = (folder: string) => {
    const path = join(folder, 'prometheus.yml');
    writeFileSync(path, prometheusYaml('http://127.0.0.1:9', '15s'));
    return path;
  };

  it.skipIf(missingServers('promtool'))('is one for Prometheus', async () => {
    using folder = temporaryFolder();
    await run(program('promtool'), ['check', 'config', written(folder.path)]);
  });

  it.skipIf(missingServers(victoriaMetricsProgram))('and for VictoriaMetrics, which knows fewer keys', async () => {
    using folder = temporaryFolder();
    const args = [`-promscrape.config=${written(folder.path)}`, '-dryRun', `-storageDataPath=${folder.path}/data`];
    await run(program(victoriaMetricsProgram), args);
  });
});
