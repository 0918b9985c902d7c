import { setTimeout as wait } from 'node:timers/promises';
import { type Client, DiscordjsError, DiscordjsErrorCodes, Events, GatewayCloseCodes } from 'discord.js';
import type { Clock } from '../../src/ports/clock.ts';
import type { Log } from '../../src/ports/log.ts';
import { createGatewayClient } from './gateway-client.ts';
import { IdentifyBudget } from './identify-budget.ts';
import type { Pace } from './pace.ts';

export interface GatewayOptions {
  readonly token: string;
  readonly url: string | null;
  readonly pace: Pace;
  readonly clock: Clock;
  readonly log: Log;
  /** Called with every new client, before it connects. */
  readonly attach: (client: Client) => void;
  /** A session is ready: the first, a resumed or a new one. Must not throw. */
  readonly onReady: (client: Client<true>) => void;
}

/** Why there is no session, in words for an operator. */
interface Ending {
  readonly reason: string;
  /** Trying again helps only after somebody mended something. */
  readonly isHopeless: boolean;
}

const WRONG_TOKEN = 'Discord refuses the bot token: check DISCORD_TOKEN';

const hopelessCloses: Readonly<Record<number, string>> = {
  [GatewayCloseCodes.AuthenticationFailed]: WRONG_TOKEN,
  [GatewayCloseCodes.InvalidIntents]: 'Discord does not know an intent that the bot asks for',
  [GatewayCloseCodes.DisallowedIntents]: 'Discord does not grant an intent that the bot asks for',
  [GatewayCloseCodes.ShardingRequired]: 'the bot is in too many servers for one session',
};

/**
 * One session after another for as long as it runs. Dropped sessions are resumed by discord.js's client; where that gives up,
 * or never comes up, another client is made, after a wait that grows.
 */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #budget: IdentifyBudget;
  readonly #stop = new AbortController();
  #client: Client | null = null;
  #running: Promise<void> = Promise.resolve();
  #isReady = false;
  #reason = 'not started';

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#budget = new IdentifyBudget({ gapMs: options.pace.identifyGapMs, clock: options.clock });
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  /** The client of the session that is ready, or the last that was. */
  get client(): Client<true> | null {
    return this.#client?.isReady() === true ? this.#client : null;
  }

  detail(): string {
    return this.#isReady ? 'connected' : this.#reason;
  }

  start(): void {
    this.#reason = 'connecting';
    this.#running = this.#keepConnected();
  }

  async stop(): Promise<void> {
    this.#isReady = false;
    this.#reason = 'stopped';
    this.#stop.abort();
    await this.#running;
  }

  async #keepConnected(): Promise<void> {
    const { pace, log } = this.#options;
    let failures = 0;
    let lastReason = '';
    while (!this.#stop.signal.aborted) {
      const { ending, wasReady } = await this.#session();
      if (this.#stop.signal.aborted) return;
      failures = wasReady ? 1 : failures + 1;
      this.#reason = ending.reason;
      // Once for a reason: it may stay for days. A single refusal passes now and then.
      if (ending.reason !== lastReason && !(ending.isHopeless && failures === 1)) {
        log.error({ reason: ending.reason }, 'no session with Discord');
        lastReason = ending.reason;
      }
      if (wasReady) lastReason = '';
      const waitMs =
        ending.isHopeless && failures > 1
          ? pace.hopelessRetryMs
          : Math.min(pace.mostLoginRetryMs, pace.firstLoginRetryMs * 2 ** (failures - 1));
      await wait(waitMs, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
  }

  /** Until its client gave up, or `stop`. */
  async #session(): Promise<{ readonly ending: Ending; readonly wasReady: boolean }> {
    const { token, url, pace, log } = this.#options;
    const { requestLimitMs } = pace;
    const ended = new AbortController();
    const client = createGatewayClient({ url, requestLimitMs, budget: this.#budget, log, ended: ended.signal });
    const ending = Promise.withResolvers<Ending>();
    const giveUp = () => ending.resolve({ reason: 'no session came up', isHopeless: false });
    let stuck = setTimeout(giveUp, pace.stuckMs);
    let wasReady = false;
    const ready = (): void => {
      // A client that is being let go of may come up all the same.
      if (ended.signal.aborted) return;
      wasReady = true;
      clearTimeout(stuck);
      this.#isReady = true;
      this.#reason = 'connected';
      log.info({}, 'session with Discord is ready');
      if (client.isReady()) this.#options.onReady(client);
    };
    client.on(Events.ClientReady, ready);
    // Of a client's first session the event comes before the client itself is ready.
    client.on(Events.ShardReady, () => client.isReady() && ready());
    client.on(Events.ShardResume, ready);
    client.on(Events.ShardReconnecting, () => {
      log.debug({}, 'connecting again');
      if (this.#isReady) stuck = setTimeout(giveUp, pace.stuckMs);
      this.#lose('reconnecting');
    });
    client.on(Events.ShardDisconnect, ({ code }) => ending.resolve(closeEnding(code)));
    this.#options.attach(client);
    this.#client = client;
    const stopped = () => ending.resolve({ reason: 'stopped', isHopeless: false });
    this.#stop.signal.addEventListener('abort', stopped, { once: true });
    client.login(token).catch((error: unknown) => ending.resolve(loginEnding(error)));
    const how = await ending.promise;
    clearTimeout(stuck);
    this.#stop.signal.removeEventListener('abort', stopped);
    this.#lose(how.reason);
    ended.abort();
    await client.destroy().catch((err: unknown) => log.warn({ err }, 'session not closed'));
    client.removeAllListeners();
    // What still fails in a client that is let go of is nobody's.
    client.on(Events.Error, () => undefined);
    return { ending: how, wasReady };
  }

  #lose(reason: string): void {
    if (this.#isReady) this.#options.log.info({ reason }, 'session with Discord lost');
    this.#isReady = false;
    if (!this.#stop.signal.aborted) this.#reason = reason;
  }
}

function closeEnding(code: number): Ending {
  const reason = hopelessCloses[code];
  if (reason === undefined) return { reason: `the gateway closed the session (${code})`, isHopeless: false };
  return { reason, isHopeless: true };
}

function loginEnding(error: unknown): Ending {
  if (error instanceof DiscordjsError && error.code === DiscordjsErrorCodes.TokenInvalid) {
    return { reason: WRONG_TOKEN, isHopeless: true };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { reason: `no connection to Discord: ${message}`, isHopeless: false };
}
