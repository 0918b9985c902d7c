import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { UserError } from '../../src/domain/errors.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { configurationYaml, prometheusYaml, serviceDiscovery } from './configuration.ts';
import { createFarm, epochFor, type Farm, type Target } from './farm.ts';

export interface SimulatorOptions {
  /** 1 to 20,000, without those of the zoo. */
  readonly rigs: number;
  /** Cards in every rig, 1 to 16; kinds of the zoo may have a number of their own. */
  readonly gpus: number;
  readonly seed: number;
  /** Address to listen on; 127.0.0.1 by default. */
  readonly host?: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** The farm's time at the start, Unix ms. */
  readonly startAtMs: number;
  /** The farm's time stands still. */
  readonly frozen: boolean;
  /** Seconds of the farm for each second of the clock. */
  readonly speed: number;
  readonly clock: Clock;
  /** After the rigs one of every other kind, and more exporters for all. */
  readonly zoo?: boolean;
  /** Whether things break; by default in a zoo and nowhere else. */
  readonly troubles?: boolean;
}

export interface Simulator {
  /** Without a slash at its end. */
  readonly url: string;
  readonly port: number;
  readonly farm: Farm;
  /** The farm's time, Unix ms. */
  now(): number;
  close(): Promise<void>;
}

interface Page {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
}

const MOST_KEPT_BYTES = 1024 * 1024 * 1024;

const exposition = 'text/plain; version=0.0.4; charset=utf-8';
const json = 'application/json';
const yaml = 'application/yaml';
const text = 'text/plain; charset=utf-8';

/**
 * Serves a farm of exporters. Exporters that do not answer reset the connection.
 * @throws UserError where the options make no farm, or the port is taken.
 */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const {
    rigs,
    gpus,
    seed,
    startAtMs,
    frozen,
    speed,
    clock,
    host = '127.0.0.1',
    zoo = false,
    troubles = zoo,
  } = options;
  checkOptions(options);
  const farm = createFarm({ rigs, gpus, seed, epochMs: epochFor(startAtMs), zoo, troubles });
  const startedAtMs = clock.now();
  const now = () => (frozen ? startAtMs : startAtMs + (clock.now() - startedAtMs) * speed);
  const targets = new Map(farm.targets.map((target) => [target.path, target]));
  const render = frozen
    ? keptPages((target) => farm.render(target, startAtMs))
    : (target: Target) => farm.render(target, now());

  let url = '';
  const server = createServer((request, response) => {
    const target = targets.get(pathOf(request));
    if (target !== undefined && farm.isSilent(target, now())) {
      request.socket.destroy();
      return;
    }
    answer(request, response, () => pageOf(request, { farm, target, url, nowMs: now(), render }));
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new UserError(
          `Cannot listen on ${host}:${options.port}: ${cause.message}`,
          'Choose another port; 0 takes any free one.',
        ),
      ),
    );
    server.listen(options.port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : options.port);
    });
  });
  url = `http://${host}:${port}`;
  return {
    url,
    port,
    farm,
    now,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function checkOptions({ rigs, gpus, seed, speed, startAtMs }: SimulatorOptions): void {
  const wholeIn = (value: number, min: number, max: number) => Number.isInteger(value) && value >= min && value <= max;
  if (!wholeIn(rigs, 1, 20_000)) throw new UserError('A simulated farm has 1 to 20,000 rigs.');
  if (!wholeIn(gpus, 1, 16)) throw new UserError('A simulated rig has 1 to 16 GPUs.');
  if (!wholeIn(seed, 0, 2 ** 31 - 1)) throw new UserError('The seed is a whole number of 0 or more.');
  if (!(speed > 0 && speed <= 100_000)) throw new UserError('The speed is more than 0 and at most 100,000.');
  if (!Number.isFinite(startAtMs)) throw new UserError('The start is an instant such as 2026-10-01T12:00:00Z.');
}

interface Asked {
  readonly farm: Farm;
  readonly target: Target | undefined;
  readonly url: string;
  readonly nowMs: number;
  readonly render: (target: Target) => string | Buffer;
}

function pageOf(request: IncomingMessage, { farm, target, url, nowMs, render }: Asked): Page {
  if (target !== undefined) return { status: 200, type: exposition, body: render(target) };
  const query = new URL(request.url ?? '/', url).searchParams;
  switch (pathOf(request)) {
    case '/':
      return { status: 200, type: text, body: frontPage(farm, url) };
    case '/targets.json':
      return { status: 200, type: json, body: JSON.stringify(serviceDiscovery(farm, url), null, 1) };
    case '/truth.json':
      return truthPage(farm, query, nowMs);
    case '/rigshift.yaml':
      return { status: 200, type: yaml, body: configurationYaml(farm, url) };
    case '/prometheus.yml':
      return prometheusPage(query, url);
    default:
      return { status: 404, type: text, body: `Nothing here; ${url}/ lists what there is.\n` };
  }
}

/** Where time stands still a page never changes; the first so many bytes of them are rendered once. */
function keptPages(render: (target: Target) => string): (target: Target) => Buffer {
  const kept = new Map<Target, Buffer>();
  let bytes = 0;
  return (target) => {
    const known = kept.get(target);
    if (known !== undefined) return known;
    const page = Buffer.from(render(target));
    if (bytes + page.length <= MOST_KEPT_BYTES) {
      kept.set(target, page);
      bytes += page.length;
    }
    return page;
  };
}

function truthPage(farm: Farm, query: URLSearchParams, nowMs: number): Page {
  const from = instant(query.get('from'), farm.options.epochMs);
  const to = instant(query.get('to'), nowMs);
  if (Number.isNaN(from) || Number.isNaN(to) || from > to) {
    return {
      status: 400,
      type: text,
      body: 'from and to are instants such as 2026-10-01T12:00:00Z, from before to.\n',
    };
  }
  return { status: 200, type: json, body: JSON.stringify(farm.truth(to, from)) };
}

function instant(written: string | null, otherwise: number): number {
  return written === null ? otherwise : Date.parse(written);
}

function prometheusPage(query: URLSearchParams, url: string): Page {
  const interval = query.get('interval') ?? '15s';
  if (!/^[1-9]\d{0,5}(?:ms|s|m)$/.test(interval)) {
    return { status: 400, type: text, body: 'interval is a duration such as 15s.\n' };
  }
  return { status: 200, type: yaml, body: prometheusYaml(url, interval) };
}

function frontPage(farm: Farm, url: string): string {
  const { rigs, gpus, seed, zoo } = farm.options;
  return [
    `A simulated farm of ${rigs} rigs with ${gpus} GPUs each${zoo === true ? ' and a zoo' : ''}, seed ${seed}.`,
    `${url}/rigshift.yaml    a configuration for rigshift`,
    `${url}/prometheus.yml   a configuration for Prometheus (?interval=1s)`,
    `${url}/targets.json     its exporters, for service discovery`,
    `${url}/truth.json       what really happened (?from=INSTANT&to=INSTANT)`,
    '',
  ].join('\n');
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0] ?? '/';
}

function answer(request: IncomingMessage, response: ServerResponse, page: () => Page): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end();
    return;
  }
  try {
    const { status, type, body } = page();
    response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
    response.end(request.method === 'HEAD' ? undefined : body);
  } catch (error) {
    response
      .writeHead(500, { 'content-type': text })
      .end(`${error instanceof Error ? error.message : String(error)}\n`);
  }
}
