import { checkReply } from '../../commands/present/check.ts';
import { observeOnce } from '../app/answer-once.ts';
import type { Config } from '../config/parse.ts';
import { dialects } from '../data/dialects/index.ts';
import { UpstreamError } from '../domain/errors.ts';
import { familiesOf } from '../domain/observation/families.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { checkReport } from '../fleet/check/check-report.ts';
import type { CheckedSystem, CheckReport } from '../fleet/check/report.ts';
import { SeriesCount } from '../fleet/check/series-count.ts';
import { systemClock } from '../ports/clock.ts';
import type { MetricsSource } from '../ports/metrics.ts';
import { checkedSystems } from './checked-systems.ts';
import { type Ground, observingAtOnce, openSource, prepare, print } from './outside.ts';
import { printReply } from './print-reply.ts';

/** Looks once at everything that is configured, says what does not fit and changes nothing; returns the exit code. */
export async function check(options: { config?: string; json?: boolean }): Promise<number> {
  const ground = await prepare(options.config);
  const { config, demo } = ground;
  const source = await openSource(observingAtOnce(config), systemClock);
  try {
    const report = await lookAtEverything(ground, source);
    if (options.json === true) await print(process.stdout, `${JSON.stringify(report)}\n`);
    else {
      if (demo) process.stderr.write('demo: a simulated farm, illustrative prices\n');
      await printReply(checkReply(report), config);
    }
    return report.exitCode;
  } finally {
    await Promise.allSettled([source.close(), ground.close()]);
  }
}

async function lookAtEverything(ground: Ground, source: MetricsSource): Promise<CheckReport> {
  const { config } = ground;
  const { farm, metrics, ledger, configPath: configuration } = config;
  const count = new SeriesCount(familiesOf([...dialects, ...metrics.dialects]));
  const [{ snapshot, failure }, asked] = await Promise.all([
    observed(config, count.counting(source)),
    checkedSystems(ground, source),
  ]);
  const systems = failure === null ? asked : withFailure(asked, failure);
  return checkReport({ configuration, farm, metrics, ledger, systems, snapshot, count });
}

async function observed(
  config: Config,
  source: MetricsSource,
): Promise<{ readonly snapshot: Snapshot | null; readonly failure: UpstreamError | null }> {
  try {
    return { snapshot: await observeOnce(config, source), failure: null };
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    return { snapshot: null, failure: error };
  }
}

/** A source that answers a small question and not the large one has failed all the same. */
function withFailure(systems: readonly CheckedSystem[], { system, message }: UpstreamError): readonly CheckedSystem[] {
  const metrics = systems.filter(({ kind }) => kind === 'metrics');
  if (metrics.some(({ failure }) => failure !== null)) return systems;
  const asked = metrics[0] ?? { version: null, latencyMs: null, clockAheadMs: null, address: '', notes: [] };
  return [
    { ...asked, kind: 'metrics', system, failure: message, remedy: null },
    ...systems.filter((one) => one !== metrics[0]),
  ];
}
