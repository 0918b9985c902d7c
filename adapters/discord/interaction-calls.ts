import {
  type APIInteractionResponse,
  type BaseInteraction,
  InteractionResponseType,
  MessageFlags,
  Routes,
} from 'discord.js';
import type { Clock } from '../../src/ports/clock.ts';
import type { Log } from '../../src/ports/log.ts';
import type { DiscordApi } from './api.ts';
import { apiCodes, failureOf, isRefusal } from './api-failure.ts';
import type { Composed } from './compose.ts';
import type { Pace } from './pace.ts';
import { persist } from './persist.ts';

/** What it takes to answer an interaction. */
export type Answerable = Pick<BaseInteraction, 'id' | 'token' | 'applicationId' | 'channelId'>;

/** Discord waits 3 s for the first response; a little is on the way. */
const FIRST_RESPONSE_MS = 2_750;
/** The token lives 15 minutes from then on. */
const TOKEN_MS = 14.5 * 60_000;
/** Discord waits for no response any more. */
const gone = [apiCodes.unknownInteraction, apiCodes.unknownWebhook, apiCodes.invalidWebhookToken];

/**
 * `done`: Discord waits for the answer, or may; `lost`: it was too late; `taken`: somebody else has it, another session of this bot.
 */
export type Acknowledgement = 'done' | 'lost' | 'taken';

export interface CallOptions {
  readonly clock: Clock;
  readonly pace: Pace;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** What can be said to one interaction, tried again for as long as Discord takes it. */
export class InteractionCalls {
  readonly #api: DiscordApi;
  readonly #interaction: Answerable;
  readonly #options: CallOptions;
  readonly #receivedMs: number;

  constructor(api: DiscordApi, interaction: Answerable, options: CallOptions) {
    this.#api = api;
    this.#interaction = interaction;
    this.#options = options;
    this.#receivedMs = options.clock.now();
  }

  /** Promises an answer, which only the asker sees where `privately`; or a change of the message that was pressed. */
  defer(how: 'channel' | 'privately' | 'change'): Promise<Acknowledgement> {
    if (how === 'change') return this.respond({ type: InteractionResponseType.DeferredMessageUpdate });
    const flags = how === 'privately' ? { flags: MessageFlags.Ephemeral } : {};
    return this.respond({ type: InteractionResponseType.DeferredChannelMessageWithSource, data: { ...flags } });
  }

  /** The first response, whatever it is. @throws as discord.js does, where Discord understood it and does not take it. */
  async respond(response: APIInteractionResponse): Promise<Acknowledgement> {
    const { id, token } = this.#interaction;
    const route = Routes.interactionCallback(id, token);
    const limitMs = this.#options.pace.acknowledgeLimitMs;
    let mayBeOurs = false;
    try {
      await persist(
        (mayBeDone) => {
          mayBeOurs = mayBeDone;
          const call = { method: 'POST', route, body: response, auth: false, limitMs } as const;
          return this.#api.call({ ...call, signal: this.#options.signal });
        },
        { ...this.#options, deadlineMs: this.#receivedMs + FIRST_RESPONSE_MS },
      );
      return 'done';
    } catch (error) {
      if (isRefusal(error, apiCodes.alreadyAcknowledged)) return mayBeOurs ? 'done' : 'taken';
      if (isRefusal(error, ...gone)) return 'lost';
      if (failureOf(error).kind === 'refused') throw error;
      // A lost answer: whether Discord waits shows when the answer comes.
      return 'done';
    }
  }

  /** The answer in the place of what `defer` promised. @throws as discord.js does, after the token's life. */
  async answer({ body, files }: Composed): Promise<void> {
    const { applicationId, token } = this.#interaction;
    const route = Routes.webhookMessage(applicationId, token, '@original');
    await this.#whileTokenLives((signal) =>
      this.#api.call({ method: 'PATCH', route, body, files, auth: false, signal }),
    );
  }

  /** A further message that only the asker sees. A lost answer may show it twice. @throws as `answer` does. */
  async whisper({ body, files }: Composed): Promise<void> {
    const { applicationId, token } = this.#interaction;
    const route = Routes.webhook(applicationId, token);
    const privately = { ...body, flags: MessageFlags.Ephemeral };
    await this.#whileTokenLives((signal) =>
      this.#api.call({ method: 'POST', route, body: privately, files, auth: false, signal }),
    );
  }

  async #whileTokenLives(call: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
    const { signal } = this.#options;
    await persist(() => call(signal), { ...this.#options, deadlineMs: this.#receivedMs + TOKEN_MS });
  }
}
