import { setTimeout as wait } from 'node:timers/promises';
import type { webApi } from '@slack/bolt';
import type { Log } from '../../src/ports/log.ts';
import type { SlackApi } from './api.ts';
import { failureOf } from './api-failure.ts';
import type { Pace } from './pace.ts';

/** Whose the bot token is. */
export interface BotIdentity {
  readonly teamId: string;
  readonly botUserId: string;
}

/** Asks Slack whose the token is, when it starts and whenever Slack refuses the token, until Slack knows. */
export class Authentication {
  readonly #api: SlackApi;
  readonly #pace: Pace;
  readonly #log: Log;
  readonly #signal: AbortSignal;
  #identity: BotIdentity | null = null;
  #problem: string | null = 'not started';

  constructor(options: {
    readonly api: SlackApi;
    readonly pace: Pace;
    readonly log: Log;
    readonly signal: AbortSignal;
  }) {
    this.#api = options.api;
    this.#pace = options.pace;
    this.#log = options.log;
    this.#signal = options.signal;
  }

  /** Null before Slack has said it for the first time. */
  get identity(): BotIdentity | null {
    return this.#identity;
  }

  /** What is wrong with the token, or why that is not known. */
  get problem(): string | null {
    return this.#api.tokenRefused ? refusedText : this.#problem;
  }

  start(): void {
    this.#problem = 'connecting';
    this.#keepAsking().catch(() => undefined);
  }

  async #keepAsking(): Promise<void> {
    const { firstConnectRetryMs, mostConnectRetryMs, hopelessRetryMs } = this.#pace;
    const ended = new Promise<void>((resolve) => {
      this.#signal.addEventListener('abort', () => resolve(), { once: true });
    });
    for (let delayMs = firstConnectRetryMs; !this.#signal.aborted; ) {
      const { refused } = this.#api;
      try {
        await this.#ask();
        delayMs = firstConnectRetryMs;
        await Promise.race([refused, ended]);
        if (!this.#signal.aborted) this.#say(refusedText);
      } catch (error) {
        if (this.#signal.aborted) return;
        const failure = failureOf(error);
        const isRefused = failure.kind === 'unauthorised';
        this.#say(isRefused ? refusedText : `Slack cannot be reached: ${textOf(failure)}`);
        await wait(isRefused ? hopelessRetryMs : delayMs, undefined, { signal: this.#signal });
        delayMs = Math.min(2 * delayMs, mostConnectRetryMs);
      }
    }
  }

  async #ask(): Promise<void> {
    const answer = await this.#api.call<webApi.AuthTestResponse>('auth.test');
    this.#identity = { teamId: answer.team_id ?? '', botUserId: answer.user_id ?? '' };
    if (this.#problem !== 'connecting') this.#log.info({}, 'Slack takes the bot token again');
    this.#problem = null;
  }

  #say(problem: string): void {
    if (problem === this.#problem) return;
    this.#problem = problem;
    this.#log.warn({ problem }, 'Slack does not know the bot');
  }
}

const refusedText = 'Slack refuses the bot token: check SLACK_BOT_TOKEN';

function textOf(failure: ReturnType<typeof failureOf>): string {
  switch (failure.kind) {
    case 'limited':
      return 'it asks to wait';
    case 'unauthorised':
      return failure.code;
    default:
      return failure.message;
  }
}
