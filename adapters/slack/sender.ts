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
import type { AdminsChannel } from './admins-channel.ts';
import type { SlackApi } from './api.ts';
import { ChannelMessages, type NewMessage } from './channel-messages.ts';
import type { Compose, Composed, Said } from './compose.ts';
import { findPost } from './history.ts';
import type { Pace } from './pace.ts';
import { persist } from './persist.ts';
import { sayComposed } from './saying.ts';
import { channelComplaint, sendFailure } from './send-failure.ts';
import type { SharedFiles } from './shared-files.ts';

export interface SenderOptions {
  readonly api: SlackApi;
  readonly queue: SendQueue;
  readonly compose: Compose;
  readonly files: SharedFiles;
  readonly admins: AdminsChannel;
  readonly host: Pick<ChatHost, 'tellAdmins'>;
  /** Of it the admins cannot be told there. */
  readonly adminChannel: string | null;
  readonly pace: Pace;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Runs what nobody waits for. */
  readonly track: (work: () => Promise<void>) => void;
}

const SEARCH_MS = 20_000;

/** Everything that is written into channels, one message at a time in each. */
export class SlackSender implements ChatSender {
  readonly platform = 'slack';
  readonly #options: SenderOptions;
  readonly #messages: ChannelMessages;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#messages = new ChannelMessages(options.api);
  }

  async send(post: Post, priority: Parameters<ChatSender['send']>[1]): Promise<Receipt> {
    const channel = await this.#channelOf(post.channel);
    const { queue, files, track } = this.#options;
    const composed = await this.#compose(post);
    const message: NewMessage = { channel, thread: null, key: post.key };
    const receipt = await this.#checked(channel, () =>
      queue.run({ channel, priority, work: this.#saying(composed, (said) => this.#messages.post(message, said)) }),
    );
    // Slack attaches no files to a message with blocks: they stand in its thread. The post is made, with them or without.
    if (composed.files.length > 0) {
      const target = { channel, thread: receipt.message, userId: null, locale: post.locale };
      track(async () => void (await files.share(composed.files, target)));
    }
    return receipt;
  }

  async edit(receipt: Receipt, post: Post): Promise<Receipt> {
    const { channel, message } = receipt;
    const { queue } = this.#options;
    const composed = await this.#compose(post);
    return await this.#checked(channel, () =>
      queue.run({
        ...{ channel, priority: 'edit', coalesce: message },
        work: this.#saying(composed, (said) => this.#messages.update(receipt, post.key, said)),
      }),
    );
  }

  async find({ key, channel, sinceMs }: Parameters<ChatSender['find']>[0]): Promise<Found> {
    const place = await this.#channelOf(channel);
    try {
      return await this.#persist(SEARCH_MS, () =>
        findPost({ key, channel: place, thread: null, sinceMs }, this.#options.api),
      );
    } catch (error) {
      throw sendFailure(error);
    }
  }

  /**
   * Answers somebody in a channel, tried again while Slack is away. Where an attempt may have been done it looks first; where it
   * cannot, what it says again is marked as a possible repeat. @throws as SlackApi and the queue do.
   */
  async say(message: NewMessage, compose: (possibleRepeat: boolean) => Promise<Composed>): Promise<Composed> {
    const { queue, api, clock, pace } = this.#options;
    const sinceMs = clock.now();
    const { channel } = message;
    return await this.#persist(pace.answerLimitMs, async (mayBeDone) => {
      const found = mayBeDone ? await findPost({ ...message, sinceMs }, api) : null;
      const composed = await compose(found?.kind === 'cannot look');
      if (found?.kind === 'there') return composed;
      const work = this.#saying(composed, (said) => this.#messages.post(message, said));
      await this.#complaining(channel, () => queue.run({ channel, priority: 'reply', work }));
      return composed;
    });
  }

  /** Tells one person in a channel; heard twice where an answer was lost. @throws as `say` does. */
  async whisper(
    place: Parameters<ChannelMessages['whisper']>[0],
    compose: (possibleRepeat: boolean) => Promise<Composed>,
  ): Promise<Composed> {
    const { queue, pace } = this.#options;
    const { channel } = place;
    return await this.#persist(pace.answerLimitMs, async (mayBeDone) => {
      const composed = await compose(mayBeDone);
      const work = this.#saying(composed, (said) => this.#messages.whisper(place, said));
      await this.#complaining(channel, () => queue.run({ channel, priority: 'reply', work }));
      return composed;
    });
  }

  /** Work of the queue; what it gave up is not said in words either. */
  #saying<T>(composed: Composed, say: (said: Said) => Promise<T>): (signal: AbortSignal) => Promise<T> {
    const { pace, signal } = this.#options;
    return (ends) => sayComposed(composed, { pace, signal: AbortSignal.any([signal, ends]) }, say);
  }

  #compose({ reply, locale, key, possibleRepeat }: Post): Promise<Composed> {
    return this.#options.compose(reply, { locale, key, possibleRepeat });
  }

  #persist<T>(forMs: number, work: (mayBeDone: boolean) => Promise<T>): Promise<T> {
    const { clock, pace, signal, log } = this.#options;
    return persist(work, { clock, pace, signal, log, deadlineMs: clock.now() + forMs });
  }

  /** Asking where to post posts nothing: whatever fails there, the post was not sent. */
  async #channelOf(channel: string): Promise<string> {
    if (channel !== 'admins') return channel;
    try {
      return await this.#options.admins.get();
    } catch (error) {
      const { kind, message, retryAfterMs } = sendFailure(error);
      throw new SendFailure(kind === 'refused' ? kind : 'not sent', message, { cause: error, retryAfterMs });
    }
  }

  async #checked<T>(channel: string, send: () => Promise<T>): Promise<T> {
    const { log } = this.#options;
    try {
      return await this.#complaining(channel, send);
    } catch (error) {
      const failure = sendFailure(error);
      log.warn({ channel, kind: failure.kind, reason: failure.message }, 'not posted');
      throw failure;
    }
  }

  /** What somebody in the workspace can mend, the admins are told. */
  async #complaining<T>(channel: string, send: () => Promise<T>): Promise<T> {
    const { host, adminChannel } = this.#options;
    try {
      return await send();
    } catch (error) {
      const complaint = channelComplaint(error, channel);
      if (complaint !== null && channel !== adminChannel) host.tellAdmins({ platform: 'slack', ...complaint });
      throw error;
    }
  }
}
