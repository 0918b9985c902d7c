/** What a test can make the service do to requests. `refusal` answers `{ ok: false, error }`. */
export type FaultKind =
  | { readonly kind: '429'; readonly retryAfterSeconds: number }
  | { readonly kind: '5xx'; readonly status?: number }
  | { readonly kind: 'invalid_auth' }
  | { readonly kind: 'refusal'; readonly error: string }
  /** Never answers, until released. */
  | { readonly kind: 'hang' }
  /** Cuts the connection before anything is done. */
  | { readonly kind: 'reset' }
  /** Does it, then cuts the connection: posted, but the answer is lost. */
  | { readonly kind: 'apply then reset' };

export type FaultOptions = FaultKind & {
  /** A Web API method, `response_url` or `upload`; default: every request. */
  readonly method?: string;
  /** Default: until released. */
  readonly times?: number;
};

export interface FaultHandle extends Disposable {
  /** How many requests it hit so far. */
  hits(): number;
  release(): void;
}

interface ActiveFault {
  readonly options: FaultOptions;
  readonly released: Promise<void>;
  hits: number;
}

/** A fault that a request met, and when it ends for those that hang. */
export interface MetFault {
  readonly kind: FaultKind;
  readonly released: Promise<void>;
}

export class Faults {
  readonly #active = new Set<ActiveFault>();
  readonly #release: (() => void)[] = [];

  add(options: FaultOptions): FaultHandle {
    const { promise, resolve } = Promise.withResolvers<void>();
    const fault: ActiveFault = { options, released: promise, hits: 0 };
    this.#active.add(fault);
    const release = (): void => {
      this.#active.delete(fault);
      resolve();
    };
    this.#release.push(release);
    return { hits: () => fault.hits, release, [Symbol.dispose]: release };
  }

  releaseAll(): void {
    for (const release of this.#release) release();
  }

  /** The oldest fault that is meant for a method; meeting it uses it up once. */
  meet(method: string): MetFault | null {
    for (const fault of this.#active) {
      const { options } = fault;
      if (options.method !== undefined && options.method !== method) continue;
      fault.hits += 1;
      if (options.times !== undefined && fault.hits >= options.times) this.#active.delete(fault);
      return { kind: options, released: fault.released };
    }
    return null;
  }
}
