import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSimulator } from '../../adapters/simulator/server.ts';
import { systemClock } from '../../src/ports/clock.ts';
import { type FakeExporter, startExporter } from '../support/exporter-farm.ts';
import { ask, runNpxRigshift, runRigshift } from '../support/run-rigshift.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';

/** Questions from a shell or a script: one answer, and an exit code that says how it went. */

let folder: TemporaryFolder;
let exporter: FakeExporter;

beforeAll(async () => {
  folder = temporaryFolder();
  exporter = await startExporter({ kind: 'prints', text: miner });
  write('farm.yaml', farm(`exporters: { targets: [{ rig: a1, site: quebec, urls: ['${exporter.url}'] }] }`));
  write('unreachable.yaml', farm("prometheus: { url: 'http://127.0.0.1:1' }"));
});

afterAll(async () => {
  await exporter?.stop();
  folder?.[Symbol.dispose]();
});

const miner = `# TYPE trex_gpu_hashrate gauge
trex_gpu_hashrate{device_id="0",name="RTX 3090",worker="a1"} 4.6e+07
trex_gpu_power{device_id="0",name="RTX 3090",worker="a1"} 290
`;

function farm(metrics: string): string {
  return `sites: [{ name: quebec, tariff: { pricePerKwh: 0.05 } }]
mining: { coin: RVN }
metrics: { ${metrics} }
market:
  static:
    coins:
      RVN: { algorithm: kawpow, difficulty: 62900, difficultyUnit: btc, blockReward: 1250, price: 0.021 }
`;
}

function write(name: string, text: string): void {
  writeFileSync(join(folder.path, name), text);
}

const largeFarm = { rigs: 100, gpus: 2, seed: 1, port: 0, frozen: true, speed: 1 };

const inFolder = () => ({ cwd: folder.path });

describe('npx rigshift ask, on whatever Node the system has', () => {
  const config = () => ['--config', join(folder.path, 'farm.yaml')];

  it('answers in words and exits with 0', async () => {
    const { code, stdout } = await runNpxRigshift(['ask', 'profit', 'site:quebec', ...config()], {});
    expect(stdout).toMatch(/^quebec: .*\$\d/);
    expect(code).toBe(0);
  });

  it('answers in one JSON object and nothing else', async () => {
    const { code, stdout } = await runNpxRigshift(['ask', 'profit site:quebec', '--json', ...config()], {});
    expect(JSON.parse(stdout)).toMatchObject({
      command: 'profit',
      facts: { scope: { kind: 'site', name: 'quebec' }, gpus: { total: 1, mining: 1 } },
      reply: { headline: expect.stringMatching(/^quebec: /) },
    });
    expect(code).toBe(0);
  });

  it('exits with 2 for a mistake, too', async () => {
    expect(await runNpxRigshift(['ask', 'profit site:nowhere', ...config()], {})).toMatchObject({ code: 2 });
  });
});

it('an answer that is larger than any pipe arrives whole', async () => {
  const simulator = await startSimulator({ ...largeFarm, startAtMs: Date.now(), clock: systemClock });
  try {
    write('large.yaml', await (await fetch(`${simulator.url}/rigshift.yaml`)).text());
    const { code, stdout } = await ask('readiness', ['--config', 'large.yaml'], inFolder());
    expect(code).toBe(0);
    expect(stdout.length).toBeGreaterThan(300_000);
  } finally {
    await simulator.close();
  }
});

describe('what the asker got wrong', () => {
  it.each([
    ['profit rig:b9', 'There is no rig called "b9".'],
    ['profit site:quebek', 'There is no site called "quebek".'],
    ['profitt', 'There is no command "profitt".'],
    ['profit colour:red', expect.stringContaining('colour')],
  ])('`%s`: 2, and the answer says what', async (question, headline) => {
    const { code, answer, stderr } = await ask(question, ['--config', 'farm.yaml'], inFolder());
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
    expect(answer).toMatchObject({ facts: null, reply: { headline } });
  });

  it.each([[['ask']], [['aks', 'profit']], [['ask', 'profit', '--jason']], [['simulate', '--at', 'noon']]])(
    'the command line %j: 2, and nothing on standard output',
    async (args) => {
      const { code, stdout, stderr } = await runRigshift(args, inFolder());
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(/^error: /);
    },
  );

  const mistaken = `farm: { name: north, currency: USDX }
sites:
  - name: quebec
    pue: 0.5
    tarif: { pricePerKwh: 0.05 }
    tariff: { pricePerKwh: 0.05 }
metrics:
  interval: 3 parsecs
  exporters: { targets: [{ rig: a1, site: quebeck, urls: ['http://127.0.0.1:1/metrics'] }] }
`;

  it.each(['ask', 'check', 'start'])(
    '`%s` over a configuration with five mistakes: 2, and all five',
    async (command) => {
      write('mistaken.yaml', mistaken);
      const args = [command, ...(command === 'ask' ? ['profit', '--json'] : []), '--config', 'mistaken.yaml'];
      const { code, stdout, stderr } = await runRigshift(args, inFolder());
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr.split('\n')).toEqual([
        'The configuration has 5 mistakes:',
        expect.stringMatching(/mistaken\.yaml:1 farm\.currency: found "USDX"/),
        expect.stringMatching(/mistaken\.yaml:4 sites\[0\]\.pue: found 0\.5 .*from 1 to 3/),
        expect.stringMatching(/mistaken\.yaml:5 sites\[0\]\.tarif: found an unknown key; did you mean tariff\?/),
        expect.stringMatching(/mistaken\.yaml:8 metrics\.interval: found "3 parsecs"/),
        expect.stringMatching(
          /mistaken\.yaml:9 metrics\.exporters\.targets\[0\]\.site: found "quebeck"; did you mean quebec\?/,
        ),
        expect.stringMatching(/docs\/configuration\.md/),
        '',
      ]);
    },
  );
});

describe('what failed outside', () => {
  it('a Prometheus that does not answer: 1, in one clear sentence', async () => {
    const { code, answer, stderr } = await ask('profit', ['--config', 'unreachable.yaml'], inFolder());
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(answer).toMatchObject({ command: 'profit', facts: null });
    expect(answer.reply.headline).toBe('No answer, because prometheus failed.');
    expect(JSON.stringify(answer.reply.blocks)).toContain('http://127.0.0.1:1: connection refused');
  });

  it('help helps all the same', async () => {
    expect(await ask('help', ['--config', 'unreachable.yaml'], inFolder())).toMatchObject({ code: 0 });
  });

  it('`check` says it and exits with 1', async () => {
    const { code, stdout } = await runRigshift(['check', '--config', 'unreachable.yaml'], inFolder());
    expect(stdout).toMatch(/the fleet could not be read: .*connection refused/);
    expect(code).toBe(1);
  });
});

it('`check` of a farm that answers exits with 0', async () => {
  const { code, stdout } = await runRigshift(['check', '--config', 'farm.yaml'], inFolder());
  expect(stdout).toMatch(/1 rigs?\b/);
  expect(code).toBe(0);
});

it('neither `ask` nor `check` writes a ledger or anything else', async () => {
  using empty = temporaryFolder();
  writeFileSync(
    join(empty.path, 'rigshift.yaml'),
    farm(`exporters: { targets: [{ site: quebec, urls: ['${exporter.url}'] }] }`),
  );
  expect(await runRigshift(['ask', 'profit'], { cwd: empty.path })).toMatchObject({ code: 0, stderr: '' });
  expect(await runRigshift(['check'], { cwd: empty.path })).toMatchObject({ code: 0 });
  expect(readdirSync(empty.path)).toEqual(['rigshift.yaml']);
});
