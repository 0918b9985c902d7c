import type { webApi } from '@slack/bolt';
import type { Reply } from '../../src/chat/reply.ts';
import type { ChatHost } from '../../src/ports/chat.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Log } from '../../src/ports/log.ts';
import type { SlackApi } from './api.ts';
import { failureOf, isRefusal, notThere } from './api-failure.ts';
import type { Compose, Composed, Said } from './compose.ts';
import type { Pace } from './pace.ts';
import { persist } from './persist.ts';
import { sayComposed } from './saying.ts';
import type { SlackSender } from './sender.ts';
import type { SharedFiles } from './shared-files.ts';

/** Where something was asked, and how it can be answered there. */
export interface Place {
  /** Null in the Home tab, which is no channel: answered directly. */
  readonly channel: string | null;
  /** The parent's ts in a thread. */
  readonly thread: string | null;
  /** The thread has no replies yet: Slack shows nothing in it that is for one person alone. */
  readonly isNewThread?: true;
  /** Direct messages: of the asker with the bot, or between two people, where the bot can post through a response_url alone. */
  readonly isDirect: boolean;
  /** Works for 30 minutes, five times, and where the bot is no member. */
  readonly responseUrl: string | null;
}

export interface Target {
  readonly place: Place;
  readonly userId: string;
  readonly locale: string;
  /** Of what is answered. */
  readonly id: string;
  /** It takes the place of the message that was pressed. */
  readonly replaces: boolean;
  /** Only the asker may see it. */
  readonly isPrivate: boolean;
}

export interface DeliveryOptions {
  readonly api: SlackApi;
  readonly host: Pick<ChatHost, 'presentation'>;
  readonly compose: Compose;
  readonly sender: SlackSender;
  readonly files: SharedFiles;
  readonly pace: Pace;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** How Slack says that a response_url is over. */
const spentUrl = ['used_url', 'expired_url', 'no_service'] as const;

/**
 * Brings answers to where they were asked: through the response_url where there is one, else as a message of the bot; in the
 * asker's direct messages where neither works. Nothing is said while an answer is being worked out: what a command's response_url
 * has posted cannot be replaced through it. Never throws.
 */
export class Delivery {
  readonly #options: DeliveryOptions;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  async deliver(reply: Reply, target: Target): Promise<void> {
    const { log, files } = this.#options;
    const { place, userId, locale, id, isPrivate } = target;
    try {
      const composed = await this.#bring(reply, target);
      if (composed.files.length === 0) return;
      const channel = isPrivate && !place.isDirect ? null : place.channel;
      const went = await files.share(composed.files, { channel, thread: place.thread, userId, locale });
      if (went !== 'here') await this.#bring(this.#whereFilesWent(composed, went, locale), asPrivate(target));
    } catch (error) {
      log.error({ err: error, id }, 'answer not delivered');
      const failure = failureOf(error);
      if (failure.kind === 'refused') await this.#apologise(target, failure.message);
    }
  }

  async #bring(reply: Reply, target: Target): Promise<Composed> {
    const { compose, log } = this.#options;
    const { place, locale, id } = target;
    const composeFor = (possibleRepeat: boolean) => compose(reply, { locale, possibleRepeat });
    if (place.responseUrl === null) return await this.#post(target, composeFor);
    try {
      return await this.#respond(place.responseUrl, target, composeFor);
    } catch (error) {
      if (!isRefusal(error, ...spentUrl)) throw error;
      log.info({ id }, 'response_url is over: answered as a message');
      return await this.#post(target, composeFor);
    }
  }

  async #respond(url: string, target: Target, composeFor: (repeat: boolean) => Promise<Composed>): Promise<Composed> {
    const { api, clock, pace, signal, log } = this.#options;
    const { place, replaces, isPrivate } = target;
    const body = ({ text, blocks }: Said) => ({
      text,
      blocks,
      response_type: isPrivate ? 'ephemeral' : 'in_channel',
      replace_original: replaces,
      ...(place.thread === null || replaces ? {} : { thread_ts: place.thread }),
      unfurl_links: false,
      unfurl_media: false,
    });
    const deadlineMs = clock.now() + pace.answerLimitMs;
    return await persist(
      async (mayBeDone) => {
        // Replacing twice is replacing.
        const composed = await composeFor(mayBeDone && !replaces);
        await sayComposed(composed, this.#options, (said) => api.respond(url, body(said)));
        return composed;
      },
      { pace, clock, signal, log, deadlineMs },
    );
  }

  async #post(target: Target, composeFor: (repeat: boolean) => Promise<Composed>): Promise<Composed> {
    const { sender } = this.#options;
    const { place, userId, id, isPrivate } = target;
    const { channel, thread, isDirect } = place;
    const directly = async () => {
      const direct = await this.#directChannel(userId);
      return await sender.say({ channel: direct, thread: null, key: `answer-${id}` }, composeFor);
    };
    if (channel === null) return await directly();
    try {
      if (isPrivate && !isDirect) {
        const seenThread = place.isNewThread === true ? null : thread;
        return await sender.whisper({ channel, thread: seenThread, user: userId }, composeFor);
      }
      return await sender.say({ channel, thread, key: `answer-${id}` }, composeFor);
    } catch (error) {
      // Between two people it is no member either, and direct messages with the bot are asked for once more.
      if (!isRefusal(error, ...notThere, 'user_not_in_channel', 'is_archived')) throw error;
      return await directly();
    }
  }

  /** Slack takes a post for a user's id, but shows no history of it: what was lost could not be looked for. */
  async #directChannel(userId: string): Promise<string> {
    const { api, clock, pace, signal, log } = this.#options;
    const deadlineMs = clock.now() + pace.answerLimitMs;
    const open = () => api.call<webApi.ConversationsOpenResponse>('conversations.open', { users: userId });
    const { channel } = await persist(open, { pace, clock, signal, log, deadlineMs });
    return channel?.id ?? userId;
  }

  #whereFilesWent({ files }: Composed, went: 'directly' | 'nowhere', locale: string): Reply {
    const { say } = this.#options.host.presentation(locale);
    const names = files.map(({ name }) => name).join(', ');
    const headline =
      went === 'directly'
        ? say('{names}: in your direct messages with Rigshift.', { names })
        : say('{names} could not be uploaded to Slack. The log of Rigshift says more.', { names });
    return { headline, blocks: [], next: [] };
  }

  /** Instead of what Slack did not take; else the asker would wait for ever. */
  async #apologise(target: Target, reason: string): Promise<void> {
    const { host, log } = this.#options;
    const { say } = host.presentation(target.locale);
    const headline = say('Slack did not take the answer. The log of Rigshift says more.');
    try {
      await this.#bring({ headline, blocks: [{ kind: 'text', text: reason }], next: [] }, asPrivate(target));
    } catch (err) {
      log.warn({ err, id: target.id }, 'apology not delivered');
    }
  }
}

function asPrivate(target: Target): Target {
  return { ...target, id: `${target.id}-note`, isPrivate: true, replaces: false };
}
