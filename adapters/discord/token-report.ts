import { type APIApplication, type APIUser, Routes } from 'discord.js';
import type { Clock } from '../../src/ports/clock.ts';
import type { Log } from '../../src/ports/log.ts';
import { DiscordApi } from './api.ts';
import { type ApiFailure, failureOf } from './api-failure.ts';

/** What Discord says of a token. */
export interface TokenReport {
  readonly address: string;
  /** The bot and its application; null where Discord did not say. */
  readonly account: string | null;
  /** Of one request; null where it did not answer. */
  readonly latencyMs: number | null;
  readonly failure: string | null;
  readonly remedy: string | null;
}

export interface TokenOptions {
  readonly token: string;
  /** Null for the real one. */
  readonly apiUrl: string | null;
  readonly clock: Clock;
  readonly log: Log;
  readonly limitMs?: number;
}

/** Asks whose the token is; connects to nothing, changes nothing, never throws. */
export async function reportToken({ token, apiUrl, clock, log, limitMs = 10_000 }: TokenOptions): Promise<TokenReport> {
  const address = apiUrl ?? 'https://discord.com/api';
  const signal = AbortSignal.timeout(limitMs);
  const api = new DiscordApi({ token, url: apiUrl, requestLimitMs: limitMs, refusalMs: 0, clock, log, signal });
  try {
    const startedMs = performance.now();
    const user = (await api.call({ method: 'GET', route: Routes.user() })) as APIUser;
    const latencyMs = performance.now() - startedMs;
    const application = (await api.call({ method: 'GET', route: Routes.currentApplication() })) as APIApplication;
    const account = `bot ${user.username} of application ${application.name}`;
    return { address, account, latencyMs, failure: null, remedy: null };
  } catch (error) {
    return { address, account: null, latencyMs: null, ...inWords(failureOf(error)) };
  }
}

function inWords(failure: ApiFailure): Pick<TokenReport, 'failure' | 'remedy'> {
  switch (failure.kind) {
    case 'unauthorised':
      return {
        failure: 'Discord refuses the token',
        remedy: 'copy the token of the bot anew into DISCORD_TOKEN (Developer Portal, Bot, Reset Token)',
      };
    case 'limited':
      return { failure: 'Discord asks to wait', remedy: 'check again in a minute' };
    case 'refused':
      return {
        failure: `Discord refuses to say whose the token is: ${failure.message}`,
        remedy: 'check DISCORD_TOKEN',
      };
    default:
      return { failure: `Discord cannot be reached: ${failure.message}`, remedy: null };
  }
}
