import type { BaseInteraction } from 'discord.js';
import type { Asker } from '../../src/chat/invocation.ts';
import type { Reply } from '../../src/chat/reply.ts';
import { safeLine } from '../../src/chat/safe-text.ts';
import type { Answer, ChatHost } from '../../src/ports/chat.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Log } from '../../src/ports/log.ts';
import type { DiscordApi } from './api.ts';
import { apiCodes, failureOf, isRefusal } from './api-failure.ts';
import type { Compose } from './compose.ts';
import { type Answerable, InteractionCalls } from './interaction-calls.ts';
import type { Pace } from './pace.ts';
import type { DiscordSender } from './sender.ts';

/** Something that was asked by a command, a button, a select or a form. */
export interface Question {
  readonly interaction: Answerable & Pick<BaseInteraction, 'locale' | 'id'>;
  readonly line: string;
  readonly asker: Asker;
  /** The answer takes the place of the message that was pressed. */
  readonly replaces: boolean;
  /** Only the asker may see the answer. */
  readonly isPrivate: boolean;
}

export interface AnsweringOptions {
  readonly api: DiscordApi;
  readonly host: ChatHost;
  readonly compose: Compose;
  readonly sender: DiscordSender;
  readonly pace: Pace;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Acknowledges, dispatches and delivers; when it settles, nothing is left to do. Never throws. */
export class Answering {
  readonly #options: AnsweringOptions;

  constructor(options: AnsweringOptions) {
    this.#options = options;
  }

  callsOf(interaction: Answerable): InteractionCalls {
    return new InteractionCalls(this.#options.api, interaction, this.#options);
  }

  async answer(question: Question): Promise<void> {
    const { interaction, line, asker, replaces, isPrivate } = question;
    const { host, log } = this.#options;
    const calls = this.callsOf(interaction);
    const acknowledgement = await calls.defer(replaces ? 'change' : isPrivate ? 'privately' : 'channel');
    if (acknowledgement === 'taken') return log.debug({ id: interaction.id }, 'another session answers');
    if (acknowledgement === 'lost' && isPrivate) {
      // Nobody would see the answer, so nothing is asked either.
      return log.warn({ id: interaction.id }, 'private question was acknowledged too late');
    }
    const { id, locale } = interaction;
    const channel = interaction.channelId ?? '';
    const answer = await host.dispatch({ platform: 'discord', text: line, user: asker, channel, locale, id });
    if (acknowledgement === 'lost') return await this.#post(question, answer.reply);
    await this.#deliver(question, answer, calls);
  }

  /** Says something to whoever pressed what cannot be answered. */
  async whisper(interaction: Question['interaction'], reply: Reply): Promise<void> {
    const calls = this.callsOf(interaction);
    if ((await calls.defer('privately')) !== 'done') return;
    try {
      await calls.answer(await this.#options.compose(reply, { locale: interaction.locale }));
    } catch (err) {
      this.#options.log.warn({ err, id: interaction.id }, 'not answered');
    }
  }

  async #deliver(question: Question, { outcome, reply }: Answer, calls: InteractionCalls): Promise<void> {
    const { interaction, replaces } = question;
    const composed = await this.#options.compose(reply, { locale: interaction.locale });
    try {
      // What could not be answered shall not wipe out the table that was there.
      if (replaces && outcome !== 'answered') await calls.whisper(composed);
      else await calls.answer(composed);
    } catch (error) {
      await this.#notDelivered(question, reply, calls, error);
    }
  }

  async #notDelivered(question: Question, reply: Reply, calls: InteractionCalls, error: unknown): Promise<void> {
    const { log } = this.#options;
    const { id } = question.interaction;
    const { unknownInteraction, unknownWebhook, invalidWebhookToken, unknownMessage, unknownChannel } = apiCodes;
    if (isRefusal(error, unknownMessage, unknownChannel)) {
      return log.info({ id }, 'what was to be answered was deleted meanwhile');
    }
    if (isRefusal(error, unknownInteraction, unknownWebhook, invalidWebhookToken)) {
      if (!question.isPrivate) return await this.#post(question, reply);
      return log.warn({ id }, 'private answer came too late');
    }
    log.error({ err: error, id }, 'answer not delivered');
    const failure = failureOf(error);
    if (failure.kind === 'refused') await this.#apologise(question, calls, failure.message);
  }

  /** Instead of what Discord did not take; else the asker would wait for ever. */
  async #apologise({ interaction, replaces }: Question, calls: InteractionCalls, reason: string): Promise<void> {
    const { host, compose, log } = this.#options;
    const { say } = host.presentation(interaction.locale);
    const headline = say('Discord did not take the answer. The log of Rigshift says more.');
    const blocks = [{ kind: 'text', text: reason } as const];
    try {
      const apology = await compose({ headline, blocks, next: [] }, { locale: interaction.locale });
      await (replaces ? calls.whisper(apology) : calls.answer(apology));
    } catch (err) {
      log.warn({ err, id: interaction.id }, 'apology not delivered');
    }
  }

  /** Into the channel, as a message of its own that says for whom it is. */
  async #post({ interaction, asker }: Question, reply: Reply): Promise<void> {
    const { host, compose, sender, log } = this.#options;
    const { channelId: channel, id, locale } = interaction;
    if (channel === null) return;
    log.info({ id, channel }, 'answered late, into the channel');
    const { say } = host.presentation(locale);
    const headline = `${say('For {name}:', { name: safeLine(asker.name) })} ${reply.headline}`;
    const composed = await compose({ ...reply, headline }, { locale });
    await sender.say({ ...composed, channel, name: `late-${id}` }).catch(() => undefined);
  }
}
