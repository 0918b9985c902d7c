import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startDiscordEmulator } from '../emulators/discord/emulator.ts';
import { runRigshift, startRigshift } from '../support/run-rigshift.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Somebody who has just cloned the repository, in a folder without any configuration. */

it('answers questions through a pipe, says that it is a demo, and leaves no file behind', async () => {
  using folder = temporaryFolder();
  const questions = '# a comment\nprofit\n\nstatus\nprofit rig:nobody\n';
  const { code, stdout, stderr } = await runRigshift(['start'], { cwd: folder.path, stdin: questions });
  expect(code).toBe(0);
  expect(stderr).toMatch(/^Rigshift demo: a simulated farm, no real rigs, illustrative prices/);

  const [profit = '', status = '', mistake = ''] = stdout.split(/(?=^The fleet: |^There is no rig)/m);
  expect(profit).toMatch(/GPU rental nets most, \$\d+\.\d\d per day \(est\.\) over \d+ of 66 GPUs; /);
  expect(profit).toMatch(/^Per day, est\., in USD$/m);
  expect(profit).toMatch(/^Net +-?\d+\.\d+ +\d+\.\d+ +\d+\.\d+ +0\.00$/m);
  expect(profit).toMatch(/^Occupancy +-?[\d.]+%/m);
  expect(profit).toMatch(/^Rental price +\$[\d.]+ per GPU-hour/m);
  expect(profit).toMatch(/^Power price, mining +\$[\d.]+ per kWh$/m);
  expect(profit).toMatch(/^Power price, GPU rental +\$[\d.]+ per kWh$/m);
  expect(profit).toMatch(/^- RVN: \$0\.021 per coin, .*; illustrative, \d+ d ago$/m);
  expect(status).toMatch(/^Power of the facility +[\d.]+ kW/m);
  expect(mistake).toMatch(/^There is no rig called "nobody"\./);
  expect(readdirSync(folder.path)).toEqual([]);
});

it('ends with the last answer where the input ends in the middle of a line', async () => {
  using folder = temporaryFolder();
  const { code, stdout } = await runRigshift([], { cwd: folder.path, stdin: 'status' });
  expect(stdout).toMatch(/^The fleet: .*\b66 GPUs\b.* per day \(est\.\)/);
  expect(code).toBe(0);
});

it.each([
  ['DISCORD_TOKEN', 'not-a-secret'],
  ['DISCORD_API_URL', 'http://127.0.0.1:1'],
  ['SLACK_SIGNING_SECRET', 'not-a-secret'],
  ['PROMETHEUS_URL', 'http://127.0.0.1:1'],
  ['ALERTMANAGER_URL', 'http://127.0.0.1:1'],
  ['DATABASE_URL', 'sqlite:ledger.db'],
  ['RIGSHIFT_CONFIG', 'nowhere.yaml'],
])('where %s is set there is no demo', async (variable, value) => {
  using folder = temporaryFolder();
  const place = { cwd: folder.path, env: { [variable]: value }, stdin: 'profit\n' };
  const { code, stdout, stderr } = await runRigshift(['start'], place);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^The configuration has /);
  expect(stderr).not.toContain('not-a-secret');
  expect(readdirSync(folder.path)).toEqual([]);
});

it('where there is a configuration file there is no demo, however wrong it is', async () => {
  using folder = temporaryFolder();
  writeFileSync(join(folder.path, 'rigshift.yaml'), 'sites: []\n');
  const { code, stdout, stderr } = await runRigshift(['start'], { cwd: folder.path, stdin: 'profit\n' });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/rigshift\.yaml:1 sites: /);
});

it('can be tried in a chat before a farm is configured: every message says that it is a demo', async () => {
  using folder = temporaryFolder();
  await using discord = await startDiscordEmulator();
  const guild = discord.addGuild('farm');
  const channel = discord.addChannel(guild, 'ops');
  const ada = discord.addMember(guild, { name: 'ada' });
  const env = { DISCORD_TOKEN: discord.token, DISCORD_API_URL: discord.apiUrl, HTTP_PORT: '0' };
  const refused = await runRigshift(['start'], { cwd: folder.path, env });
  expect(refused.stderr).toContain('rigshift.yaml: found no such file');

  await using program = startRigshift(['start', '--demo'], { cwd: folder.path, env, stdin: null });
  await discord.until('the commands', () => discord.commands(guild).length > 0, 15_000);
  const asked = ada.slash(channel, { command: 'fleet', subcommand: 'profit' });
  const { embeds, content } = await asked.answer();
  expect(content).toMatch(/^\*?\*?The fleet: GPU rental nets most/);
  expect(JSON.stringify([content, embeds])).toContain('Demo: a simulated farm, illustrative prices.');
  program.kill('SIGTERM');
  expect((await program.ended).code).toBe(0);
  expect(readdirSync(folder.path)).toEqual([]);
  discord.assertClean();
});
