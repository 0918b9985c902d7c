import './main/engine.ts';
import { CommanderError, Command as CommandLine, InvalidArgumentError } from 'commander';
import { commands } from '../commands/index.ts';
import packageJson from '../package.json' with { type: 'json' };
import { answerOnce } from './app/answer-once.ts';
import { UpstreamError, UserError } from './domain/errors.ts';
import { runUntilStopped } from './jobs/shutdown.ts';
import { check } from './main/check.ts';
import { readEnvFile } from './main/env-file.ts';
import { observingAtOnce, openLog, openSource, openStoreOf, prepare, print } from './main/outside.ts';
import { printReply, scriptLocale } from './main/print-reply.ts';
import { sayIn } from './main/speech.ts';
import { start } from './main/start.ts';
import { systemClock } from './ports/clock.ts';

/* The command line. With src/main/ the only place that knows every adapter. */

const exitCodes = { answered: 0, user: 2, upstream: 1, bug: 1 } as const;

async function ask(words: readonly string[], options: { config?: string; json?: boolean }): Promise<number> {
  const ground = await prepare(options.config);
  const { config, demo } = ground;
  // What fails outside is in the answer; only our own mistakes need more words.
  const log = await openLog(config, 'error');
  const store = await openStoreOf(ground, 'reader');
  const source = await openSource(observingAtOnce(config), systemClock);
  try {
    const ports = { source, store, clock: systemClock, log, commands, sayIn };
    const { command, facts, reply, outcome } = await answerOnce(config, ports, words.join(' '), scriptLocale);
    if (options.json === true) await print(process.stdout, `${JSON.stringify({ command, facts, reply })}\n`);
    else {
      if (demo) process.stderr.write('demo: a simulated farm, illustrative prices\n');
      await printReply(reply, config);
    }
    return exitCodes[outcome];
  } finally {
    await Promise.allSettled([source.close(), store.close(), ground.close()]);
  }
}

async function simulate(options: {
  rigs: number;
  gpus: number;
  seed: number;
  port: number;
  at?: number;
  speed: number;
  zoo?: boolean;
  troubles: boolean;
}): Promise<number> {
  const { startSimulator } = await import('../adapters/simulator/server.ts');
  const { at, zoo = false, troubles, ...farm } = options;
  const startAtMs = at ?? systemClock.now();
  const life = { zoo, troubles: zoo && troubles };
  const simulator = await startSimulator({ ...farm, ...life, startAtMs, frozen: at !== undefined, clock: systemClock });
  process.stdout.write(`${simulator.url}\n`);
  const { createLog } = await import('../adapters/log/log.ts');
  const log = createLog({ level: 'warn' });
  return runUntilStopped({ finished: new Promise(() => {}), stop: () => simulator.close(), log });
}

function commandLine(exit: (code: number) => void): CommandLine {
  const program = new CommandLine('rigshift').description(packageJson.description).version(packageJson.version);
  // Before the commands, which inherit it: commander itself would leave with 1, which is for failures outside.
  program.exitOverride();
  const config = ['--config <path>', 'configuration file (else RIGSHIFT_CONFIG, else ./rigshift.yaml)'] as const;
  program
    .command('start', { isDefault: true })
    .description('run the bot; without any configuration a demo over a simulated farm')
    .option(...config)
    .option('--demo', 'the simulated farm whatever is configured; every message says so')
    .action(async (options) => exit(await start(options)));
  program
    .command('ask')
    .description('observe once, answer one question and exit: 0 answered, 2 your mistake, 1 something outside failed')
    .argument('<question...>', 'as typed in a chat: profit site:quebec')
    .option(...config)
    .option('--json', 'print {command, facts, reply} and nothing else')
    .action(async (words, options) => exit(await ask(words, options)));
  program
    .command('check')
    .description(
      'look once at everything that is configured: 0 nothing to mend, 1 something outside does not answer, 2 the ' +
        'configuration is wrong or contradicts what is seen',
    )
    .option(...config)
    .option('--json', 'print the whole report and nothing else')
    .action(async (options) => exit(await check(options)));
  program
    .command('simulate')
    .description('serve a farm of simulated exporters on loopback')
    .option('--rigs <n>', 'rigs, without those of the zoo', wholeNumber, 12)
    .option('--gpus <n>', 'GPUs in each rig', wholeNumber, 6)
    .option('--seed <n>', 'the same seed is the same farm', wholeNumber, 1)
    .option('--port <n>', 'port on 127.0.0.1; 0 takes a free one', wholeNumber, 9_900)
    .option('--at <instant>', "freeze the farm's clock at an ISO 8601 instant", instant)
    .option('--speed <factor>', "how much faster the farm's clock runs", positiveNumber, 1)
    .option('--zoo', 'more rigs, one of every kind that Rigshift reads, in which things break')
    .option('--no-troubles', 'a zoo in which nothing breaks')
    .action(async (options) => exit(await simulate(options)));
  return program;
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('A whole number, please.');
  return Number(text);
}

function positiveNumber(text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new InvalidArgumentError('A number above 0, please.');
  return value;
}

function instant(text: string): number {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new InvalidArgumentError('An ISO 8601 instant, please: 2026-11-22T12:00:00Z.');
  return ms;
}

try {
  readEnvFile();
  await commandLine((code) => {
    process.exitCode = code;
  }).parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? exitCodes.answered : exitCodes.user);
  if (!(error instanceof UserError) && !(error instanceof UpstreamError)) throw error;
  const remedy = error instanceof UserError && error.remedy !== null ? `\n${error.remedy}` : '';
  await print(process.stderr, `${error.message}${remedy}\n`);
  process.exitCode = error instanceof UserError ? exitCodes.user : exitCodes.upstream;
}
// A worker or socket that somebody forgot must not keep a finished process alive.
process.exit();
