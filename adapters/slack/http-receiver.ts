import type { IncomingMessage, ServerResponse } from 'node:http';
import { HTTPReceiver } from '@slack/bolt';
import type { Clock } from '../../src/ports/clock.ts';
import type { Log } from '../../src/ports/log.ts';
import { boltLogger } from './bolt-logger.ts';

/** Where Slack posts events, commands and everything that is pressed. */
export const eventsPath = '/slack/events';

const COMPLAINT_EVERY_MS = 600_000;

/** Bolt's receiver behind a listener of ours: it opens no port. */
export class MountedReceiver {
  readonly bolt: HTTPReceiver;
  readonly #log: Log;
  readonly #clock: Clock;
  #complainedMs = Number.NEGATIVE_INFINITY;
  #onlyRefused = false;
  #isStopped = false;

  constructor({ signingSecret, log, clock }: { signingSecret: string; log: Log; clock: Clock }) {
    this.#log = log;
    this.#clock = clock;
    this.bolt = new HTTPReceiver({ signingSecret, endpoints: [eventsPath], logger: boltLogger(log) });
  }

  /** Whether the newest request was not signed as Slack signs. */
  get onlyRefused(): boolean {
    return this.#onlyRefused;
  }

  /** What still comes is refused: Slack repeats events, and says so to whoever typed or pressed. */
  stop(): void {
    this.#isStopped = true;
  }

  readonly requestListener = (request: IncomingMessage, response: ServerResponse): void => {
    if (this.#isStopped) {
      response.writeHead(503, { connection: 'close' }).end();
      return;
    }
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
