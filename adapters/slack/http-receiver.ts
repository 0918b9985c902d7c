import type { IncomingMessage, ServerResponse } from 'node:http';
import { HTTPReceiver } from '@slack/bolt';
import type { Clock } from '../../src/ports/clock.ts';
import type { Log } from '../../src/ports/log.ts';
import { boltLogger } from './bolt-logger.ts';

/** Where Slack posts events, commands and everything that is pressed. */
export const eventsPath = '/slack/events';

const COMPLAINT_EVERY_MS = 600_000;
/** Several times what a message or a form with everything in it takes. */
const MOST_BODY_BYTES = 1024 * 1024;

/** Bolt's receiver behind a listener of ours: it opens no port. */
export class MountedReceiver {
  readonly bolt: HTTPReceiver;
  readonly #log: Log;
  readonly #clock: Clock;
  #complainedMs = Number.NEGATIVE_INFINITY;
  #onlyRefused = false;
  #isTaking = false;
  /** Requests that are not answered yet, with when they are. */
  readonly #open = new Map<IncomingMessage, Promise<void>>();

  constructor({ signingSecret, log, clock }: { signingSecret: string; log: Log; clock: Clock }) {
    this.#log = log;
    this.#clock = clock;
    this.bolt = new HTTPReceiver({
      signingSecret,
      endpoints: [eventsPath],
      bodyLimit: MOST_BODY_BYTES,
      logger: boltLogger(log),
    });
  }

  /** Whether the newest request was not signed as Slack signs. */
  get onlyRefused(): boolean {
    return this.#onlyRefused;
  }

  /** Once Bolt's application is there: what comes before is refused, as after `stop`. */
  start(): void {
    this.#isTaking = true;
  }

  /**
   * What still comes, or has come in part, is refused: Slack repeats events, and says so to whoever typed or pressed. Settles when
   * what has come whole is acknowledged.
   */
  async stop(): Promise<void> {
    this.#isTaking = false;
    for (const request of this.#open.keys()) if (!request.complete) request.destroy();
    await Promise.all(this.#open.values());
  }

  readonly requestListener = (request: IncomingMessage, response: ServerResponse): void => {
    if (!this.#isTaking) {
      response.writeHead(503, { connection: 'close' }).end();
      return;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#open.set(request, promise);
    response.once('close', () => {
      this.#open.delete(request);
      resolve();
    });
    response.once('finish', () => this.#answered(response.statusCode));
    try {
      this.bolt.requestListener(request, response);
    } catch {
      // Another path or method than Slack uses.
      response.writeHead(404, { connection: 'close' }).end();
    }
  };

  #answered(status: number): void {
    if (status !== 401) {
      if (status === 200) this.#onlyRefused = false;
      return;
    }
    this.#onlyRefused = true;
    if (this.#clock.now() - this.#complainedMs < COMPLAINT_EVERY_MS) return;
    this.#complainedMs = this.#clock.now();
    this.#log.warn({}, 'a request was not signed with SLACK_SIGNING_SECRET');
  }
}
