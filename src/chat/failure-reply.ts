import type { UpstreamError, UserError } from '../domain/errors.ts';
import type { Presentation } from './command.ts';
import { formatDuration } from './format.ts';
import type { Invocation } from './invocation.ts';
import type { Reply, Suggestion } from './reply.ts';

type Locale = Pick<Presentation, 'locale'>;

function textReply(headline: string, lines: readonly string[], next: readonly Suggestion[]): Reply {
  const text = lines.filter((line) => line !== '').join('\n');
  return { headline, blocks: text === '' ? [] : [{ kind: 'text', text }], next };
}

/** What is wrong, where, and what to type instead; `command` is the name of the command that was meant, if any. */
export function mistakeReply(error: UserError, command: string | null): Reply {
  const [headline = '', ...excerpt] = error.message.split('\n');
  const help = command === null ? 'help' : `help ${command}`;
  return textReply(headline, [...excerpt, error.remedy ?? ''], [{ label: 'Help', command: help }]);
}

function again({ text }: Invocation): Suggestion {
  return { label: 'Try again', command: text.trim() };
}

export function upstreamReply(error: UpstreamError, invocation: Invocation, locale: Locale): Reply {
  const wait = error.retryAfterMs === null ? 'in a moment' : `in ${formatDuration(error.retryAfterMs, locale)}`;
  const remedy = error.retryable ? `Try again ${wait}.` : 'Asking again will not help before somebody mends it.';
  const headline = `No answer, because ${error.system} failed.`;
  return textReply(headline, [error.message, remedy], error.retryable ? [again(invocation)] : []);
}

export function timeLimitReply(timeLimitMs: number, invocation: Invocation, locale: Locale): Reply {
  const headline = `No answer within ${formatDuration(timeLimitMs, locale)}, so this was given up.`;
  return textReply(headline, ['Try again in a moment, or ask for less: one site or one rig.'], [again(invocation)]);
}

/** `failureId` is what the log has, too. */
export function bugReply(failureId: string): Reply {
  const headline = `No answer, because of a mistake in Rigshift (${failureId}).`;
  return textReply(headline, [`The log says more; look for ${failureId}. Other questions still work.`], []);
}
