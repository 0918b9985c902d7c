import type { webApi } from '@slack/bolt';
import { RateLimited } from '../../src/chat/send-queue.ts';
import type { Receipt } from '../../src/ports/chat.ts';
import type { SlackApi } from './api.ts';
import { failureOf } from './api-failure.ts';
import type { Said } from './compose.ts';
import type { SlackMethod } from './methods.ts';

export interface NewMessage {
  readonly channel: string;
  /** The parent's ts where it belongs into a thread. */
  readonly thread: string | null;
  /** Names the message: carried hidden, so that it can be found again. */
  readonly key: string;
}

/** What our messages carry: `{ event_type, event_payload: { key } }`. */
export const POST_EVENT = 'rigshift_post';

/** Messages in channels, as work of the send queue. @throws RateLimited, else as SlackApi does. */
export class ChannelMessages {
  readonly #api: SlackApi;

  constructor(api: SlackApi) {
    this.#api = api;
  }

  async post({ channel, thread, key }: NewMessage, said: Said): Promise<Receipt> {
    const answer = await this.#limited<webApi.ChatPostMessageResponse>('chat.postMessage', 'channel', {
      channel,
      ...bodyOf(said),
      ...(thread === null ? {} : { thread_ts: thread }),
      metadata: metadataOf(key),
      unfurl_links: false,
      unfurl_media: false,
    });
    return { channel: answer.channel ?? channel, message: answer.ts ?? '' };
  }

  /** For one person in the channel. */
  async whisper({ channel, thread, user }: { channel: string; thread: string | null; user: string }, said: Said) {
    const place = { channel, user, ...(thread === null ? {} : { thread_ts: thread }) };
    await this.#limited('chat.postEphemeral', 'channel', { ...place, ...bodyOf(said) });
  }

  async update({ channel, message }: Receipt, key: string, said: Said): Promise<Receipt> {
    const place = { channel, ts: message };
    await this.#limited('chat.update', 'class', { ...place, ...bodyOf(said), metadata: metadataOf(key) });
    return { channel, message };
  }

  async #limited<Answer extends webApi.WebAPICallResult>(
    method: SlackMethod,
    scope: RateLimited['scope'],
    args: Readonly<Record<string, unknown>>,
  ): Promise<Answer> {
    try {
      return await this.#api.call<Answer>(method, args);
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind !== 'limited') throw error;
      throw new RateLimited('Slack asks to wait', { retryAfterMs: failure.retryAfterMs, scope });
    }
  }
}

function bodyOf({ text, blocks }: Said) {
  return { text, blocks };
}

function metadataOf(key: string) {
  return { event_type: POST_EVENT, event_payload: { key } };
}
