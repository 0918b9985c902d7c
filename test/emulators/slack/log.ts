import { EventEmitter } from 'node:events';

/** Everything that crossed the wire, in order. Times are Unix ms of the machine's clock. */
export type LogEntry = RequestEntry | FrameEntry | PushEntry;

export interface RequestEntry {
  readonly kind: 'request';
  /** A Web API method (`chat.update`), or `response_url`, `upload`, or the path of a route nobody handles. */
  readonly method: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** Null where the connection was cut or never answered. */
  readonly status: number | null;
  readonly answer: unknown;
  readonly atMs: number;
}

export interface FrameEntry {
  readonly kind: 'frame';
  readonly direction: 'to bot' | 'from bot';
  readonly socket: number;
  readonly frame: unknown;
  readonly atMs: number;
}

/** A signed request to the bot's own endpoint. */
export interface PushEntry {
  readonly kind: 'push';
  readonly type: string;
  readonly retryNum: number;
  readonly status: number | null;
  readonly answer: string;
  readonly atMs: number;
}

export interface Violation {
  readonly kind: string;
  readonly detail: string;
}

const entriesInFailure = 8;

/** Records what happened and lets tests wait for it. */
export class EmulatorLog {
  readonly #changes = new EventEmitter();
  readonly #entries: LogEntry[] = [];
  #violations: Violation[] = [];
  readonly #unhandledRoutes: string[] = [];

  constructor() {
    this.#changes.setMaxListeners(0);
  }

  entries(): readonly LogEntry[] {
    return this.#entries;
  }

  /** Requests the bot made, oldest first; of one method where it is given. */
  requests(method?: string): readonly RequestEntry[] {
    return this.#entries.filter(
      (entry): entry is RequestEntry => entry.kind === 'request' && (method === undefined || entry.method === method),
    );
  }

  violations(): readonly Violation[] {
    return this.#violations;
  }

  /** Takes the violations of a kind out, for a test that means them. @throws Error where there is none. */
  takeViolations(kind: string): readonly Violation[] {
    const taken = this.#violations.filter((violation) => violation.kind === kind);
    if (taken.length === 0) throw new Error(`no violation "${kind}" among ${JSON.stringify(this.#violations)}`);
    this.#violations = this.#violations.filter((violation) => violation.kind !== kind);
    return taken;
  }

  unhandledRoutes(): readonly string[] {
    return this.#unhandledRoutes;
  }

  add(entry: LogEntry): void {
    this.#entries.push(entry);
    this.changed();
  }

  violation(kind: string, detail: string): void {
    this.#violations.push({ kind, detail });
    this.changed();
  }

  unhandled(route: string): void {
    this.#unhandledRoutes.push(route);
    this.changed();
  }

  /** Tells waiting tests to look again. */
  changed(): void {
    this.#changes.emit('change');
  }

  /** The first truthy value of a probe, looked at after every change; rejects after the limit with the newest entries. */
  async until<Value>(probe: () => Value, limitMs: number, waitingFor: string): Promise<NonNullable<Value>> {
    const { promise, resolve, reject } = Promise.withResolvers<NonNullable<Value>>();
    const look = (): void => {
      try {
        const value = probe();
        if (value) resolve(value);
      } catch (error) {
        reject(error);
      }
    };
    const limit = setTimeout(() => reject(new Error(this.#failure(waitingFor, limitMs))), limitMs);
    // Probes may look at things outside the emulator, which announce nothing.
    const recheck = setInterval(look, 10);
    this.#changes.on('change', look);
    look();
    try {
      return await promise;
    } finally {
      clearTimeout(limit);
      clearInterval(recheck);
      this.#changes.off('change', look);
    }
  }

  #failure(waitingFor: string, limitMs: number): string {
    const newest = this.#entries.slice(-entriesInFailure).map((entry) => `  ${JSON.stringify(entry).slice(0, 300)}`);
    const violations = this.#violations.map(({ kind, detail }) => `  ${kind}: ${detail}`);
    return [`No ${waitingFor} within ${limitMs} ms. Newest entries:`, ...newest, 'Violations:', ...violations].join(
      '\n',
    );
  }
}
