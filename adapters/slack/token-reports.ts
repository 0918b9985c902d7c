import { webApi } from '@slack/bolt';
import type { Clock } from '../../src/ports/clock.ts';
import type { Log } from '../../src/ports/log.ts';
import { clientOptions, SlackApi } from './api.ts';
import { type ApiFailure, failureOf } from './api-failure.ts';

/** What Slack says of one token. */
export interface TokenReport {
  readonly token: 'bot token' | 'app token';
  readonly address: string;
  /** The bot and its workspace; null where Slack did not say. */
  readonly account: string | null;
  /** Of one request; null where it did not answer. */
  readonly latencyMs: number | null;
  readonly failure: string | null;
  readonly remedy: string | null;
}

export interface TokensOptions {
  readonly botToken: string;
  /** Null where Socket Mode is not used. */
  readonly appToken: string | null;
  /** Null for the real one. */
  readonly apiUrl: string | null;
  readonly clock: Clock;
  readonly log: Log;
  readonly limitMs?: number;
}

/** Asks whose the tokens are; connects to nothing, changes nothing, never throws. */
export async function reportTokens(options: TokensOptions): Promise<readonly TokenReport[]> {
  const { botToken, appToken, apiUrl: url, clock, log, limitMs = 10_000 } = options;
  const signal = AbortSignal.timeout(limitMs);
  const api = new SlackApi({ token: botToken, url, requestLimitMs: limitMs, clock, log, signal });
  const bot = report('bot token', url, async () => {
    const { user, team } = await api.call<webApi.AuthTestResponse>('auth.test');
    return `bot ${user} in ${team}`;
  });
  if (appToken === null) return [await bot];
  // The address that it hands out is for one connection and is forgotten unused.
  const client = new webApi.WebClient(appToken, clientOptions({ url, requestLimitMs: limitMs, log, signal }));
  const app = report('app token', url, async () => {
    await client.apiCall('apps.connections.open');
    return 'Socket Mode';
  });
  return Promise.all([bot, app]);
}

async function report(
  token: TokenReport['token'],
  url: string | null,
  ask: () => Promise<string>,
): Promise<TokenReport> {
  const place = { token, address: url ?? 'https://slack.com/api/' };
  try {
    const startedMs = performance.now();
    const account = await ask();
    return { ...place, account, latencyMs: performance.now() - startedMs, failure: null, remedy: null };
  } catch (error) {
    return { ...place, account: null, latencyMs: null, ...inWords(token, failureOf(error)) };
  }
}

function inWords(token: TokenReport['token'], failure: ApiFailure): Pick<TokenReport, 'failure' | 'remedy'> {
  const variable = token === 'bot token' ? 'SLACK_BOT_TOKEN (xoxb-…)' : 'SLACK_APP_TOKEN (xapp-…)';
  switch (failure.kind) {
    case 'unauthorised':
      return { failure: `Slack refuses the ${token}: ${failure.code}`, remedy: `copy it anew into ${variable}` };
    case 'limited':
      return { failure: 'Slack asks to wait', remedy: 'check again in a minute' };
    case 'refused':
      return { failure: `Slack refuses the ${token}: ${failure.message}`, remedy: `check ${variable}` };
    default:
      return { failure: `Slack cannot be reached: ${failure.message}`, remedy: null };
  }
}
