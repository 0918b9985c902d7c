import { createHash } from 'node:crypto';
import { type APIMessage, Routes } from 'discord.js';
import { RateLimited } from '../../src/chat/send-queue.ts';
import type { Receipt } from '../../src/ports/chat.ts';
import type { DiscordApi } from './api.ts';
import { failureOf } from './api-failure.ts';
import type { Composed } from './compose.ts';

export interface NewMessage extends Composed {
  readonly channel: string;
  /** Names the message: posted again within some minutes, it is the same one. */
  readonly name: string;
  /** The message it replies to, where that still stands. */
  readonly repliesTo?: string;
}

/** Messages in channels, as work of the send queue. @throws RateLimited, else as discord.js does. */
export class ChannelMessages {
  readonly #api: DiscordApi;

  constructor(api: DiscordApi) {
    this.#api = api;
  }

  async create({ channel, name, repliesTo, body, files }: NewMessage, signal: AbortSignal): Promise<Receipt> {
    const reference = repliesTo === undefined ? null : { message_id: repliesTo, fail_if_not_exists: false };
    const message = await this.#limited({
      method: 'POST',
      route: Routes.channelMessages(channel),
      body: {
        ...body,
        nonce: nonceOf(name),
        enforce_nonce: true,
        ...(reference === null ? {} : { message_reference: reference }),
      },
      files,
      signal,
    });
    return { channel, message: (message as APIMessage).id };
  }

  async edit({ channel, message }: Receipt, { body, files }: Composed, signal: AbortSignal): Promise<Receipt> {
    const route = Routes.channelMessage(channel, message);
    await this.#limited({ method: 'PATCH', route, body, files, signal });
    return { channel, message };
  }

  async #limited(call: Parameters<DiscordApi['call']>[0]): Promise<unknown> {
    try {
      return await this.#api.call(call);
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind !== 'limited') throw error;
      const { retryAfterMs, isGlobal } = failure;
      throw new RateLimited('Discord asks to wait', { retryAfterMs, scope: isGlobal ? 'all' : 'channel' });
    }
  }
}

/** At most 25 characters, as Discord takes them. */
export function nonceOf(name: string): string {
  return createHash('sha256').update(name).digest('base64url').slice(0, 25);
}
