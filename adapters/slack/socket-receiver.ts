import { setTimeout as wait } from 'node:timers/promises';
import type { App, Receiver } from '@slack/bolt';
import type { Clock } from '../../src/ports/clock.ts';
import type { Log } from '../../src/ports/log.ts';
import { clientOptions } from './api.ts';
import { failureOf } from './api-failure.ts';
import type { Pace } from './pace.ts';
import { type OpenSocket, openSocket } from './socket.ts';

export interface SocketReceiverOptions {
  readonly appToken: string;
  /** Null for the real one. */
  readonly apiUrl: string | null;
  readonly pace: Pace;
  readonly clock: Clock;
  readonly log: Log;
}

/** Slack takes up to ten for an app. Each is doubled for a moment when it is replaced, and so is the process. */
const SOCKETS = 2;
/** A socket that lived so long was a good one. */
const GOOD_LIFE_MS = 10_000;
/** Slack's reasons for which another socket would fare no better. */
const hopeless = new Set(['link_disabled', 'too_many_websockets']);

/** Keeps two sockets of Socket Mode open; one that Slack wants to close is replaced before it closes. */
export class SocketReceiver implements Receiver {
  readonly #options: SocketReceiverOptions;
  readonly #ended = new AbortController();
  readonly #open = new Set<OpenSocket>();
  readonly #keeping: Promise<void>[] = [];
  #app: App | null = null;
  /** Settles when nobody opens a socket any more. */
  #opening: Promise<unknown> = Promise.resolve();
  /** Slack asked to wait until then. */
  #heldUntilMs = 0;
  #problem: string | null = 'not started';

  constructor(options: SocketReceiverOptions) {
    this.#options = options;
  }

  get connections(): number {
    return [...this.#open].filter(({ isOpen }) => isOpen).length;
  }

  /** What keeps it from being connected, or kept it last. */
  get problem(): string | null {
    return this.#problem;
  }

  init(app: App): void {
    this.#app = app;
  }

  /** Settles before anything is connected. */
  async start(): Promise<void> {
    const app = this.#app;
    if (app === null) throw new Error('started before Bolt knows of it');
    this.#problem = 'connecting';
    for (let seat = 0; seat < SOCKETS; seat += 1) this.#keeping.push(this.#keep(app));
  }

  async stop(): Promise<void> {
    this.#ended.abort();
    await Promise.all(this.#keeping);
    for (const socket of this.#open) this.#close(socket);
  }

  /** One socket after the other, for as long as it is started. */
  async #keep(app: App): Promise<void> {
    const { clock, pace } = this.#options;
    const { signal } = this.#ended;
    const stopped = new Promise<'stopped'>((resolve) => {
      signal.addEventListener('abort', () => resolve('stopped'), { once: true });
    });
    let old: OpenSocket | null = null;
    for (let failures = 0; !signal.aborted; ) {
      let delayMs: number;
      try {
        const socket = await this.#inTurn(() => this.#openOne(app));
        if (old !== null) this.#retire(old);
        old = socket;
        const sinceMs = clock.now();
        const why = await Promise.race([socket.left, stopped]);
        // Bolt leaves a timer of half a minute behind a socket that closed.
        if (why === 'closed') this.#close(socket);
        // The first time at once: nothing is heard meanwhile.
        failures = clock.now() - sinceMs < GOOD_LIFE_MS ? failures + 1 : 0;
        delayMs = hopeless.has(why) ? this.#giveUpFor(why) : failures > 1 ? this.#delayMs(failures - 1) : 0;
      } catch (error) {
        failures += 1;
        delayMs = this.#note(error) ? pace.hopelessRetryMs : this.#delayMs(failures);
      }
      if (delayMs > 0) await wait(delayMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** One opens at a time, so that what Slack says to one holds for the next. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#opening.then(work);
    this.#opening = turn.catch(() => undefined);
    return turn;
  }

  async #openOne(app: App): Promise<OpenSocket> {
    const { appToken, apiUrl, pace, clock, log } = this.#options;
    const { signal } = this.#ended;
    const heldMs = this.#heldUntilMs - clock.now();
    if (heldMs > 0) await wait(heldMs, undefined, { signal });
    signal.throwIfAborted();
    const options = clientOptions({ url: apiUrl, requestLimitMs: pace.requestLimitMs, log, signal });
    const socket = await openSocket({ app, appToken, clientOptions: options, pace, log, signal });
    this.#open.add(socket);
    if (this.#problem !== null && this.#problem !== 'connecting') log.info({}, 'connected to Slack again');
    this.#problem = null;
    return socket;
  }

  /** After a while: what Slack sent over it before it knew of the new one shall be answered. */
  #retire(socket: OpenSocket): void {
    const { signal } = this.#ended;
    const closed = wait(this.#options.pace.leaveAfterMs, undefined, { signal })
      .catch(() => undefined)
      .then(() => this.#close(socket));
    this.#keeping.push(closed);
    void closed.finally(() => this.#keeping.splice(this.#keeping.indexOf(closed), 1));
  }

  #close(socket: OpenSocket): void {
    this.#open.delete(socket);
    socket.close();
  }

  #delayMs(failures: number): number {
    const { firstConnectRetryMs, mostConnectRetryMs } = this.#options.pace;
    return Math.min(firstConnectRetryMs * 2 ** (failures - 1), mostConnectRetryMs);
  }

  #giveUpFor(reason: string): number {
    this.#say(
      reason === 'link_disabled'
        ? 'Socket Mode is switched off in the settings of the Slack app'
        : 'too many programs are connected to Slack with this app token',
    );
    return this.#options.pace.hopelessRetryMs;
  }

  /** Says what is wrong, once; true where trying soon will not help. */
  #note(error: unknown): boolean {
    if (this.#ended.signal.aborted) return false;
    const failure = failureOf(error);
    if (failure.kind === 'limited') this.#heldUntilMs = this.#options.clock.now() + failure.retryAfterMs;
    if (failure.kind === 'unauthorised') this.#say('Slack refuses the app token: check SLACK_APP_TOKEN');
    else if (failure.kind === 'refused') this.#say(`Slack opens no socket: ${failure.message}`);
    else this.#say(`Slack cannot be reached: ${failure.kind === 'limited' ? 'it asks to wait' : failure.message}`);
    return failure.kind === 'unauthorised' || failure.kind === 'refused';
  }

  #say(problem: string): void {
    if (problem === this.#problem) return;
    this.#problem = problem;
    this.#options.log.warn({ problem }, 'not connected to Slack');
  }
}
