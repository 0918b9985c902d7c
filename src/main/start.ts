import { fstatSync } from 'node:fs';
import { userInfo } from 'node:os';
import { type Route, refuse } from '../../adapters/http/routes.ts';
import { commands } from '../../commands/index.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { type App, createApp } from '../app.ts';
import type { Address } from '../config/environment.ts';
import type { Config } from '../config/parse.ts';
import { runUntilStopped, surviveUnhandledRejections } from '../jobs/shutdown.ts';
import type { ChatAdapter, ChatHost } from '../ports/chat.ts';
import { systemClock } from '../ports/clock.ts';
import { openPlatforms, type Platforms } from './chats.ts';
import { openLog, openSource, openStoreOf, prepare } from './outside.ts';
import { sayIn } from './speech.ts';

/** Runs the bot until it is stopped; returns the exit code. */
export async function start(options: { config?: string; demo?: boolean }): Promise<number> {
  const ground = await prepare(options.config, options.demo);
  const { config, demo } = ground;
  // The demo talks on the terminal; its log would only stand in between.
  const quiet = demo && process.env['LOG_LEVEL'] === undefined;
  const log = await openLog(config, quiet ? 'warn' : undefined);
  const { createTelemetry } = await import('../../adapters/http/telemetry.ts');
  const store = await openStoreOf(ground, 'server');
  const source = await openSource(config, systemClock);
  let app: App | null = null;
  const telemetry = createTelemetry({
    version: packageJson.version,
    clock: systemClock,
    snapshot: () => app?.snapshot() ?? null,
    outbox: () => running.outbox.status(),
    commands: commands.map(({ name }) => name),
  });
  surviveUnhandledRejections(log, () => telemetry.unhandledRejection());
  const running = createApp(config, {
    source,
    store,
    clock: systemClock,
    log,
    commands,
    sayIn,
    events: {
      observed: (snapshot) => telemetry.observed(snapshot),
      answered: ({ command, outcome, durationMs }) =>
        telemetry.answered({ command, outcome, seconds: durationMs / 1000 }),
      failed: (system) => telemetry.failed(system),
    },
  });
  app = running;
  let platforms: Platforms | null = null;
  const http = await listen(config, demo, {
    checks: () => [...running.checks(), ...notBuilt(config)],
    registry: telemetry.registry,
    log,
    routes: new Map([['/slack/events', slackRoute(() => platforms)]]),
  });
  for (const { name, detail } of notBuilt(config)) log.warn({ system: name }, detail);
  const greeting = banner(config, demo, http.address);
  const input = inputKind();
  // On a terminal the console says it; elsewhere standard output belongs to answers.
  if (demo && input !== 'terminal') process.stderr.write(`${greeting}\n`);
  let left: Promise<unknown> = new Promise(() => {});
  const openChats = async (host: ChatHost): Promise<readonly ChatAdapter[]> => {
    platforms = await openPlatforms(config, { host, clock: systemClock, log, demo });
    if (input === 'none') return platforms.adapters;
    const console = await openConsole(host, greeting);
    // A server goes on when a pipe that it was given ends; a demo has nothing else to do.
    if (demo || input === 'terminal') left = console.finished;
    return [console, ...platforms.adapters];
  };
  const untilLeft = async () => {
    await running.start(openChats);
    log.info({ farm: config.farm.name, source: source.kind, ...http.addresses, demo }, 'ready');
    await left;
  };
  return runUntilStopped({
    // Not awaited before: a first observation may take its time, and a signal stops in good order from here on.
    finished: untilLeft(),
    log,
    stop: async () => {
      await Promise.all([running.stop(), http.stop()]);
      await platforms?.close();
      telemetry.close();
      await ground.close();
    },
  });
}

async function openConsole(host: ChatHost, greeting: string) {
  const { createConsole } = await import('../../adapters/console/console.ts');
  return createConsole({
    input: process.stdin,
    output: process.stdout,
    host,
    banner: greeting,
    // Whoever may start the process is in charge of it.
    user: { id: String(userInfo().uid), name: userInfo().username, groups: [], administers: true },
    historyFile: null,
    locale: Intl.DateTimeFormat().resolvedOptions().locale,
  });
}

type HttpParts = Pick<
  Parameters<typeof import('../../adapters/http/server.ts').createHttpServer>[0],
  'checks' | 'registry' | 'log'
> & {
  readonly routes: ReadonlyMap<string, Route>;
};

async function listen({ environment }: Config, demo: boolean, { routes, ...parts }: HttpParts) {
  const { createHttpServer } = await import('../../adapters/http/server.ts');
  const listenOn = (address: Address) =>
    createHttpServer({
      ...parts,
      ...address,
      public: environment.publicHttp === null ? null : { ...environment.publicHttp, routes },
    });
  let http = listenOn(environment.http);
  const addresses = await http.start().catch((error: unknown) => {
    // A newcomer's port 8080 may well be taken; only a configured farm insists on its port.
    if (!demo) throw error;
    http = listenOn({ ...environment.http, port: 0 });
    return http.start();
  });
  return { addresses, address: addresses.address, stop: () => http.stop(1_000) };
}

/** Before Slack's adapter is there, Slack is asked to come again: it repeats what was not taken. */
function slackRoute(platforms: () => Platforms | null): Route {
  return {
    methods: ['POST'],
    handle: (request, response) => {
      const listener = platforms()?.slackListener ?? null;
      if (listener === null) return refuse(response, 503, 'Slack is not connected over HTTP');
      listener(request, response);
    },
  };
}

/** What is configured but cannot be used by this version: never silently left out. */
function notBuilt({ environment }: Config): { name: string; ok: false; detail: string }[] {
  if (environment.alertmanagerUrl === null) return [];
  const detail = 'alertmanager is configured, but this version cannot connect to it yet';
  return [{ name: 'alertmanager', ok: false, detail }];
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
