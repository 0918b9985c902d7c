import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { printChatFigures } from './soak/chat-figures.ts';
import { runChatSoak } from './soak/chat-run.ts';
import { printFigures } from './soak/figures.ts';
import { runSoak } from './soak/run-soak.ts';
import { Violations } from './soak/violations.ts';

/*
 * `node bench/soak.ts [--short] [--chat] [--seed S] [--minutes M]`: lets the bot keep the ledger of a simulated farm on a clock
 * that runs fast, kills it over and over, and holds what is in the ledger against what it saw and against what really happened:
 * for half of the time of a farm whose exporters work, for the other half of one of every kind in which things break.
 * Then lets it talk on both platforms, which fail, kills it over and over, and looks whether everything was said, once.
 * `--chat`: only that; `--minutes` are the ledger's, with `--chat` the chats'.
 */

/** Of the ledger two minutes with 20 kills, or 36 minutes with 270; of the chats 40 seconds, or six minutes. */
const forms = {
  short: { minutes: 2, killsPerMinute: 10, chatMinutes: 2 / 3 },
  long: { minutes: 36, killsPerMinute: 7.5, chatMinutes: 6 },
} as const;
const storeKills = 300;

const { values } = parseArgs({
  options: {
    short: { type: 'boolean' },
    chat: { type: 'boolean' },
    seed: { type: 'string' },
    minutes: { type: 'string' },
  },
});
const form = values.short === true ? forms.short : forms.long;
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
const chatAlone = values.chat === true;
const given = values.minutes === undefined ? null : Number(values.minutes);
const minutes = given ?? form.minutes;
const chatMinutes = (chatAlone ? given : null) ?? form.chatMinutes;
if (!Number.isSafeInteger(seed) || seed < 0 || seed >= 2 ** 31 || !(minutes >= 1)) {
  process.stderr.write('usage: soak [--short] [--chat] [--seed WHOLE_NUMBER] [--minutes AT_LEAST_1]\n');
  process.exit(2);
}
const kills = Math.round(minutes * form.killsPerMinute);
// So that the processes that were started end as well.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const ledger = chatAlone ? '' : `the ledger ${minutes} minutes with ${kills} kills, `;
process.stdout.write(`soak: seed ${seed}, ${ledger}the chats ${Math.round(chatMinutes * 60)} s\n`);
const violations = new Violations();
const folder = await mkdtemp(join(tmpdir(), 'rigshift-soak-'));
try {
  if (!chatAlone) await soakLedger();
  printChatFigures(await runChatSoak({ seed, seconds: chatMinutes * 60, folder }, violations));
} finally {
  await rm(folder, { recursive: true, force: true });
}
for (const { what, count, example } of violations.kinds)
  process.stdout.write(`VIOLATED ${count} times: ${what}: ${example}\n`);
if (violations.kinds.length === 0) process.stdout.write('soak: nothing was violated\n');
process.exit(violations.kinds.length === 0 ? 0 : 1);

async function soakLedger(): Promise<void> {
  for (const kind of ['plain', 'zoo'] as const) {
    printFigures(await runSoak({ kind, seed, minutes: minutes / 2, kills: Math.round(kills / 2), folder }, violations));
  }
  if (form === forms.long && !(await storeSurvivesKills()))
    violations.add('the store did not survive its kills', `KILL_SEED=${seed}`);
}

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
