import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from './servers.ts';

export interface PrometheusServer {
  readonly url: string;
  stop(): Promise<void>;
}

export interface ScrapedTarget {
  /** `host:port`. */
  readonly address: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface PrometheusServerOptions {
  readonly targets?: readonly ScrapedTarget[];
  /** A whole configuration file, instead of what is made of `targets`, `job` and `rules`. */
  readonly configYaml?: string;
  readonly scrapeIntervalSeconds?: number;
  readonly job?: string;
  /** Recording rules: name to expression. */
  readonly rules?: Readonly<Record<string, string>>;
  /** A folder with blocks to start on; otherwise an empty one. */
  readonly storagePath?: string;
  readonly flags?: readonly string[];
}

const startLimitMs = 15_000;
const stopLimitMs = 5_000;

/** A real Prometheus on a free port of loopback with a storage of its own; throws where it does not start in time. */
export async function startPrometheusServer(options: PrometheusServerOptions): Promise<PrometheusServer> {
  const program = findProgram('prometheus');
  if (program === null) throw new Error('the program prometheus is not installed');
  const folder = await mkdtemp(join(tmpdir(), 'rigshift-prometheus-'));
  const port = await freePort();
  await writeFile(join(folder, 'prometheus.yml'), options.configYaml ?? JSON.stringify(serverConfig(options)));
  await writeFile(join(folder, 'rules.yml'), JSON.stringify(rulesFile(options.rules ?? {})));
  const server = spawn(
    program,
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${options.storagePath ?? join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
      ...(options.flags ?? []),
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  server.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-2_000);
  });
  const stop = async () => {
    await stopProcess(server);
    await rm(folder, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    await until(startLimitMs, async () => server.exitCode !== null || (await answers(`${url}/-/ready`)));
    if (server.exitCode !== null) throw new Error(`prometheus ended with ${server.exitCode}`);
  } catch (error) {
    await stop();
    throw new Error(`prometheus did not start: ${error instanceof Error ? error.message : error}\n${said}`);
  }
  return { url, stop };
}

function serverConfig({ targets = [], scrapeIntervalSeconds = 1, job = 'rigs' }: PrometheusServerOptions): object {
  const interval = `${scrapeIntervalSeconds}s`;
  return {
    global: { scrape_interval: interval, scrape_timeout: interval, evaluation_interval: interval },
    rule_files: ['rules.yml'],
    scrape_configs: [
      {
        job_name: job,
        static_configs: targets.map(({ address, labels }) => ({ targets: [address], labels })),
      },
    ],
  };
}

function rulesFile(rules: Readonly<Record<string, string>>): object {
  const recorded = Object.entries(rules).map(([record, expr]) => ({ record, expr }));
  return { groups: recorded.length === 0 ? [] : [{ name: 'recorded', rules: recorded }] };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

async function stopProcess(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  server.kill('SIGTERM');
  const timer = setTimeout(() => server.kill('SIGKILL'), stopLimitMs);
  await ended;
  clearTimeout(timer);
}

/** Asks again every few milliseconds until the condition holds; throws after the limit. */
export async function until(limitMs: number, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`it did not happen within ${limitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
