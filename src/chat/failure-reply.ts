import type { UpstreamError, UserError } from '../domain/errors.ts';
import { formatDuration, type Reader } from './format.ts';
import type { Invocation } from './invocation.ts';
import type { Reply, Suggestion } from './reply.ts';

function textReply(headline: string, lines: readonly string[], next: readonly Suggestion[]): Reply {
  const text = lines.filter((line) => line !== '').join('\n');
  return { headline, blocks: text === '' ? [] : [{ kind: 'text', text }], next };
}

/** What is wrong, where, and what to type instead; `command` is the name of the command that was meant, if any. */
export function mistakeReply(error: UserError, command: string | null, { say }: Reader): Reply {
  const [headline = '', ...excerpt] = error.message.split('\n');
  const remedy = error.remedy === null ? '' : say.sentence(error.remedy);
  const help = command === null ? 'help' : `help ${command}`;
  return textReply(say.sentence(headline), [...excerpt, remedy], [{ label: say('Help'), command: help }]);
}

function again({ text }: Invocation, { say }: Reader): Suggestion {
  return { label: say('Try again'), command: text.trim() };
}

export function upstreamReply(error: UpstreamError, invocation: Invocation, reader: Reader): Reply {
  const { say } = reader;
  const headline = say('No answer, because {system} failed.', { system: error.system });
  const what = say.sentence(error.message);
  if (!error.retryable) {
    return textReply(headline, [what, say('Asking again will not help before somebody mends it.')], []);
  }
  const remedy =
    error.retryAfterMs === null
      ? say('Try again in a moment.')
      : say('Try again in {wait}.', { wait: formatDuration(error.retryAfterMs, reader) });
  return textReply(headline, [what, remedy], [again(invocation, reader)]);
}

export function timeLimitReply(timeLimitMs: number, invocation: Invocation, reader: Reader): Reply {
  const { say } = reader;
  const headline = say('No answer within {limit}, so this was given up.', {
    limit: formatDuration(timeLimitMs, reader),
  });
  const remedy = say('Try again in a moment, or ask for less: one site or one rig.');
  return textReply(headline, [remedy], [again(invocation, reader)]);
}

/** For what changes something: it goes on and may still be done, so nobody is invited to do it again. */
export function unfinishedReply(timeLimitMs: number, _invocation: Invocation, reader: Reader): Reply {
  const { say } = reader;
  const limit = formatDuration(timeLimitMs, reader);
  const headline = say('Not done within {limit}: whether it will be is unknown.', { limit });
  return textReply(headline, [say('Look whether it was done before you ask again.')], []);
}

/** `failureId` is what the log has, too. */
export function bugReply(failureId: string, { say }: Reader): Reply {
  const headline = say('No answer, because of a mistake in Rigshift ({failureId}).', { failureId });
  const text = say('The log says more; look for {failureId}. Other questions still work.', { failureId });
  return textReply(headline, [text], []);
}
