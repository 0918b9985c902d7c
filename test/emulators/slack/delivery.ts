import type { JsonObject } from './json.ts';
import type { EmulatorLog } from './log.ts';

/** Something that Slack tells the bot. */
export interface Push {
  readonly type: 'events_api' | 'slash_commands' | 'interactive';
  readonly payload: JsonObject;
  readonly acceptsResponsePayload: boolean;
  readonly retryAttempt: number;
  readonly retryReason: string;
}

export interface Acknowledgement {
  /** From the moment it was sent to the bot. */
  readonly afterMs: number;
  /** Null where the bot only said that it heard. */
  readonly body: JsonObject | null;
}

/** What the person is told where nothing came back. */
export type DeliveryFailure = 'dispatch_failed' | 'operation_timeout';

/** One push on its way: waiting, sent, acknowledged or failed. Events are sent again, commands and interactions never. */
export class Delivery {
  readonly push: Push;
  acknowledgement: Acknowledgement | null = null;
  failure: DeliveryFailure | null = null;
  readonly #log: EmulatorLog;
  readonly #deadlineMs: number;
  readonly #onAcknowledged: (body: JsonObject | null) => void;
  #sentAtMs: number | null = null;
  #deadline: NodeJS.Timeout | null = null;

  constructor(push: Push, log: EmulatorLog, deadlineMs: number, onAcknowledged: (body: JsonObject | null) => void) {
    this.push = push;
    this.#log = log;
    this.#deadlineMs = deadlineMs;
    this.#onAcknowledged = onAcknowledged;
  }

  get isEvent(): boolean {
    return this.push.type === 'events_api';
  }

  /** On its way, and neither answered nor given up. */
  get isPending(): boolean {
    return this.#deadline !== null;
  }

  /** Starts the clock; `onMissed` is called where nothing came back in time. */
  sent(onMissed: () => void): void {
    this.#sentAtMs = Date.now();
    this.#stopClock();
    this.#deadline = setTimeout(() => {
      this.#deadline = null;
      this.#log.violation('missing acknowledgement', `${this.describe()} within ${this.#deadlineMs} ms`);
      if (!this.isEvent) this.fail('operation_timeout');
      onMissed();
    }, this.#deadlineMs);
  }

  acknowledged(body: JsonObject | null): void {
    const afterMs = Date.now() - (this.#sentAtMs ?? Date.now());
    const isLate = this.#deadline === null;
    this.#stopClock();
    if (isLate) this.#log.violation('late acknowledgement', `${this.describe()} after ${afterMs} ms`);
    if (body !== null && !this.push.acceptsResponsePayload) {
      this.#log.violation('unwanted payload', `${this.describe()} takes no payload: ${JSON.stringify(body)}`);
    }
    const isFirst = this.acknowledgement === null;
    this.acknowledgement ??= { afterMs, body };
    // The person saw an error by then; what a late acknowledgement carries is shown to nobody.
    if (isFirst && !isLate) this.#onAcknowledged(body);
    this.#log.changed();
  }

  /** Nobody was there to take it, or the connection went away under it. */
  fail(failure: DeliveryFailure): void {
    this.#stopClock();
    this.failure ??= failure;
    this.#log.changed();
  }

  /** Lost without anybody's fault. */
  abandon(): void {
    this.#stopClock();
  }

  describe(): string {
    const { type, payload } = this.push;
    return `${type} ${String(payload['command'] ?? payload['event_id'] ?? payload['type'])}`;
  }

  #stopClock(): void {
    if (this.#deadline !== null) clearTimeout(this.#deadline);
    this.#deadline = null;
  }
}

/** A way to the bot: Socket Mode or signed HTTP. */
export interface Transport {
  send(delivery: Delivery): void;
}

/** Slack sends an event again up to three times. */
export const eventRetries = 3;
