/** The user's mistake: what is wrong and what to do. Becomes a friendly reply. */
export class UserError extends Error {
  override readonly name = 'UserError';
  /** What to type or change instead; one sentence. */
  readonly remedy: string | null;
  constructor(message: string, remedy: string | null = null) {
    super(message);
    this.remedy = remedy;
  }
}

/** Something outside failed. Comes from adapters alone. */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError';
  /** Which outside system, as an operator would name it: `prometheus`, `store`. */
  readonly system: string;
  readonly retryable: boolean;
  readonly retryAfterMs: number | null;
  constructor(
    system: string,
    message: string,
    options: { retryable?: boolean; retryAfterMs?: number | null; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.system = system;
    this.retryable = options.retryable ?? true;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}
