import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoApplies, loadConfig } from '../../src/config/load.ts';
import { refusal, smallest } from './written.ts';

let empty: string;
let farm: string;

beforeAll(async () => {
  empty = await mkdtemp(join(tmpdir(), 'rigshift-empty-'));
  farm = await mkdtemp(join(tmpdir(), 'rigshift-farm-'));
  await writeFile(join(farm, 'rigshift.yaml'), `farm: {name: default}\ninventory: rigs.csv\n${smallest}`);
  await writeFile(join(farm, 'rigs.csv'), 'rig\na1\n');
  await writeFile(join(farm, 'other.yaml'), `farm: {name: other}\n${smallest}`);
  await writeFile(join(farm, 'third.yaml'), `farm: {name: third}\n${smallest}`);
});

afterAll(async () => {
  await rm(empty, { recursive: true });
  await rm(farm, { recursive: true });
});

describe('which file is read', () => {
  it('is ./rigshift.yaml, with the inventory beside it', async () => {
    const config = await loadConfig({ env: {}, cwd: farm });
    expect(config.farm.name).toBe('default');
    expect([...config.farm.inventory.keys()]).toEqual(['a1']);
    expect(config.configPath).toBe(join(farm, 'rigshift.yaml'));
  });

  it('is the one of RIGSHIFT_CONFIG before that, and --config before all', async () => {
    const env = { RIGSHIFT_CONFIG: 'other.yaml' };
    expect((await loadConfig({ env, cwd: farm })).farm.name).toBe('other');
    expect((await loadConfig({ configPath: 'third.yaml', env, cwd: farm })).farm.name).toBe('third');
    expect((await loadConfig({ configPath: join(farm, 'third.yaml'), env: {}, cwd: empty })).farm.name).toBe('third');
  });

  it.each([
    [{ configPath: 'nowhere.yaml' }, 'nowhere.yaml', 'no such file'],
    [{ configPath: '.' }, '.', 'a folder'],
  ])('says what is wrong with %j', async (place, path, found) => {
    const { mistakes } = await refusal(loadConfig({ ...place, env: { LOG_LEVEL: 'x' }, cwd: empty }));
    expect(mistakes).toMatchObject([{ path, found }, { path: 'LOG_LEVEL' }]);
  });

  it('asks for a power price where only the environment is set', async () => {
    const error = await refusal(loadConfig({ env: { PROMETHEUS_URL: 'http://p' }, cwd: empty }));
    expect(error.mistakes).toHaveLength(1);
    expect(error.message).toMatch(/rigshift\.yaml: found no such file .*power price.*docs\/configuration\.md/);
  });
});

describe('when the demo may be shown', () => {
  it('is only where nothing points to a real farm', () => {
    expect(demoApplies({ env: {}, cwd: empty })).toBe(true);
    expect(
      demoApplies({ env: { DISCORD_TOKEN: '', DATABASE_URL: ' ', HOME: '/home', LOG_LEVEL: 'info' }, cwd: empty }),
    ).toBe(true);
    expect(demoApplies({ env: {}, cwd: farm })).toBe(false);
    expect(demoApplies({ configPath: 'nowhere.yaml', env: {}, cwd: empty })).toBe(false);
  });

  it.each([
    'RIGSHIFT_CONFIG',
    'DISCORD_TOKEN',
    'DISCORD_API_URL',
    'SLACK_BOT_TOKEN',
    'PROMETHEUS_URL',
    'ALERTMANAGER_URL',
    'DATABASE_URL',
  ])('is not where %s is set', (variable) => {
    expect(demoApplies({ env: { [variable]: 'x' }, cwd: empty })).toBe(false);
  });
});
