import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exposition } from './prometheus-blocks.ts';
import type { PrometheusServer, ScrapedTarget } from './prometheus-server.ts';
import type { RecordedScrape } from './recorded-scrapes.ts';
import { freePort, startServer, until } from './server-process.ts';

export interface VictoriaMetricsOptions {
  /** Scraped by the server itself. */
  readonly targets?: readonly ScrapedTarget[];
  /** A whole scrape configuration, instead of what is made of `targets`. */
  readonly configYaml?: string;
  readonly scrapeIntervalSeconds?: number;
  readonly flags?: readonly string[];
}

export const victoriaMetricsProgram = 'victoria-metrics';

/** A real VictoriaMetrics of one node on a free port of loopback with a storage of its own. */
export async function startVictoriaMetricsServer(options: VictoriaMetricsOptions = {}): Promise<PrometheusServer> {
  const { targets = [], scrapeIntervalSeconds = 1, flags = [] } = options;
  const folder = await mkdtemp(join(tmpdir(), 'rigshift-victoria-metrics-'));
  const removeFolder = () => rm(folder, { recursive: true, force: true });
  const interval = `${scrapeIntervalSeconds}s`;
  const config = {
    global: { scrape_interval: interval, scrape_timeout: interval },
    scrape_configs: [
      {
        job_name: 'rigs',
        static_configs: targets.map(({ address, labels }) => ({ targets: [address], labels })),
      },
    ],
  };
  await writeFile(join(folder, 'scrape.yml'), options.configYaml ?? JSON.stringify(config));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const args = [
    `-promscrape.config=${join(folder, 'scrape.yml')}`,
    `-storageDataPath=${join(folder, 'data')}`,
    `-httpListenAddr=127.0.0.1:${port}`,
    // Days that tests bring along are older than the month that is kept otherwise.
    '-retentionPeriod=100y',
    '-loggerLevel=ERROR',
    ...flags,
  ];
  try {
    const server = await startServer({ program: victoriaMetricsProgram, args, readyUrl: `${url}/health` });
    return { url, stop: () => server.stop().then(removeFolder) };
  } catch (error) {
    await removeFolder();
    throw error;
  }
}

/** Gives a server what another one would have stored of these scrapes, and waits until it finds all of it. */
export async function importScrapes(url: string, scrapes: readonly RecordedScrape[]): Promise<void> {
  for (const part of exposition(scrapes, (atMs) => `${atMs}`)) {
    const response = await fetch(`${url}/api/v1/import/prometheus`, { method: 'POST', body: part });
    if (!response.ok) throw new Error(`the import was refused: ${await response.text()}`);
    await response.body?.cancel();
  }
  const [first, last] = [scrapes[0]?.atMs ?? 0, scrapes.at(-1)?.atMs ?? 0];
  const counting = new URLSearchParams({
    query: `sum(count_over_time(up[${last - first + 1000}ms]))`,
    time: `${(last + 1) / 1000}`,
    nocache: '1',
  });
  await until(30_000, async () => {
    const answer = await (await fetch(`${url}/api/v1/query`, { method: 'POST', body: counting })).text();
    return answer.includes(`"${scrapes.length}"`);
  });
}
