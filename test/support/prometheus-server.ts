import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, startServer } from './server-process.ts';

export { until } from './server-process.ts';

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
  /** For one that comes back where it was. */
  readonly port?: number;
}

/** A real Prometheus on a free port of loopback with a storage of its own; throws where it does not start in time. */
export async function startPrometheusServer(options: PrometheusServerOptions): Promise<PrometheusServer> {
  const folder = await mkdtemp(join(tmpdir(), 'rigshift-prometheus-'));
  const removeFolder = () => rm(folder, { recursive: true, force: true });
  await writeFile(join(folder, 'prometheus.yml'), options.configYaml ?? JSON.stringify(serverConfig(options)));
  await writeFile(join(folder, 'rules.yml'), JSON.stringify(rulesFile(options.rules ?? {})));
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const args = [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${options.storagePath ?? join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--log.level=error',
    ...(options.flags ?? []),
  ];
  try {
    const server = await startServer({ program: 'prometheus', args, readyUrl: `${url}/-/ready` });
    return { url, stop: () => server.stop().then(removeFolder) };
  } catch (error) {
    await removeFolder();
    throw error;
  }
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
