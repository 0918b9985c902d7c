/** Thrown by work that the platform turned away because of a limit. Nothing was done. */
export class RateLimited extends Error {
  override readonly name = 'RateLimited';
  readonly retryAfterMs: number;
  /** What has to wait: the channel, everything that shares a budget with this priority, or everything. */
  readonly scope: 'channel' | 'class' | 'all';

  constructor(message: string, limit: Pick<RateLimited, 'retryAfterMs' | 'scope'>) {
    super(message);
    this.retryAfterMs = limit.retryAfterMs;
    this.scope = limit.scope;
  }
}

/** For certain nothing was done: the work never began, or each time it did the platform turned it away. */
export class NotSent extends Error {
  override readonly name = 'NotSent';
  /** `full`: the channel's queue was; `late`: its turn did not come in time; `stopped`: the queue was. */
  readonly reason: 'full' | 'late' | 'stopped';
  /** When its turn would have come, where that is known. */
  readonly retryAfterMs: number | null;

  constructor(reason: NotSent['reason'], message: string, retryAfterMs: number | null = null) {
    super(message);
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The work began and did not end in time: it may have been done. */
export class SendTimedOut extends Error {
  override readonly name = 'SendTimedOut';
}
