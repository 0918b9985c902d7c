import { expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse.ts';
import { secretsOf } from '../../src/config/secrets.ts';

const file = 'sites: [{ name: quebec, tariff: { pricePerKwh: 0.05 } }]';
const noFile = () => Promise.reject(new Error('no inventory'));
const secretsFrom = async (env: Record<string, string>) =>
  secretsOf(
    await parseConfig(file, { path: null, env: { PROMETHEUS_URL: 'http://p:9090', ...env }, readFile: noFile }),
  );

it('are none where none is configured', async () => {
  expect(await secretsFrom({})).toEqual([]);
});

it.each<[Record<string, string>, readonly string[]]>([
  [{ DISCORD_TOKEN: 'discord-token' }, ['discord-token']],
  [{ PROMETHEUS_TOKEN: 'a-bearer-token' }, ['a-bearer-token']],
  [{ PROMETHEUS_USERNAME: 'reader', PROMETHEUS_PASSWORD: 'a-password' }, ['a-password']],
  [{ WEBHOOK_SECRET: 'sixteen-letters-1' }, ['sixteen-letters-1']],
  [{ DATABASE_URL: 'postgres://bot:p%40ss@db/rigshift' }, ['p%40ss', 'p@ss']],
  [{ DATABASE_URL: 'postgres://bot@db/rigshift' }, []],
])('of %j are %j', async (env, secrets) => {
  expect(await secretsFrom(env)).toEqual(secrets);
});
