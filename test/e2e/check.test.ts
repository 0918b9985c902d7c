import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Simulator, startSimulator } from '../../adapters/simulator/server.ts';
import { systemClock } from '../../src/ports/clock.ts';
import { startDiscordEmulator } from '../emulators/discord/emulator.ts';
import { startSlackEmulator } from '../emulators/slack/emulator.ts';
import { type FakeExporter, startExporter } from '../support/exporter-farm.ts';
import { type RunOptions, runRigshift, startRigshift } from '../support/run-rigshift.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';

/** `rigshift check` as its operator runs it: what it finds, and the exit code that a script sees. */

let folder: TemporaryFolder;
let simulator: Simulator;
let a1: FakeExporter;
let b1: FakeExporter;

beforeAll(async () => {
  folder = temporaryFolder();
  const settings = { rigs: 12, gpus: 2, seed: 1, port: 0, frozen: true, speed: 1 };
  simulator = await startSimulator({ ...settings, startAtMs: Date.now(), clock: systemClock });
  a1 = await startExporter({ kind: 'prints', text: miner('a1') });
  b1 = await startExporter({ kind: 'prints', text: miner('b1') });
});

afterAll(async () => {
  await simulator?.close();
  await a1?.stop();
  await b1?.stop();
  folder?.[Symbol.dispose]();
});

function miner(worker: string): string {
  return `# TYPE trex_gpu_hashrate gauge
trex_gpu_hashrate{device_id="0",name="RTX 3090",worker="${worker}"} 4.6e+07
trex_gpu_power{device_id="0",name="RTX 3090",worker="${worker}"} 290
panel_gpu_temp{card="0"} 61000
`;
}

/** A farm at one site whose metrics come from these. */
function write(name: string, metrics: string): readonly string[] {
  writeFileSync(
    join(folder.path, name),
    `sites: [{ name: quebec, match: {}, tariff: { pricePerKwh: 0.05 } }]\nmetrics: { ${metrics} }\n`,
  );
  return ['--config', name];
}

const target = (url: string, rig?: string) =>
  `{ ${rig === undefined ? '' : `rig: ${rig}, `}site: quebec, urls: ['${url}'] }`;

const reportShape = z.object({
  configuration: z.string().nullable(),
  exitCode: z.number(),
  systems: z.array(
    z.object({
      kind: z.string(),
      system: z.string(),
      version: z.string().nullable(),
      failure: z.string().nullable(),
      remedy: z.string().nullable(),
      notes: z.array(z.string()),
    }),
  ),
  fleet: z
    .object({ rigs: z.number(), gpus: z.number(), conflicts: z.array(z.object({ kind: z.string() })) })
    .nullable(),
  findings: z.array(z.object({ kind: z.string(), found: z.string(), about: z.array(z.string()) })),
  dialects: z.array(z.object({ id: z.string(), series: z.number() })),
  ownSeries: z.array(z.object({ name: z.string(), series: z.number(), example: z.unknown() })),
  missing: z.array(z.object({ signal: z.string(), rigs: z.array(z.string()), how: z.string() })),
  assumptions: z.array(z.string()),
});

async function checkJson(args: readonly string[], options: Partial<RunOptions> = {}) {
  const ended = await runRigshift(['check', '--json', ...args], { cwd: folder.path, ...options });
  if (ended.stdout === '') throw new Error(`no report, exit code ${ended.code}: ${ended.stderr}`);
  const report = reportShape.parse(JSON.parse(ended.stdout));
  expect(ended.code).toBe(report.exitCode);
  expect(ended.stderr).toBe('');
  return report;
}

describe('a farm that answers', () => {
  it('exits with 0, in tables for people', async () => {
    const args = write('one.yaml', `exporters: { targets: [${target(a1.url, 'a1')}] }`);
    const { code, stdout, stderr } = await runRigshift(['check', ...args], { cwd: folder.path });
    expect(stdout).toMatch(/one\.yaml is valid: 1 rig with 1 GPU, 1 target answered; nothing to mend\./);
    for (const title of ['Systems', 'Series by exporter', 'Signals that are missing, and.*', 'Taken for granted:']) {
      expect(stdout).toMatch(new RegExp(`^${title}$`, 'm'));
    }
    expect(stdout).toMatch(/^trex_exporter +1 +2 /m);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('is the simulated one, through its written configuration: every exporter is seen, the dead rig is named', async () => {
    writeFileSync(join(folder.path, 'sim.yaml'), await (await fetch(`${simulator.url}/rigshift.yaml`)).text());
    const report = await checkJson(['--config', 'sim.yaml']);
    expect(report.fleet?.rigs).toBe(12);
    const seen = report.dialects.filter(({ series }) => series > 0).map(({ id }) => id);
    expect(seen).toEqual(expect.arrayContaining(['nvidia_gpu_exporter', 'node_exporter', 'vastai_exporter']));
    expect(report.findings.filter(({ kind }) => kind === 'contradiction')).toEqual([]);
    expect(report.missing.find(({ how }) => how === '--collect.backend=nvml')?.signal).toBe('XIDs');
  });
});

it('without any configuration the demo is checked, and it says so', async () => {
  using empty = temporaryFolder();
  const { stdout, stderr } = await runRigshift(['check'], { cwd: empty.path });
  expect(stdout).toMatch(/^The demo configuration is valid: 12 rigs /);
  expect(stderr).toMatch(/^demo: /);
  expect(readdirSync(empty.path)).toEqual([]);
});

describe('what does not answer', () => {
  it('a target: 1', async () => {
    const dead = target('http://127.0.0.1:1/metrics', 'b1');
    const report = await checkJson(write('dead.yaml', `exporters: { targets: [${target(a1.url, 'a1')}, ${dead}] }`));
    expect(report.exitCode).toBe(1);
    expect(report.findings.find(({ kind }) => kind === 'outside')).toMatchObject({
      kind: 'outside',
      about: ['b1 127.0.0.1:1'],
    });
  });

  it('a server: 1, and the rest is shown', async () => {
    const report = await checkJson(write('server.yaml', 'prometheus: { url: "http://127.0.0.1:1" }'));
    expect(report).toMatchObject({ exitCode: 1, fleet: null });
    expect(report.systems.map(({ kind, failure }) => [kind, failure !== null])).toEqual([
      ['metrics', true],
      ['store', false],
    ]);
  });

  it('a store that no server could write: 1, with what to do', async () => {
    const args = write('store.yaml', `exporters: { targets: [${target(a1.url, 'a1')}] }`);
    const report = await checkJson(args, { env: { DATABASE_URL: 'sqlite:store.yaml/rigshift.db' } });
    expect(report.exitCode).toBe(1);
    expect(report.systems.find(({ kind }) => kind === 'store')?.failure).not.toBeNull();
  });

  it('a token that Discord or Slack refuses: 1; one that they take shows whose it is', async () => {
    await using discord = await startDiscordEmulator();
    await using slack = await startSlackEmulator();
    const args = write('chat.yaml', `exporters: { targets: [${target(a1.url, 'a1')}] }`);
    const env = {
      DISCORD_TOKEN: discord.token,
      DISCORD_API_URL: discord.apiUrl,
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_APP_TOKEN: slack.appToken,
      SLACK_API_URL: slack.apiUrl,
    };
    const platforms = (report: Awaited<ReturnType<typeof checkJson>>) =>
      report.systems
        .filter(({ kind }) => kind === 'platform')
        .map(({ system, version, failure }) => [system, failure ?? version]);
    const good = await checkJson(args, { env });
    expect(good.exitCode).toBe(0);
    expect(platforms(good)).toEqual([
      ['Discord', expect.stringMatching(/^bot .+ of application /)],
      ['Slack bot token', expect.stringMatching(/^bot .+ in /)],
      ['Slack app token', 'Socket Mode'],
    ]);
    await slack.assertClean();
    discord.assertClean();
    const wrong = { DISCORD_TOKEN: `${discord.token}x`, SLACK_BOT_TOKEN: 'xoxb-wrong', SLACK_APP_TOKEN: 'xapp-wrong' };
    const bad = await checkJson(args, { env: { ...env, ...wrong } });
    expect(bad.exitCode).toBe(1);
    expect(platforms(bad)).toEqual([
      ['Discord', 'Discord refuses the token'],
      ['Slack bot token', expect.stringContaining('Slack refuses the bot token')],
      ['Slack app token', expect.stringContaining('Slack refuses the app token')],
    ]);
    expect(JSON.stringify(bad)).not.toContain('wrong"');
  });
});

describe('what contradicts the configuration', () => {
  it('two rigs of one name: 2', async () => {
    const twin = await startExporter({ kind: 'prints', text: miner('a1') });
    try {
      const args = write('twins.yaml', `exporters: { targets: [${target(a1.url)}, ${target(twin.url)}] }`);
      const report = await checkJson(args);
      expect(report.exitCode).toBe(2);
      expect(report.fleet?.conflicts.map(({ kind }) => kind)).toEqual(['rig-name']);
    } finally {
      await twin.stop();
    }
  });

  it('a series of the operator that nobody prints: 2; one that is printed shows an example', async () => {
    const dialect = `{ id: panel, cards: { slot: card }, series: {
      panel_gpu_temp: { signal: coreTemperatureCelsius }, panel_gpu_tmp: { signal: memoryTemperatureCelsius } } }`;
    const args = write('own.yaml', `dialects: [${dialect}], exporters: { targets: [${target(b1.url, 'b1')}] }`);
    const report = await checkJson(args);
    expect(report.exitCode).toBe(2);
    expect(report.ownSeries).toMatchObject([
      { name: 'panel_gpu_temp', series: 1, example: { printed: 61_000, unit: 'celsius' } },
      { name: 'panel_gpu_tmp', series: 0, example: null },
    ]);
  });

  it('a configured name that nobody prints: 2', async () => {
    const args = write('ghost.yaml', `exporters: { targets: [${target(a1.url, 'a1')}] } }\nrigs: { ghost: {}`);
    const report = await checkJson(args);
    expect(report).toMatchObject({
      exitCode: 2,
      findings: expect.arrayContaining([expect.objectContaining({ kind: 'contradiction', about: ['ghost'] })]),
    });
  });
});

it('works beside a server that holds the store, and writes nothing', async () => {
  using place = temporaryFolder();
  writeFileSync(
    join(place.path, 'rigshift.yaml'),
    `sites: [{ name: quebec, tariff: { pricePerKwh: 0.05 } }]
metrics: { interval: 5s, exporters: { spread: 0s, targets: [${target(a1.url, 'a1')}] } }\n`,
  );
  const options = { cwd: place.path, env: { DATABASE_URL: 'sqlite:rigshift.db', HTTP_PORT: '0' } };
  await using server = startRigshift(['start'], { ...options, stdin: null, limitMs: 60_000 });
  await server.untilLogs('ready');
  const before = readdirSync(place.path).sort();
  const report = await checkJson([], options);
  expect(report.exitCode).toBe(0);
  expect(report.findings).toContainEqual(expect.objectContaining({ kind: 'remark', found: 'a server has it open' }));
  expect(readdirSync(place.path).sort()).toEqual(before);
});
