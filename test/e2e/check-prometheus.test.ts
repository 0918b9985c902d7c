import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { type Simulator, startSimulator } from '../../adapters/simulator/server.ts';
import { systemClock } from '../../src/ports/clock.ts';
import { type PrometheusServer, startPrometheusServer, until } from '../support/prometheus-server.ts';
import { runRigshift } from '../support/run-rigshift.ts';
import { missingServers } from '../support/servers.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';

/** `rigshift check` over a real Prometheus says of the simulated farm what it says over its exporters. */

const reportShape = z.object({
  exitCode: z.number(),
  systems: z.array(
    z.object({
      kind: z.string(),
      version: z.string().nullable(),
      latencyMs: z.number().nullable(),
      clockAheadMs: z.number().nullable(),
      failure: z.string().nullable(),
    }),
  ),
  fleet: z.object({ rigs: z.number(), gpus: z.number(), targetsUp: z.number(), targetsTotal: z.number() }),
  dialects: z.array(z.object({ id: z.string(), series: z.number(), targets: z.number(), namesSeen: z.number() })),
  missing: z.array(z.object({ signal: z.string(), rigs: z.array(z.string()), exporter: z.string(), how: z.string() })),
});

describe.skipIf(missingServers('prometheus'))('check through a Prometheus server', () => {
  let folder: TemporaryFolder;
  let simulator: Simulator;
  let prometheus: PrometheusServer;

  beforeAll(async () => {
    folder = temporaryFolder();
    const settings = { rigs: 12, gpus: 2, seed: 1, port: 0, frozen: true, speed: 1 };
    simulator = await startSimulator({ ...settings, startAtMs: Date.now(), clock: systemClock });
    const page = async (path: string) => (await fetch(`${simulator.url}/${path}`)).text();
    prometheus = await startPrometheusServer({ configYaml: await page('prometheus.yml?interval=1s') });
    const straight = await page('rigshift.yaml');
    writeFileSync(join(folder.path, 'exporters.yaml'), straight);
    const document = parseDocument(straight);
    document.setIn(['metrics'], { interval: '5s', prometheus: { url: prometheus.url } });
    writeFileSync(join(folder.path, 'prometheus.yaml'), String(document));
    const targets = z.array(z.unknown()).parse(JSON.parse(await page('targets.json')));
    await until(20_000, async () => (await scrapedTargets(prometheus.url)) === targets.length);
  }, 60_000);

  afterAll(async () => {
    await prometheus?.stop();
    await simulator?.close();
    folder?.[Symbol.dispose]();
  });

  const check = async (name: string) => {
    const { stdout } = await runRigshift(['check', '--json', '--config', name], { cwd: folder.path });
    return reportShape.parse(JSON.parse(stdout));
  };

  it('finds the same rigs, series and missing signals, and the server with its version and clock', async () => {
    const [scraped, direct] = await Promise.all([check('prometheus.yaml'), check('exporters.yaml')]);
    expect(scraped.systems[0]).toMatchObject({
      kind: 'metrics',
      version: expect.stringMatching(/\d\.\d/),
      failure: null,
    });
    expect(scraped.systems[0]?.latencyMs).toBeGreaterThan(0);
    expect(Math.abs(scraped.systems[0]?.clockAheadMs ?? Number.NaN)).toBeLessThan(1_000);
    expect(scraped.fleet).toEqual(direct.fleet);
    expect(scraped.dialects).toEqual(direct.dialects);
    expect(scraped.missing).toEqual(direct.missing);
    expect(scraped.exitCode).toBe(direct.exitCode);
  });
});

const countShape = z.object({
  data: z.object({ result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })) }),
});

async function scrapedTargets(url: string): Promise<number> {
  const answer = countShape.parse(await (await fetch(`${url}/api/v1/query?query=count(up)`)).json());
  return Number(answer.data.result[0]?.value[1] ?? 0);
}
