import { NotSent, RateLimited, SendTimedOut } from '../../src/chat/send-queue.ts';
import { SendFailure } from '../../src/ports/chat.ts';
import { apiCodes, failureOf } from './api-failure.ts';

/** What a failed post, edit or search means to whoever wanted it. */
export function sendFailure(cause: unknown): SendFailure {
  if (cause instanceof SendFailure) return cause;
  if (cause instanceof RateLimited || cause instanceof NotSent) {
    return new SendFailure('not sent', cause.message, { cause, retryAfterMs: cause.retryAfterMs });
  }
  if (cause instanceof SendTimedOut) return new SendFailure('unknown', cause.message, { cause });
  const failure = failureOf(cause);
  switch (failure.kind) {
    case 'limited':
      return new SendFailure('not sent', 'Discord asks to wait', { cause, retryAfterMs: failure.retryAfterMs });
    case 'unauthorised':
      return new SendFailure('not sent', 'Discord refuses the bot token', { cause });
    case 'refused':
      return new SendFailure('refused', failure.message, { cause });
    default:
      return new SendFailure(failure.kind, failure.message, { cause });
  }
}

/** What the admins are told where the bot cannot write into a channel: a key and a sentence. Null where it is nothing of theirs. */
export function channelComplaint(
  cause: unknown,
  channel: string,
): { readonly key: string; readonly text: string } | null {
  const failure = failureOf(cause);
  if (failure.kind !== 'refused') return null;
  switch (failure.code) {
    case apiCodes.missingPermissions:
    case apiCodes.missingAccess:
      return {
        key: `missing permission discord ${channel}`,
        text: `Rigshift may not write in channel ${channel} on Discord (${failure.message}). Give its role View Channel, Send Messages, Send Messages in Threads, Embed Links, Attach Files and Read Message History there.`,
      };
    case apiCodes.unknownChannel:
      return {
        key: `unknown channel discord ${channel}`,
        text: `Channel ${channel} is not on Discord any more, or Rigshift was removed from its server. What should be said there is not said.`,
      };
    case apiCodes.cannotMessageUser:
      return {
        key: `closed direct messages discord ${channel}`,
        text: `Discord does not let Rigshift write to the user of direct channel ${channel}. Set chat.discord.adminChannel, or let the server's members write to you.`,
      };
    default:
      return null;
  }
}
