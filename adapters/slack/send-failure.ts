import { NotSent, RateLimited, SendTimedOut } from '../../src/chat/send-queue.ts';
import { SendFailure } from '../../src/ports/chat.ts';
import { failureOf } from './api-failure.ts';

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
      return new SendFailure('not sent', 'Slack asks to wait', { cause, retryAfterMs: failure.retryAfterMs });
    case 'unauthorised':
      return new SendFailure('not sent', 'Slack refuses the bot token', { cause });
    default:
      return new SendFailure(failure.kind, failure.message, { cause });
  }
}

/** https://docs.slack.dev/reference/methods/chat.postMessage#errors: those that somebody in the workspace can mend. */
const complaints: Readonly<Record<string, (channel: string) => string>> = {
  not_in_channel: (channel) =>
    `Rigshift is not in channel ${channel} on Slack. Invite it there: /invite @Rigshift. What should be said there is not said.`,
  channel_not_found: (channel) =>
    `There is no channel ${channel} on Slack that Rigshift can see. If it is private, invite Rigshift there: /invite @Rigshift. What should be said there is not said.`,
  is_archived: (channel) =>
    `Channel ${channel} on Slack is archived. What should be said there is not said: unarchive it, or name another one.`,
  is_inactive: (channel) =>
    `Channel ${channel} on Slack is archived. What should be changed there is not changed: unarchive it, or name another one.`,
  restricted_action: (channel) =>
    `The settings of Slack's channel ${channel} do not let Rigshift post there. Allow it in the channel's posting permissions.`,
  missing_scope: (channel) =>
    `The Slack app lacks a scope that Rigshift needs in channel ${channel}. Install it again with deploy/slack/manifest.yaml.`,
  messages_tab_disabled: () =>
    'The Slack app takes no direct messages: switch its Messages tab on, as deploy/slack/manifest.yaml does.',
};

/** What the admins are told where the bot cannot write into a channel: a key and a sentence. Null where it is nothing of theirs. */
export function channelComplaint(
  cause: unknown,
  channel: string,
): { readonly key: string; readonly text: string } | null {
  const failure = failureOf(cause);
  const sentence = failure.kind === 'refused' ? complaints[failure.code] : undefined;
  if (failure.kind !== 'refused' || sentence === undefined) return null;
  return { key: `${failure.code} slack ${channel}`, text: sentence(channel) };
}
