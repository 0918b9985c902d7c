import { fstatSync } from 'node:fs';
import { userInfo } from 'node:os';
import { CommanderError, Command as CommandLine, InvalidArgumentError } from 'commander';
import { commands } from '../commands/index.ts';
import { checkReply } from '../commands/present/check.ts';
import packageJson from '../package.json' with { type: 'json' };
import { type App, answerOnce, createApp, observeOnce } from './app.ts';
import type { Reply } from './chat/reply.ts';
import type { Address } from './config/environment.ts';
import { demoApplies, loadConfig } from './config/load.ts';
import { type Config, parseConfig } from './config/parse.ts';
import { secretsOf } from './config/secrets.ts';
import { UpstreamError, UserError } from './domain/errors.ts';
import { checkReport } from './fleet/check-report.ts';
import { runUntilStopped, surviveUnhandledRejections } from './jobs/shutdown.ts';
import { type Clock, systemClock } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import type { MetricsSource } from './ports/metrics.ts';

/*
 * The command line, and the only file that knows every adapter. Each adapter is imported where it is needed: what is not
 * configured costs nothing at the start.
 */

const exitCodes = { answered: 0, user: 2, upstream: 1, bug: 1 } as const;

/** What to run on: the configured farm, or the simulated one where nothing is configured. */
interface Ground {
  readonly config: Config;
  readonly demo: boolean;
  readonly close: () => Promise<void>;
}

async function prepare(configPath: string | undefined): Promise<Ground> {
  const place = { configPath, env: process.env, cwd: process.cwd() };
  if (!demoApplies(place)) return { config: await loadConfig(place), demo: false, close: async () => {} };
  const { startSimulator } = await import('../adapters/simulator/server.ts');
  const { configurationYaml } = await import('../adapters/simulator/configuration.ts');
  const demo = { rigs: 12, gpus: 6, seed: 1, port: 0, frozen: false, speed: 1, clock: systemClock };
  const simulator = await startSimulator({ ...demo, startAtMs: systemClock.now() });
  const yaml = configurationYaml(simulator.farm, simulator.url);
  const config = await parseConfig(yaml, { path: null, env: process.env, readFile: async () => '' });
  return { config, demo: true, close: () => simulator.close() };
}

async function openSource({ metrics }: Config, clock: Clock): Promise<MetricsSource> {
  const { intervalMs, source } = metrics;
  if (source.kind === 'prometheus') {
    const { createPrometheusSource } = await import('../adapters/prometheus/source.ts');
    return createPrometheusSource({ url: source.url, credentials: source.credentials, intervalMs, clock });
  }
  const { createExportersSource } = await import('../adapters/exporters/source.ts');
  const { inlineTargets, joinTargets } = await import('../adapters/exporters/targets.ts');
  const { fileTargets } = await import('../adapters/exporters/file-targets.ts');
  const inline = async () => ({ targets: inlineTargets(source.targets), warnings: [] });
  const targets = joinTargets(source.file === null ? [inline] : [inline, fileTargets(source.file)]);
  return createExportersSource({ targets, timeoutMs: Math.min(10_000, intervalMs), clock });
}

async function openLog(config: Config, level = config.environment.logLevel): Promise<Log> {
  const { createLog } = await import('../adapters/log/log.ts');
  return createLog({ level, pretty: process.stderr.isTTY === true, secrets: secretsOf(config) });
}

async function print(reply: Reply): Promise<void> {
  const { renderText } = await import('../adapters/console/render-text.ts');
  const { stdout } = process;
  // A pipe has no width: nothing is cut there.
  const width = stdout.isTTY ? stdout.columns : Number.POSITIVE_INFINITY;
  await say(stdout, `${renderText(reply, { width, color: stdout.isTTY && stdout.hasColors() })}\n`);
}

/** Waits until the reader took it: of what is still in a pipe's queue at the exit, the end would be lost. */
function say(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve) => {
    // A reader that went away (`| head`) wants no more, and that is no failure.
    stream.once('error', () => resolve());
    stream.write(text, () => resolve());
  });
}

async function start(options: { config?: string }): Promise<number> {
  const { config, demo, close } = await prepare(options.config);
  const { environment, farm } = config;
  // The demo talks on the terminal; its log would only stand in between.
  const quiet = demo && process.env['LOG_LEVEL'] === undefined;
  const log = await openLog(config, quiet ? 'warn' : undefined);
  const { openStore } = await import('../adapters/store/open-store.ts');
  const { createTelemetry } = await import('../adapters/http/telemetry.ts');
  const { createHttpServer } = await import('../adapters/http/server.ts');
  const { createConsole } = await import('../adapters/console/console.ts');
  const url = demo ? 'sqlite::memory:' : environment.databaseUrl;
  const store = await openStore({ url, farm: farm.name, mode: 'server' });
  const source = await openSource(config, systemClock);
  let app: App | null = null;
  const telemetry = createTelemetry({
    version: packageJson.version,
    clock: systemClock,
    snapshot: () => app?.snapshot() ?? null,
    commands: commands.map(({ name }) => name),
  });
  surviveUnhandledRejections(log, () => telemetry.unhandledRejection());
  app = createApp(config, {
    source,
    store,
    clock: systemClock,
    log,
    commands,
    events: {
      observed: (snapshot) => telemetry.observed(snapshot),
      answered: ({ command, outcome, durationMs }) =>
        telemetry.answered({ command, outcome, seconds: durationMs / 1000 }),
      failed: (system) => telemetry.failed(system),
    },
  });
  const running = app;
  const listenOn = (address: Address) =>
    createHttpServer({
      ...address,
      checks: () => [...running.checks(), ...unbuiltPlatforms(config)],
      registry: telemetry.registry,
      log,
      public: environment.publicHttp === null ? null : { ...environment.publicHttp, routes: new Map() },
    });
  let http = listenOn(environment.http);
  const addresses = await http.start().catch((error: unknown) => {
    // A newcomer's port 8080 may well be taken; only a configured farm insists on its port.
    if (!demo) throw error;
    http = listenOn({ ...environment.http, port: 0 });
    return http.start();
  });
  for (const { name, detail } of unbuiltPlatforms(config)) log.warn({ platform: name }, detail);
  const kind = inputKind();
  // On a terminal the console says it; elsewhere standard output belongs to answers.
  if (demo && kind !== 'terminal') process.stderr.write(`${banner(config, demo, addresses.address)}\n`);
  const untilLeft = async () => {
    let left: Promise<unknown> = new Promise(() => {});
    await running.start((started) => {
      if (kind === 'none') return [];
      const console = createConsole({
        input: process.stdin,
        output: process.stdout,
        dispatch: started.dispatch,
        commands,
        complete: started.complete,
        banner: banner(config, demo, addresses.address),
        user: { id: String(userInfo().uid), name: userInfo().username },
        historyFile: null,
        locale: Intl.DateTimeFormat().resolvedOptions().locale,
      });
      // A server goes on when a pipe that it was given ends; a demo has nothing else to do.
      if (demo || kind === 'terminal') left = console.finished;
      return [console];
    });
    log.info({ farm: farm.name, source: source.kind, ...addresses, demo }, 'ready');
    await left;
  };
  return runUntilStopped({
    // Not awaited before: a first observation may take its time, and a signal stops in good order from here on.
    finished: untilLeft(),
    log,
    stop: async () => {
      await Promise.all([running.stop(), http.stop(1_000)]);
      telemetry.close();
      await close();
    },
  });
}

/** Platforms that are configured but that this version cannot connect to: never silently left out. */
function unbuiltPlatforms({ environment }: Config): { name: string; ok: false; detail: string }[] {
  const configured = [
    environment.discordToken === null ? null : 'discord',
    environment.slackBotToken === null ? null : 'slack',
    environment.alertmanagerUrl === null ? null : 'alertmanager',
  ];
  return configured
    .filter((name) => name !== null)
    .map((name) => ({ name, ok: false, detail: `${name} is configured, but this version cannot connect to it yet` }));
}

/** Who is at the other end of standard input: a terminal, a pipe or file with questions, or nobody (/dev/null, closed). */
function inputKind(): 'terminal' | 'pipe' | 'none' {
  if (process.stdin.isTTY) return 'terminal';
  try {
    const input = fstatSync(0);
    return input.isFIFO() || input.isFile() || input.isSocket() ? 'pipe' : 'none';
  } catch {
    return 'none';
  }
}

function banner({ farm }: Config, demo: boolean, address: string): string {
  const lines = demo
    ? [
        'Rigshift demo: a simulated farm, no real rigs, illustrative prices. Configure your own farm with rigshift.yaml',
        '(see README.md). The demo keeps nothing when it ends.',
      ]
    : [`Rigshift, farm ${farm.name}.`];
  return [...lines, `Health and metrics: ${address}. Type help, status or profit; exit leaves.`].join('\n');
}

async function ask(words: readonly string[], options: { config?: string; json?: boolean }): Promise<number> {
  const { config, demo, close } = await prepare(options.config);
  // What fails outside is in the answer; only our own mistakes need more words.
  const log = await openLog(config, 'error');
  const { openStore } = await import('../adapters/store/open-store.ts');
  const url = demo ? 'sqlite::memory:' : config.environment.databaseUrl;
  const store = await openStore({ url, farm: config.farm.name, mode: 'reader' });
  const source = await openSource(config, systemClock);
  try {
    const ports = { source, ledger: store.ledger, clock: systemClock, log, commands };
    const { command, facts, reply, outcome } = await answerOnce(config, ports, words.join(' '), 'en');
    if (options.json === true) await say(process.stdout, `${JSON.stringify({ command, facts, reply })}\n`);
    else {
      if (demo) process.stderr.write('demo: a simulated farm, illustrative prices\n');
      await print(reply);
    }
    return exitCodes[outcome];
  } finally {
    await Promise.allSettled([source.close(), store.close(), close()]);
  }
}

async function check(options: { config?: string }): Promise<number> {
  const { config, close } = await prepare(options.config);
  const source = await openSource(config, systemClock);
  try {
    const report = checkReport(await observeOnce(config, source), config.farm);
    await print(checkReply(report, config.configPath ?? 'the demo configuration'));
    return report.failures.length > 0 ? exitCodes.upstream : exitCodes.answered;
  } finally {
    await Promise.allSettled([source.close(), close()]);
  }
}

async function simulate(options: {
  rigs: number;
  gpus: number;
  seed: number;
  port: number;
  at?: number;
  speed: number;
}): Promise<number> {
  const { startSimulator } = await import('../adapters/simulator/server.ts');
  const { at, ...farm } = options;
  const startAtMs = at ?? systemClock.now();
  const simulator = await startSimulator({ ...farm, startAtMs, frozen: at !== undefined, clock: systemClock });
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
    .description('check the configuration, observe once and say what does not fit')
    .option(...config)
    .action(async (options) => exit(await check(options)));
  program
    .command('simulate')
    .description('serve a farm of simulated exporters on loopback')
    .option('--rigs <n>', 'rigs', wholeNumber, 12)
    .option('--gpus <n>', 'GPUs in each rig', wholeNumber, 6)
    .option('--seed <n>', 'the same seed is the same farm', wholeNumber, 1)
    .option('--port <n>', 'port on 127.0.0.1; 0 takes a free one', wholeNumber, 9_900)
    .option('--at <instant>', "freeze the farm's clock at an ISO 8601 instant", instant)
    .option('--speed <factor>', "how much faster the farm's clock runs", positiveNumber, 1)
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
  await commandLine((code) => {
    process.exitCode = code;
  }).parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? exitCodes.answered : exitCodes.user);
  if (!(error instanceof UserError) && !(error instanceof UpstreamError)) throw error;
  const remedy = error instanceof UserError && error.remedy !== null ? `\n${error.remedy}` : '';
  await say(process.stderr, `${error.message}${remedy}\n`);
  process.exitCode = error instanceof UserError ? exitCodes.user : exitCodes.upstream;
}
// A worker or socket that somebody forgot must not keep a finished process alive.
process.exit();
