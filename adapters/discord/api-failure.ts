import { DiscordAPIError, HTTPError, RateLimitError } from 'discord.js';
import { isConnectError, isOwnMistake } from '../../src/chat/call-errors.ts';

/** https://discord.com/developers/docs/topics/opcodes-and-status-codes#json, those that mean something here. */
export const apiCodes = {
  unknownChannel: 10003,
  unknownMessage: 10008,
  unknownWebhook: 10015,
  unknownInteraction: 10062,
  requestTooLarge: 40005,
  alreadyAcknowledged: 40060,
  missingAccess: 50001,
  cannotMessageUser: 50007,
  missingPermissions: 50013,
  invalidWebhookToken: 50027,
} as const;

/**
 * What a failed call means. `refused`: Discord understood and said no, so it was not done and will not be; `not sent`: for
 * certain it never reached Discord; `unknown`: it may have been done.
 */
export type ApiFailure =
  | { readonly kind: 'limited'; readonly retryAfterMs: number; readonly isGlobal: boolean }
  | { readonly kind: 'refused'; readonly code: number; readonly message: string }
  | { readonly kind: 'unauthorised' }
  | { readonly kind: 'not sent'; readonly message: string }
  | { readonly kind: 'unknown'; readonly message: string };

export function failureOf(error: unknown): ApiFailure {
  if (error instanceof RateLimitError) {
    const retryAfterMs = error.retryAfter > 0 ? error.retryAfter : error.timeToReset;
    return { kind: 'limited', retryAfterMs: Math.max(0, retryAfterMs), isGlobal: error.global };
  }
  if (error instanceof DiscordAPIError) {
    const code = Number(error.code);
    // An interaction's token that is over is a 401 too, and says nothing of the bot's.
    if (error.status === 401 && code !== apiCodes.invalidWebhookToken) return { kind: 'unauthorised' };
    return { kind: 'refused', code: Number.isFinite(code) ? code : 0, message: error.message };
  }
  if (error instanceof HTTPError) return { kind: 'unknown', message: `status ${error.status}` };
  // Our own mistake is none of the network's: it is not tried again, and whoever waits is told.
  if (isOwnMistake(error)) return { kind: 'refused', code: 0, message: 'a mistake in Rigshift' };
  const message = error instanceof Error ? error.message : String(error);
  return { kind: isConnectError(error) ? 'not sent' : 'unknown', message };
}

/** Whether Discord refused with one of these codes. */
export function isRefusal(error: unknown, ...codes: readonly number[]): boolean {
  const failure = failureOf(error);
  return failure.kind === 'refused' && codes.includes(failure.code);
}

/** Whether the bot lacks a permission, or may not see the place at all. */
export function lacksPermission(error: unknown): boolean {
  return isRefusal(error, apiCodes.missingPermissions, apiCodes.missingAccess);
}
