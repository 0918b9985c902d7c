import { z } from 'zod';
import { UpstreamError } from '../../src/domain/errors.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { SystemReport } from '../../src/ports/metrics.ts';
import type { PrometheusClient } from './client.ts';
import { askTime } from './server-clock.ts';
import type { UpTarget } from './up-targets.ts';

export interface Inspection {
  readonly client: PrometheusClient;
  readonly clock: Clock;
  readonly intervalMs: number;
  readonly windowMs: number;
  readonly targets: (signal: AbortSignal) => Promise<readonly UpTarget[]>;
}

const buildSchema = z.object({
  data: z.object({ application: z.string().optional(), version: z.string().optional() }),
});

const wholeSeconds = 'the server tells its time in whole seconds: a difference below one second is not seen';

/** What a server says of itself, and what is taken for granted about it. */
export async function inspectServer(inspection: Inspection, signal: AbortSignal): Promise<SystemReport> {
  const { client, clock } = inspection;
  const report = { system: 'prometheus', address: client.connection.origin };
  try {
    // The first request pays for the connection.
    await askTime(client, clock, signal);
    const { latencyMs, aheadMs, isInSeconds } = await askTime(client, clock, signal);
    const clockAheadMs = isInSeconds && Math.abs(aheadMs) <= 500 ? 0 : Math.round(aheadMs);
    const version = await askVersion(client, signal);
    const assumptions = [
      ...(isInSeconds ? [wholeSeconds] : []),
      ...intervalAssumptions(await inspection.targets(signal), inspection),
    ];
    return { ...report, version, latencyMs, clockAheadMs, failure: null, assumptions };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof UpstreamError)) throw error;
    return {
      ...report,
      version: null,
      latencyMs: null,
      clockAheadMs: null,
      failure: error.message,
      assumptions: [],
    };
  }
}

/** Null where it keeps its version to itself, or something on the way does. */
async function askVersion(client: PrometheusClient, signal: AbortSignal): Promise<string | null> {
  try {
    const { body, isVictoriaMetrics } = await client.json('/api/v1/status/buildinfo', null, signal);
    if (isVictoriaMetrics) return await victoriaMetrics(client, signal);
    const parsed = buildSchema.safeParse(body);
    if (!parsed.success || parsed.data.data.version === undefined) return null;
    const { application, version } = parsed.data.data;
    return `${application ?? productOf(version)} ${version}`;
  } catch (error) {
    if (error instanceof UpstreamError) return null;
    throw error;
  }
}

/** Thanos gives no name; Prometheus answers this since 2.14. */
function productOf(version: string): string {
  return version.startsWith('0.') ? 'Thanos' : 'Prometheus';
}

/** It answers with a Prometheus version for the sake of others, and prints its own. */
async function victoriaMetrics(client: PrometheusClient, signal: AbortSignal): Promise<string> {
  const page = await client.text('/metrics', signal).catch((error: unknown) => {
    if (error instanceof UpstreamError) return '';
    throw error;
  });
  const version = /^vm_app_version\{.*\bshort_version="(?<version>[^"]+)"/m.exec(page)?.groups?.['version'];
  return version === undefined ? 'VictoriaMetrics' : `VictoriaMetrics ${version}`;
}

function intervalAssumptions(targets: readonly UpTarget[], { intervalMs, windowMs }: Inspection): readonly string[] {
  const looksBack = `a series counts for ${windowMs / 1000} s after its last sample, three times metrics.interval`;
  const spacingMs = medianSpacingMs(targets);
  const configured = `metrics.interval is ${intervalMs / 1000} s`;
  if (spacingMs === null) {
    return [
      looksBack,
      `${configured}: whether the server scrapes as often is not known, no target was scraped twice lately`,
    ];
  }
  const every = `the server scrapes every ${Math.round(spacingMs / 1000)} s`;
  if (spacingMs > 1.2 * intervalMs) {
    return [looksBack, `${every}, but ${configured}: set it to what the server does, or targets seem gone too early`];
  }
  if (spacingMs < 0.8 * intervalMs) return [looksBack, `${every}, but ${configured}: the scrapes between are not read`];
  return [looksBack];
}

/** Half of the targets are scraped at most so often; null where none was scraped twice. */
export function medianSpacingMs(targets: readonly UpTarget[]): number | null {
  const spacings = targets
    .filter(({ times }) => times.length > 1)
    .map(({ times }) => (times.at(-1)! - times[0]!) / (times.length - 1))
    .sort((a, b) => a - b);
  return spacings[Math.floor(spacings.length / 2)] ?? null;
}
