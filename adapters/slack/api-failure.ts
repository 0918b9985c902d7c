import { webApi } from '@slack/bolt';
import { isConnectError, isOwnMistake } from '../../src/chat/call-errors.ts';
import { NotSent, RateLimited } from '../../src/chat/send-queue.ts';

/**
 * What a failed call means. `refused`: Slack understood and said no, so it was not done and will not be; `not sent`: for certain
 * it never reached Slack; `unknown`: it may have been done.
 */
export type ApiFailure =
  | { readonly kind: 'limited'; readonly retryAfterMs: number }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  | { readonly kind: 'unauthorised'; readonly code: string }
  | { readonly kind: 'not sent'; readonly message: string }
  | { readonly kind: 'unknown'; readonly message: string };

/** Errors of every method, https://docs.slack.dev/reference/methods/chat.postMessage#errors: those of the token. */
const tokenErrors = new Set([
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'not_allowed_token_type',
]);

/** Slack's own failures; of `fatal_error` it says that some of the operation may have been done. */
const ownErrors = new Set(['internal_error', 'fatal_error', 'request_timeout', 'service_unavailable']);

const limitErrors = new Set(['ratelimited', 'rate_limited']);
/** Where Slack gives no time. */
const USUAL_RETRY_MS = 5_000;

export function failureOf(error: unknown): ApiFailure {
  if (error instanceof webApi.WebAPIRateLimitedError) {
    return { kind: 'limited', retryAfterMs: Math.max(0, error.retryAfter * 1_000) };
  }
  if (error instanceof webApi.WebAPIPlatformError) return platformFailure(String(error.data.error), error.data);
  if (error instanceof webApi.WebAPIHTTPError) {
    // A body that is too large is one that will never be taken.
    const isRefused = error.statusCode === 413;
    const message = `status ${error.statusCode}`;
    return isRefused ? { kind: 'refused', code: 'too_large', message } : { kind: 'unknown', message };
  }
  // Our own mistake is none of the network's: it is not tried again, and whoever waits is told.
  if (isOwnMistake(error)) return { kind: 'refused', code: 'mistake', message: 'a mistake in Rigshift' };
  if (error instanceof RateLimited) return { kind: 'limited', retryAfterMs: error.retryAfterMs };
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof NotSent) return { kind: 'not sent', message };
  return { kind: isConnectError(error) ? 'not sent' : 'unknown', message };
}

function platformFailure(code: string, { response_metadata }: webApi.WebAPICallResult): ApiFailure {
  if (tokenErrors.has(code)) return { kind: 'unauthorised', code };
  if (limitErrors.has(code)) return { kind: 'limited', retryAfterMs: USUAL_RETRY_MS };
  // What is no code is the page of something between Slack and here.
  if (ownErrors.has(code) || !/^[a-z][a-z0-9_]*$/.test(code)) return { kind: 'unknown', message: code.slice(0, 200) };
  const details = response_metadata?.messages ?? [];
  return { kind: 'refused', code, message: [code, ...details].join(' ').slice(0, 500) };
}

/** Whether Slack refused with one of these codes. */
export function isRefusal(error: unknown, ...codes: readonly string[]): boolean {
  const failure = failureOf(error);
  return failure.kind === 'refused' && codes.includes(failure.code);
}

/** What Slack says where the bot is not in a channel, or may not see that there is one. */
export const notThere = ['not_in_channel', 'channel_not_found'] as const;
