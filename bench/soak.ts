import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { printFigures } from './soak/figures.ts';
import { runSoak } from './soak/run-soak.ts';
import { Violations } from './soak/violations.ts';

/*
 * `node bench/soak.ts [--short] [--seed S] [--minutes M]`: lets the bot keep the ledger of a simulated farm on a clock that
 * runs fast, kills it over and over, and holds what is in the ledger against what it saw and against what really happened.
 */

/** Two minutes with 20 kills, 40 minutes with 300. */
const forms = { short: { minutes: 2, killsPerMinute: 10 }, long: { minutes: 40, killsPerMinute: 7.5 } } as const;
const storeKills = 300;

const { values } = parseArgs({
  options: { short: { type: 'boolean' }, seed: { type: 'string' }, minutes: { type: 'string' } },
});
const form = values.short === true ? forms.short : forms.long;
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
const minutes = values.minutes === undefined ? form.minutes : Number(values.minutes);
if (!Number.isSafeInteger(seed) || seed < 0 || seed >= 2 ** 31 || !(minutes >= 1)) {
  process.stderr.write('usage: soak [--short] [--seed WHOLE_NUMBER] [--minutes AT_LEAST_1]\n');
  process.exit(2);
}
const kills = Math.round(minutes * form.killsPerMinute);
// So that the processes that were started end as well.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

process.stdout.write(`soak: seed ${seed}, ${minutes} minutes, ${kills} kills\n`);
const violations = new Violations();
const folder = await mkdtemp(join(tmpdir(), 'rigshift-soak-'));
try {
  printFigures(await runSoak({ seed, minutes, kills, folder }, violations));
  if (form === forms.long && !(await storeSurvivesKills()))
    violations.add('the store did not survive its kills', `KILL_SEED=${seed}`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
for (const { what, count, example } of violations.kinds)
  process.stdout.write(`VIOLATED ${count} times: ${what}: ${example}\n`);
if (violations.kinds.length === 0) process.stdout.write('soak: nothing was violated\n');
process.exit(violations.kinds.length === 0 ? 0 : 1);

async function storeSurvivesKills(): Promise<boolean> {
  const env = { ...process.env, KILL_ROUNDS: String(storeKills), KILL_SEED: String(seed) };
  const root = join(import.meta.dirname, '..');
  const test = spawn('npx', ['--no-install', 'vitest', 'run', 'test/store/kill.test.ts'], {
    cwd: root,
    env,
    stdio: 'inherit',
  });
  process.once('exit', () => test.kill());
  const [code] = await once(test, 'exit');
  return code === 0;
}
