import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPrometheusSource } from '../../adapters/prometheus/source.ts';
import { systemClock } from '../../src/ports/clock.ts';
import { metricsSourceContract } from '../contracts/metrics-source-contract.ts';
import { type FakeExporter, startExporter } from '../support/exporter-farm.ts';
import {
  type PrometheusServer,
  type ScrapedTarget,
  startPrometheusServer,
  until,
} from '../support/prometheus-server.ts';
import { type RecordedTarget, RecordingSinks, record, wholeFamilies } from '../support/recording-sinks.ts';
import { missingServers } from '../support/servers.ts';
import { startVictoriaMetricsServer, victoriaMetricsProgram } from '../support/victoria-metrics-server.ts';

const credentials = { kind: 'none' } as const;

interface Kind {
  readonly name: string;
  readonly program: string;
  readonly start: (options: { targets: readonly ScrapedTarget[] }) => Promise<PrometheusServer>;
  /** See the contract. */
  readonly lossy: boolean;
  /** Series that belong to no target. */
  readonly orphans: number;
}

const kinds: readonly Kind[] = [
  {
    name: 'Prometheus',
    program: 'prometheus',
    start: ({ targets }) => startPrometheusServer({ targets, rules: { recorded: 'vector(1)' } }),
    lossy: false,
    orphans: 1,
  },
  {
    name: 'VictoriaMetrics',
    program: victoriaMetricsProgram,
    start: startVictoriaMetricsServer,
    lossy: true,
    orphans: 0,
  },
];

describe.each(kinds)('with a real $name', ({ name, program, start, lossy }) => {
  describe.skipIf(missingServers(program))('that scrapes', () => {
    metricsSourceContract(
      name,
      async (targets) => {
        const server = await start({
          targets: targets.map(({ url, labels }) => ({ address: new URL(url).host, labels })),
        });
        const source = createPrometheusSource({ url: server.url, credentials, intervalMs: 1_000, clock: systemClock });
        const stop = async () => {
          await source.close();
          await server.stop();
        };
        return { source, stop };
      },
      { lossy },
    );
  });
});

describe.each(kinds)('history of a real $name', ({ program, start, orphans }) => {
  const skipped = missingServers(program);
  const families = wholeFamilies(['counts', 'old_news', 'blinks', 'recorded']);
  let exporter: FakeExporter;
  let server: PrometheusServer;
  let printed = 0;
  const text = () => {
    printed++;
    // A series with the exporter's own time, and one that comes and goes.
    const blinking = printed % 3 === 0 ? `blinks ${printed}\n` : '';
    return `counts{gpu="0"} ${printed}\nold_news ${printed} ${Date.now() - 37}\n${blinking}`;
  };

  beforeAll(async () => {
    if (skipped) return;
    exporter = await startExporter({ kind: 'prints', text });
    const targets = [{ address: exporter.instance, labels: {} }];
    server = await start({ targets });
  });
  afterAll(async () => {
    await server?.stop();
    await exporter?.stop();
  });

  it.skipIf(skipped)('is what was observed then', async () => {
    const source = createPrometheusSource({ url: server.url, credentials, intervalMs: 1_000, clock: systemClock });
    const seen = new Map<number, RecordedTarget>();
    await until(20_000, async () => {
      const { sinks, report } = await record(source, families);
      const [target] = sinks.targets;
      if (target !== undefined && isSettled(report.atMs, target)) seen.set(report.atMs, target);
      if (new Set([...seen.values()].map(scrapedAt)).size === 6) exporter.behaviour = { kind: 'status', status: 500 };
      return target?.outcome.kind === 'failed';
    });
    const seenAt = [...seen.keys()];
    const fromMs = seenAt[0]!;
    const toMs = seenAt.at(-1)!;
    const stepMs = 100;
    const replayed = new Map<number, RecordingSinks>();
    const report = await source.history({
      families,
      fromMs,
      toMs,
      stepMs,
      signal: new AbortController().signal,
      step: async (atMs) => {
        const sinks = new RecordingSinks();
        replayed.set(atMs, sinks);
        return sinks.open;
      },
    });
    await source.close();
    expect([...replayed.keys()]).toEqual(
      Array.from({ length: Math.floor((toMs - fromMs) / stepMs) + 1 }, (_, index) => fromMs + index * stepMs),
    );
    const byScrape = new Map(
      [...replayed].flatMap(([atMs, { targets }]) =>
        targets.filter((target) => isSettled(atMs, target)).map((target) => [scrapedAt(target), target]),
      ),
    );
    for (const target of seen.values()) expect(inOrder(byScrape.get(scrapedAt(target)))).toEqual(inOrder(target));
    expect(new Set([...seen.values()].map(scrapedAt)).size).toBeGreaterThan(2);
    expect([...seen.values()].some(({ samples }) => samples.length === 3)).toBe(true);
    expect([...seen.values()].some(({ samples }) => samples.length === 2)).toBe(true);
    expect(report.warnings).toEqual(
      orphans === 0 ? [] : [`${orphans} series belong to no target with up and are left out`],
    );
    expect(report.incomplete).toBe(false);
  });
});

/** Long after a scrape the next one's samples may come in between two queries, and one with a time of its own does. */
function isSettled(atMs: number, target: RecordedTarget): boolean {
  return target.outcome.kind === 'done' && atMs - target.outcome.atMs < 500;
}

/** The order of series may differ from query to query. */
function inOrder(target: RecordedTarget | undefined): RecordedTarget | undefined {
  return target && { ...target, samples: target.samples.toSorted((a, b) => (a.name < b.name ? -1 : 1)) };
}

function scrapedAt({ outcome }: RecordedTarget): number {
  return outcome.kind === 'done' ? outcome.atMs : 0;
}
