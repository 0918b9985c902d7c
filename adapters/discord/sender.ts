import type { SendQueue } from '../../src/chat/send-queue.ts';
import {
  type ChatHost,
  type ChatSender,
  type Found,
  type Post,
  type Receipt,
  SendFailure,
} from '../../src/ports/chat.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Log } from '../../src/ports/log.ts';
import type { DiscordApi } from './api.ts';
import type { ApplicationFacts } from './application.ts';
import { ChannelMessages, type NewMessage } from './channel-messages.ts';
import type { Compose, Composed } from './compose.ts';
import { findPost } from './history.ts';
import type { Pace } from './pace.ts';
import { persist } from './persist.ts';
import { channelComplaint, sendFailure } from './send-failure.ts';

export interface SenderOptions {
  readonly api: DiscordApi;
  readonly queue: SendQueue;
  readonly compose: Compose;
  readonly application: ApplicationFacts;
  readonly host: Pick<ChatHost, 'tellAdmins'>;
  /** Null: the admins are told in the direct channel of the application's owner. */
  readonly adminChannel: string | null;
  readonly mayReadHistory: (channel: string) => boolean | null;
  readonly pace: Pace;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Discord knows a message's nonce for "the past few minutes": so long may the same one be tried again. */
const NONCE_MS = 100_000;
const SEARCH_MS = 20_000;

/** Everything that is written into channels, one message at a time in each. */
export class DiscordSender implements ChatSender {
  readonly platform = 'discord';
  readonly #options: SenderOptions;
  readonly #messages: ChannelMessages;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#messages = new ChannelMessages(options.api);
  }

  async send(post: Post, priority: Parameters<ChatSender['send']>[1]): Promise<Receipt> {
    const channel = await this.#channelOf(post.channel);
    const { queue } = this.#options;
    const composed = await this.#compose(post);
    const message: NewMessage = { ...composed, channel, name: post.key };
    const work = (signal: AbortSignal) => this.#messages.create(message, signal);
    return await this.#checked(channel, () => queue.run({ channel, priority, work }));
  }

  async edit(receipt: Receipt, post: Post): Promise<Receipt> {
    const { channel, message } = receipt;
    const { queue } = this.#options;
    const composed = await this.#compose(post);
    const work = (signal: AbortSignal) => this.#messages.edit(receipt, composed, signal);
    return await this.#checked(channel, () => queue.run({ channel, priority: 'edit', coalesce: message, work }));
  }

  async find({ key, channel, sinceMs }: Parameters<ChatSender['find']>[0]): Promise<Found> {
    const { api, application, adminChannel, mayReadHistory } = this.#options;
    const place = await this.#channelOf(channel);
    // A session knows no direct channel before something is said in it; what is said there, both may always read.
    const mayRead = channel === 'admins' && adminChannel === null ? () => true : mayReadHistory;
    try {
      return await this.#persist(SEARCH_MS, async () => {
        const { botId } = await application.get();
        return await findPost({ key, channel: place, sinceMs, botId }, api, mayRead);
      });
    } catch (error) {
      throw sendFailure(error);
    }
  }

  /** Answers somebody in a channel, tried again for as long as that cannot be said twice. @throws SendFailure */
  async say(message: NewMessage): Promise<void> {
    const { queue } = this.#options;
    const { channel } = message;
    const work = (signal: AbortSignal) => this.#messages.create(message, signal);
    const run = () => queue.run({ channel, priority: 'reply', work });
    await this.#checked(channel, () => this.#persist(NONCE_MS, run));
  }

  #compose({ reply, locale, key, possibleRepeat }: Post): Promise<Composed> {
    return this.#options.compose(reply, { locale, key, possibleRepeat });
  }

  #persist<T>(forMs: number, work: () => Promise<T>): Promise<T> {
    const { clock, pace, signal, log } = this.#options;
    return persist(work, { clock, pace, signal, log, deadlineMs: clock.now() + forMs });
  }

  /** Asking where to post posts nothing: whatever fails there, the post was not sent. */
  async #channelOf(channel: string): Promise<string> {
    if (channel !== 'admins') return channel;
    const { adminChannel, application } = this.#options;
    if (adminChannel !== null) return adminChannel;
    try {
      const direct = await application.ownersChannel();
      if (direct !== null) return direct;
    } catch (error) {
      const { kind, message, retryAfterMs } = sendFailure(error);
      throw new SendFailure(kind === 'refused' ? kind : 'not sent', message, { cause: error, retryAfterMs });
    }
    throw new SendFailure('refused', 'nobody is known to own the application: set chat.discord.adminChannel');
  }

  async #checked<T>(channel: string, send: () => Promise<T>): Promise<T> {
    const { host, log, adminChannel } = this.#options;
    try {
      return await send();
    } catch (error) {
      const complaint = channelComplaint(error, channel);
      // Of the admins' own channel the admins cannot be told there.
      if (complaint !== null && channel !== adminChannel) host.tellAdmins({ platform: 'discord', ...complaint });
      const failure = sendFailure(error);
      log.warn({ channel, kind: failure.kind, reason: failure.message }, 'not posted');
      throw failure;
    }
  }
}
