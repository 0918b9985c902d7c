export interface Violation {
  readonly kind: string;
  readonly detail: string;
}

export interface LoggedRequest {
  /** Unix ms, by the machine's clock. */
  readonly atMs: number;
  readonly method: string;
  /** The template it matched, or null where there is no such route. */
  readonly route: string | null;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  body: unknown;
  /** Null until it is answered; stays null where it never was. */
  status: number | null;
  answer: unknown;
  /** The planned fault it met. */
  fault: string | null;
}

const MOST_ENTRIES = 20_000;

/** Everything a client did, in order, and what of it the real service would not have taken. */
export class EmulatorLog<Frame> {
  readonly requests: LoggedRequest[] = [];
  readonly frames: Frame[] = [];
  readonly #unhandled: string[] = [];
  #violations: Violation[] = [];

  request(entry: LoggedRequest): void {
    keep(this.requests, entry);
  }

  frame(entry: Frame): void {
    keep(this.frames, entry);
  }

  unhandled(method: string, path: string): void {
    keep(this.#unhandled, `${method} ${path}`);
  }

  violation(kind: string, detail: string): void {
    keep(this.#violations, { kind, detail });
  }

  get violations(): readonly Violation[] {
    return this.#violations;
  }

  get unhandledRoutes(): readonly string[] {
    return this.#unhandled;
  }

  /** Takes the violations of a kind out, for a test that means them. @throws where there is none. */
  takeViolations(kind: string): readonly Violation[] {
    const taken = this.#violations.filter((violation) => violation.kind === kind);
    if (taken.length === 0) throw new Error(`no violation "${kind}"; ${this.describe()}`);
    this.#violations = this.#violations.filter((violation) => violation.kind !== kind);
    return taken;
  }

  /** @throws with every violation, of these `more` too, and every route that is not there. */
  assertClean(more: readonly Violation[] = []): void {
    if (this.#violations.length + this.#unhandled.length + more.length > 0) throw new Error(this.describe(more));
  }

  /** Everything that is wrong, line by line. */
  describe(more: readonly Violation[] = []): string {
    const lines = [
      ...[...this.#violations, ...more].map(({ kind, detail }) => `${kind}: ${detail}`),
      ...this.#unhandled.map((route) => `unhandled route: ${route}`),
    ];
    return lines.length === 0 ? 'nothing is wrong' : `the client did wrong:\n${lines.join('\n')}`;
  }
}

function keep<Entry>(entries: Entry[], entry: Entry): void {
  entries.push(entry);
  if (entries.length > MOST_ENTRIES) entries.shift();
}
