import type { Config } from '../config/parse.ts';
import type { CheckedSystem } from '../fleet/check/report.ts';
import { systemClock } from '../ports/clock.ts';
import type { MetricsSource } from '../ports/metrics.ts';
import { type Ground, openLog } from './outside.ts';

/** Asks every system that is configured how it is: each within its time limit, all at once. Writes nothing. */
export async function checkedSystems(ground: Ground, source: MetricsSource): Promise<readonly CheckedSystem[]> {
  const { config, demo } = ground;
  const { discordToken, slackBotToken, alertmanagerUrl } = config.environment;
  const systems = await Promise.all([
    metricsSystems(source, config),
    // The demo's store is forgotten with it.
    demo ? [] : storeSystem(config),
    discordToken === null ? [] : discordSystem(discordToken, config),
    slackBotToken === null ? [] : slackSystems(slackBotToken, config),
    alertmanagerUrl === null
      ? []
      : [{ ...unasked, kind: 'alerts', system: 'alertmanager', address: alertmanagerUrl } as const],
  ]);
  return systems.flat();
}

const unasked = { version: null, latencyMs: null, clockAheadMs: null, failure: null, remedy: null, notes: [] };

async function metricsSystems(source: MetricsSource, { metrics }: Config): Promise<CheckedSystem[]> {
  // A query may take its whole time, and there is more than one.
  const limitMs = 2 * metrics.source.timeoutMs + 1_000;
  const signal = AbortSignal.timeout(limitMs);
  try {
    const reports = await source.inspect(signal);
    return reports.map(({ assumptions, ...report }) => ({
      ...report,
      kind: 'metrics',
      remedy: null,
      notes: assumptions,
    }));
  } catch (error) {
    if (!signal.aborted) throw error;
    const failure = `no answer within ${limitMs / 1000} s`;
    return [{ ...unasked, kind: 'metrics', system: source.kind, address: '', failure }];
  }
}

const schemaNotes = {
  none: ['is empty: the server will prepare it'],
  older: ['was written by an older version: the server will bring it up to date'],
  current: [],
};

async function storeSystem({ environment, farm }: Config): Promise<CheckedSystem[]> {
  const { inspectStore } = await import('../../adapters/store/inspect-store.ts');
  const inspection = await inspectStore(environment.databaseUrl, farm.name);
  const { system, address, version, latencyMs, schema, served, failure, remedy } = inspection;
  const notes = [...(schema === null ? [] : schemaNotes[schema]), ...(served === true ? ['a server has it open'] : [])];
  return [{ ...unasked, kind: 'store', system, address, version, latencyMs, failure, remedy, notes }];
}

async function discordSystem(token: string, config: Config): Promise<CheckedSystem[]> {
  const { reportToken } = await import('../../adapters/discord/token-report.ts');
  const log = await openLog(config, 'silent');
  const apiUrl = config.environment.discordApiUrl;
  const { account, ...report } = await reportToken({ token, apiUrl, clock: systemClock, log });
  return [{ ...unasked, ...report, kind: 'platform', system: 'Discord', version: account }];
}

async function slackSystems(botToken: string, config: Config): Promise<CheckedSystem[]> {
  const { reportTokens } = await import('../../adapters/slack/token-reports.ts');
  const log = await openLog(config, 'silent');
  const { slackAppToken: appToken, slackApiUrl: apiUrl } = config.environment;
  const reports = await reportTokens({ botToken, appToken, apiUrl, clock: systemClock, log });
  return reports.map(({ token, account, ...report }) => ({
    ...unasked,
    ...report,
    kind: 'platform',
    system: `Slack ${token}`,
    version: account,
  }));
}
