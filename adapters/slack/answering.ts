import type { Say } from '../../src/chat/languages/say.ts';
import type { Reply } from '../../src/chat/reply.ts';
import type { ChatHost } from '../../src/ports/chat.ts';
import type { Delivery, Target } from './delivery.ts';
import type { People } from './people.ts';

/** Something that was asked by a command, a mention, a button, a select or a form. */
export interface Question extends Omit<Target, 'locale'> {
  readonly line: string;
}

/** Dispatches and delivers; when it settles, nothing is left to do. Never throws. */
export class Answering {
  readonly #host: ChatHost;
  readonly #people: People;
  readonly #delivery: Delivery;

  constructor(options: { readonly host: ChatHost; readonly people: People; readonly delivery: Delivery }) {
    this.#host = options.host;
    this.#people = options.people;
    this.#delivery = options.delivery;
  }

  async answer({ line, ...question }: Question): Promise<void> {
    const { id, userId, place } = question;
    const { asker, locale } = await this.#people.get(userId);
    const channel = place.channel ?? userId;
    const answer = await this.#host.dispatch({ platform: 'slack', text: line, user: asker, channel, locale, id });
    // What could not be answered shall not wipe out the table that was there.
    const replaces = question.replaces && answer.outcome === 'answered';
    const isPrivate = question.isPrivate || (question.replaces && !replaces);
    await this.#delivery.deliver(answer.reply, { ...question, locale, replaces, isPrivate });
  }

  /** Says something to whoever pressed what cannot be answered. */
  async whisper(question: Omit<Question, 'line'>, words: (say: Say) => Reply): Promise<void> {
    const { locale } = await this.#people.get(question.userId);
    const reply = words(this.#host.presentation(locale).say);
    await this.#delivery.deliver(reply, { ...question, locale, isPrivate: true, replaces: false });
  }
}
