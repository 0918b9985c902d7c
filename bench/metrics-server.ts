import { dialects } from '../src/data/dialects/index.ts';
import { familiesOf } from '../src/domain/observation/families.ts';
import { type PrometheusServer, startPrometheusServer } from '../test/support/prometheus-server.ts';
import { findProgram } from '../test/support/servers.ts';
import { startVictoriaMetricsServer, victoriaMetricsProgram } from '../test/support/victoria-metrics-server.ts';

/** What a server that keeps metrics says of itself. */
export interface ServerFigures {
  /** Since its start, the whole process. */
  readonly cpuSeconds: number;
  readonly rssBytes: number;
  /** Queries of one instant that it was asked, whatever it answered. */
  readonly queries: number;
}

export interface ScrapingOptions {
  readonly simulatorUrl: string;
  readonly intervalSeconds: number;
  /** It keeps nothing but series with names that some dialect maps. */
  readonly keepsMappedOnly: boolean;
}

const programs = { Prometheus: 'prometheus', VictoriaMetrics: victoriaMetricsProgram } as const;

export type ServerName = keyof typeof programs;

export const serverNames = Object.keys(programs) as readonly ServerName[];

/** Null where its program is not installed. */
export async function startMetricsServer(name: ServerName, options: ScrapingOptions): Promise<PrometheusServer | null> {
  if (findProgram(programs[name]) === null) return null;
  const configYaml = JSON.stringify(await scrapeConfig(options));
  return name === 'Prometheus' ? startPrometheusServer({ configYaml }) : startVictoriaMetricsServer({ configYaml });
}

async function scrapeConfig({ simulatorUrl, intervalSeconds, keepsMappedOnly }: ScrapingOptions): Promise<object> {
  const interval = `${intervalSeconds}s`;
  const targets: unknown = await (await fetch(`${simulatorUrl}/targets.json`)).json();
  const mapped = [...familiesOf(dialects).keys()].join('|');
  return {
    global: { scrape_interval: interval, scrape_timeout: interval },
    scrape_configs: [
      {
        job_name: 'rigs',
        static_configs: targets,
        ...(keepsMappedOnly
          ? { metric_relabel_configs: [{ source_labels: ['__name__'], regex: mapped, action: 'keep' }] }
          : {}),
      },
    ],
  };
}

export async function selfFigures(url: string): Promise<ServerFigures> {
  const page = await selfPage(url);
  const cpuSeconds = sumOf(page, 'process_cpu_seconds_total');
  const rssBytes = sumOf(page, 'process_resident_memory_bytes');
  if (cpuSeconds === null || rssBytes === null) throw new Error(`${url} does not say what it costs`);
  const queries =
    sumOf(page, 'prometheus_http_requests_total', 'handler="/api/v1/query"') ??
    sumOf(page, 'vm_http_requests_total', 'path="/api/v1/query"');
  return { cpuSeconds, rssBytes, queries: queries ?? 0 };
}

/** Samples that its scrapes have found since its start, kept or not. */
export async function scrapedSamples(url: string): Promise<number> {
  const counted = sumOf(await selfPage(url), 'vm_promscrape_scraped_samples_sum');
  if (counted !== null) return counted;
  // Prometheus counts none but those that it kept.
  const body = new URLSearchParams({ query: 'sum(sum_over_time(scrape_samples_scraped[1h]))' });
  const answer = await (await fetch(`${url}/api/v1/query`, { method: 'POST', body })).text();
  return Number(/"value":\[[^,]+,"([^"]+)"\]/.exec(answer)?.[1] ?? 0);
}

async function selfPage(url: string): Promise<string> {
  return (await fetch(`${url}/metrics`)).text();
}

/** Of all series of a name that carry a label; null where there is none. */
function sumOf(page: string, name: string, label = ''): number | null {
  const series = page
    .split('\n')
    .filter((line) => (line.startsWith(`${name} `) || line.startsWith(`${name}{`)) && line.includes(label));
  if (series.length === 0) return null;
  return series.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
