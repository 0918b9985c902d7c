import { ActivityType, type Client } from 'discord.js';
import type { Log } from '../../src/ports/log.ts';

/** Of a custom status. */
const STATE_LENGTH = 128;

/** Shows a line as the bot's status: when it changed, not more often than every `everyMs`, and anew in every session. */
export class Presence {
  readonly #line: () => string | null;
  readonly #client: () => Client<true> | null;
  readonly #everyMs: number;
  readonly #log: Log;
  #shown: string | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: {
    readonly line: () => string | null;
    /** Null while there is no session. */
    readonly client: () => Client<true> | null;
    readonly everyMs: number;
    readonly log: Log;
  }) {
    this.#line = options.line;
    this.#client = options.client;
    this.#everyMs = options.everyMs;
    this.#log = options.log;
  }

  /** A new session shows nothing yet. */
  begin(): void {
    this.stop();
    this.#timer = setInterval(() => this.#update(), this.#everyMs).unref();
    this.#shown = null;
    this.#update();
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #update(): void {
    try {
      const line = this.#line();
      const client = this.#client();
      if (line !== null && line !== this.#shown && client !== null) this.#show(line, client);
    } catch (err) {
      this.#log.warn({ err }, 'presence not shown');
    }
  }

  #show(line: string, client: Client<true>): void {
    const state = line.length <= STATE_LENGTH ? line : `${line.slice(0, STATE_LENGTH - 1)}…`;
    client.user.setPresence({ status: 'online', activities: [{ name: state, state, type: ActivityType.Custom }] });
    this.#shown = line;
  }
}
