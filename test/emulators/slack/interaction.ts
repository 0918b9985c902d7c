import type { Acknowledgement, Delivery, DeliveryFailure, Push } from './delivery.ts';
import type { JsonObject } from './json.ts';
import type { EmulatorLog } from './log.ts';
import type { SlackState } from './state.ts';
import type { Change, Message, View } from './workspace.ts';

const waitLimitMs = 5_000;

/** Where somebody did something: answers are looked for there. */
export interface Place {
  readonly userId: string;
  readonly channel: string | null;
  /** The message that was sent, pressed or answered, and its thread. */
  readonly ts: string | null;
  readonly threadTs: string | null;
}

export interface InteractionParts {
  readonly number: number;
  readonly place: Place;
  readonly triggerId: string | null;
  readonly state: SlackState;
  readonly log: EmulatorLog;
  /** Messages that are some interaction's answer already. */
  readonly claimed: Set<Message>;
  deliver(push: Push): Delivery;
}

/** What a person did, and what came of it. */
export class Interaction {
  readonly payload: JsonObject;
  readonly #parts: InteractionParts;
  readonly #from: number;
  readonly #push: Push;
  readonly #delivery: Delivery;

  constructor(parts: InteractionParts, push: Push) {
    this.#parts = parts;
    this.#from = parts.state.changes.length;
    this.#push = push;
    this.payload = push.payload;
    this.#delivery = parts.deliver(push);
  }

  /** What the person is told where the bot failed; null while it did not. */
  get failure(): DeliveryFailure | null {
    return this.#delivery.failure;
  }

  /** The bot's acknowledgement; rejects where none comes, at once where nobody was there to ask. */
  acknowledged(limitMs = waitLimitMs): Promise<Acknowledgement> {
    return this.#until(() => this.#delivery.acknowledgement, limitMs, 'acknowledgement');
  }

  /**
   * The first thing that the person sees of it: a message in the same place, or the pressed message changed. What came
   * through this interaction's own response_url or acknowledgement goes before what was posted beside it. The message
   * is live: later updates show in it.
   */
  async answer(limitMs = waitLimitMs): Promise<Message> {
    const message = await this.#until(() => this.#firstAnswer(), limitMs, 'answer');
    this.#parts.claimed.add(message);
    return message;
  }

  /** The modal that its trigger opened, or the Home tab that was published since. */
  view(limitMs = waitLimitMs): Promise<View> {
    const { triggerId, place } = this.#parts;
    const isMine = (view: View): boolean =>
      triggerId === null ? view.userId === place.userId : view.triggerId === triggerId;
    return this.#until(() => this.changes().find(({ view }) => view !== null && isMine(view))?.view, limitMs, 'view');
  }

  /** Everything that happened since, of all interactions. */
  changes(): readonly Change[] {
    return this.#parts.state.changes.slice(this.#from);
  }

  /** Sends the same payload again: with the same event_id, as Slack does when it thinks it was lost. */
  redeliver(retry: { readonly attempt: number; readonly reason: string } = { attempt: 0, reason: '' }): Delivery {
    return this.#parts.deliver({ ...this.#push, retryAttempt: retry.attempt, retryReason: retry.reason });
  }

  #until<Value>(probe: () => Value, limitMs: number, waitingFor: string): Promise<NonNullable<Value>> {
    return this.#parts.log.until(
      () => {
        const isLost = this.failure === 'dispatch_failed' && !this.#delivery.isEvent;
        if (isLost) throw new Error(`no ${waitingFor}: the bot was not there, the person saw dispatch_failed`);
        return probe();
      },
      limitMs,
      waitingFor,
    );
  }

  #firstAnswer(): Message | undefined {
    const messages = this.changes()
      .filter((change) => this.#isAnswer(change))
      .flatMap(({ message }) => message ?? []);
    return messages.find((message) => message.interaction === this.#parts.number) ?? messages[0];
  }

  #isAnswer({ kind, message }: Change): boolean {
    const { place, number, claimed } = this.#parts;
    if (message === null || !message.byBot) return false;
    if (kind !== 'posted') return message.ts === place.ts;
    if (message.ephemeralTo !== null && message.ephemeralTo !== place.userId) return false;
    if (message.interaction !== null) return message.interaction === number;
    if (claimed.has(message)) return false;
    return this.#isHere(message);
  }

  #isHere(message: Message): boolean {
    const { place, state } = this.#parts;
    if (state.channels.get(message.channel)?.imUser === place.userId) return true;
    if (message.channel !== place.channel) return false;
    return message.threadTs === null || message.threadTs === place.ts || message.threadTs === place.threadTs;
  }
}
