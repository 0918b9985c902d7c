import { waitFor } from '../shared/wait-for.ts';
import type { Channel, StoredMessage } from './state.ts';
import { type Choice, callbackTypes, type MessageJson, type Modal, messageFlags, type UserJson } from './wire.ts';

/** One thing a user did, and all that the bot answered to it. */
export interface Interaction {
  readonly id: string;
  readonly token: string;
  readonly type: number;
  /** `/fleet profit`, for messages of errors. */
  readonly title: string;
  readonly user: UserJson;
  readonly channel: Channel;
  /** The message whose component was used, or from whose component the modal came. */
  readonly source: StoredMessage | null;
  /** By the machine's monotonic clock. */
  readonly startedMs: number;
  /** Unix ms by the emulator's clock: tokens end by it. */
  readonly createdAtMs: number;
  /** How often an open connection got it: each of the bot's sessions does, and a repeated one again. */
  deliveries: number;
  /** A fault met its answer: what the bot does about it is no mistake. */
  disturbed: boolean;
  /** Whether a first answer arrived, taken or not. */
  attempted: boolean;
  callbackType: number | null;
  acknowledgedMs: number | null;
  deferred: { readonly ephemeral: boolean } | null;
  modal: Modal | null;
  choices: readonly Choice[] | null;
  original: StoredMessage | null;
  /** Whether people see an answer: not a deferred one that still loads. */
  answered: boolean;
  readonly followups: StoredMessage[];
}

const TOKEN_LIFE_MS = 15 * 60_000;

export class Interactions {
  readonly #byId = new Map<string, Interaction>();
  readonly #byToken = new Map<string, Interaction>();
  readonly acknowledgeWithinMs: number;
  /** What is known to be wrong, for messages of errors. Set by the emulator. */
  explain: () => string = () => '';
  /** How many of the next first answers are refused as unknown. */
  unknownNext = 0;
  /** How often the next one is delivered. */
  deliveriesOfNext = 1;

  constructor(acknowledgeWithinMs: number) {
    this.acknowledgeWithinMs = acknowledgeWithinMs;
  }

  add(known: Pick<Interaction, 'id' | 'token' | 'type' | 'title' | 'user' | 'channel' | 'source' | 'createdAtMs'>) {
    const interaction: Interaction = {
      ...known,
      startedMs: performance.now(),
      deliveries: 0,
      disturbed: false,
      attempted: false,
      callbackType: null,
      acknowledgedMs: null,
      deferred: null,
      modal: null,
      choices: null,
      original: null,
      answered: false,
      followups: [],
    };
    this.#byId.set(interaction.id, interaction);
    this.#byToken.set(interaction.token, interaction);
    return interaction;
  }

  takeDeliveries(): number {
    const deliveries = this.deliveriesOfNext;
    this.deliveriesOfNext = 1;
    return deliveries;
  }

  find(id: string, token: string): Interaction | null {
    const found = this.#byId.get(id);
    return found?.token === token ? found : null;
  }

  findByToken(token: string): Interaction | null {
    return this.#byToken.get(token) ?? null;
  }

  isLate(interaction: Interaction): boolean {
    return performance.now() - interaction.startedMs > this.acknowledgeWithinMs;
  }

  isExpired(interaction: Interaction, nowMs: number): boolean {
    return nowMs - interaction.createdAtMs > TOKEN_LIFE_MS;
  }

  /** Those that reached the bot and that it left without an answer. */
  unanswered(): readonly Interaction[] {
    return [...this.#byId.values()].filter(
      ({ deliveries, disturbed, attempted }) => deliveries > 0 && !disturbed && !attempted,
    );
  }
}

/** A message as the tests read it: a copy from when it was asked for. */
export interface SeenMessage extends Readonly<MessageJson> {
  readonly ephemeral: boolean;
}

export function seenMessage({ json }: StoredMessage): SeenMessage {
  return { ...structuredClone(json), ephemeral: (json.flags & messageFlags.ephemeral) !== 0 };
}

/** What a user sees coming back. Whatever waits is bounded and throws with what was missing. */
export class InteractionHandle {
  readonly interaction: Interaction;
  readonly #explain: () => string;

  /** `explain` says what else is wrong, for messages of errors. */
  constructor(interaction: Interaction, explain: () => string) {
    this.interaction = interaction;
    this.#explain = explain;
  }

  get id(): string {
    return this.interaction.id;
  }

  /** Open connections of the bot that were told; 0 where it was not there. */
  get deliveries(): number {
    return this.interaction.deliveries;
  }

  /** After how many milliseconds the bot gave its first sign, or null. */
  get acknowledgedMs(): number | null {
    return this.interaction.acknowledgedMs;
  }

  /** Null unless the bot said "thinking…" first. */
  get deferred(): { readonly ephemeral: boolean } | null {
    return this.interaction.deferred;
  }

  /** Whether the bot acknowledged a component without changing anything yet. */
  get deferredUpdate(): boolean {
    return this.interaction.callbackType === callbackTypes.deferredUpdate;
  }

  get modal(): Modal | null {
    return this.interaction.modal;
  }

  get choices(): readonly Choice[] | null {
    return this.interaction.choices;
  }

  get followups(): readonly SeenMessage[] {
    return this.interaction.followups.map(seenMessage);
  }

  acknowledged(limitMs?: number): Promise<number> {
    return this.#wait('an acknowledgement', () => this.interaction.acknowledgedMs, limitMs);
  }

  /** The first answer that people see: a new message, or the message with the component as the bot changed it. */
  answer(limitMs?: number): Promise<SeenMessage> {
    return this.#wait('an answer', () => this.#answer(), limitMs);
  }

  /** The answer once it looks as wanted: for those that are edited several times. */
  answerWhere(matches: (message: SeenMessage) => boolean, limitMs?: number): Promise<SeenMessage> {
    return this.#wait('an answer as wanted', () => [this.#answer()].find((seen) => seen && matches(seen)), limitMs);
  }

  /** The followup of this index, from 0. */
  followup(index = 0, limitMs?: number): Promise<SeenMessage> {
    return this.#wait(`followup ${index}`, () => this.followups[index], limitMs);
  }

  openedModal(limitMs?: number): Promise<Modal> {
    return this.#wait('a modal', () => this.interaction.modal, limitMs);
  }

  suggested(limitMs?: number): Promise<readonly Choice[]> {
    return this.#wait('choices', () => this.interaction.choices, limitMs);
  }

  #answer(): SeenMessage | null {
    const { answered, original } = this.interaction;
    return answered && original !== null ? seenMessage(original) : null;
  }

  #wait<Found>(what: string, find: () => Found | null | undefined, limitMs?: number): Promise<Found> {
    const { title, callbackType, deliveries } = this.interaction;
    const known = `${what} to "${title}" (${deliveries} deliveries, first answer of type ${callbackType})`;
    return waitFor(() => `${known}; ${this.#explain()}`, find, limitMs);
  }
}
