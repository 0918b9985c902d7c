import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { startExporter } from '../support/exporter-farm.ts';
import { type PrometheusServer, startPrometheusServer, until } from '../support/prometheus-server.ts';
import { type Rigshift, startRigshift } from '../support/run-rigshift.ts';
import { freePort } from '../support/server-process.ts';
import { missingServers } from '../support/servers.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** The program over a real Prometheus that goes away and comes back. */

const miner = `# TYPE trex_gpu_hashrate gauge
trex_gpu_hashrate{device_id="0",name="RTX 3090",worker="a1"} 4.6e+07
trex_gpu_power{device_id="0",name="RTX 3090",worker="a1"} 290
`;

const yaml = (url: string) => `farm: { name: north }
sites: [{ name: quebec, tariff: { pricePerKwh: 0.05 } }]
metrics: { interval: 5s, tooOld: 15s, prometheus: { url: '${url}' } }
`;

const readyz = z.object({ checks: z.array(z.object({ name: z.string(), ok: z.boolean() })) });

/** Talks to the console; the answer to a word that is no command says that all before it was answered. */
function conversation(program: Rigshift): (question: string) => Promise<string> {
  let turn = 0;
  return async (question) => {
    const from = program.stdout().length;
    const end = `zzz${++turn}end`;
    program.write(`${question}\n${end}\n`);
    await until(5_000, () => program.stdout().includes(end, from));
    return program.stdout().slice(from);
  };
}

it.skipIf(missingServers('prometheus'))(
  'answers from what it saw last while the server is gone, says so, stops when that is too old, and recovers',
  { timeout: 60_000 },
  async () => {
    using folder = temporaryFolder();
    const exporter = await startExporter({ kind: 'prints', text: miner });
    const port = await freePort();
    const targets = [{ address: exporter.instance, labels: { rig: 'a1', site: 'quebec' } }];
    const storagePath = join(folder.path, 'tsdb');
    const serve = () => startPrometheusServer({ targets, port, storagePath });
    let prometheus: PrometheusServer | null = await serve();
    try {
      writeFileSync(join(folder.path, 'rigshift.yaml'), yaml(`http://127.0.0.1:${port}`));
      const env = { HTTP_PORT: '0' };
      await using program = startRigshift(['start'], { cwd: folder.path, env, limitMs: 60_000 });
      const { address } = await program.untilLogs('ready');
      const says = conversation(program);
      const untilSays = async (question: string, pattern: RegExp) => {
        let said = '';
        const isSaid = async () => {
          said = await says(question);
          return pattern.test(said);
        };
        await until(25_000, isSaid).catch((cause: unknown) => {
          throw new Error(`it says:\n${said}`, { cause });
        });
        return said;
      };
      const observation = async () => {
        const { checks } = readyz.parse(await (await fetch(`${address}/readyz`)).json());
        return checks.find(({ name }) => name === 'observation')?.ok;
      };

      const before = await untilSays('status', /46\.00 MH/);
      expect(before).not.toContain('has not answered');
      expect(await observation()).toBe(true);

      await prometheus.stop();
      prometheus = null;
      const gone = await untilSays('status', /has not answered since/);
      expect(gone).toMatch(
        /the source has not answered since \w+ \d+, \d+, \d\d:\d\d UTC: http:\/\/127\.0\.0\.1:\d+: /,
      );
      expect(gone).toMatch(/connection refused/);
      expect(gone).toContain('46.00 MH');
      expect(gone).toMatch(/observed \d+ s ago/);
      for (const question of ['profit', 'readiness', 'rigs', 'rig a1']) {
        expect(await says(question)).toContain('the source has not answered since');
      }

      const tooOld = await untilSays('status', /too old to act on/);
      expect(tooOld).toMatch(/the last observation is \d+ seconds old, too old to act on: .*connection refused/);
      expect(tooOld).not.toContain('46.00 MH');
      expect(await says('profit')).toContain('too old to act on');
      await until(10_000, async () => (await observation()) === false);

      prometheus = await serve();
      const back = await untilSays('status', /46\.00 MH/);
      expect(back).not.toContain('has not answered');
      expect(await observation()).toBe(true);
    } finally {
      await prometheus?.stop();
      await exporter.stop();
    }
  },
);
