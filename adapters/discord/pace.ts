/** How long the adapter waits for what, ms. */
export interface Pace {
  /** Of one request to Discord, its answer's body included. */
  readonly requestLimitMs: number;
  /** Of one attempt to acknowledge: where an answer was lost, three seconds have room for another. */
  readonly acknowledgeLimitMs: number;
  /** Before an interaction's answer is tried a second time; doubles up to `mostRetryMs`. */
  readonly firstRetryMs: number;
  readonly mostRetryMs: number;
  /** Before a second attempt to log in; doubles up to `mostLoginRetryMs`. */
  readonly firstLoginRetryMs: number;
  readonly mostLoginRetryMs: number;
  /** Between attempts where Discord said that trying will not help: a wrong token, intents that are not granted. */
  readonly hopelessRetryMs: number;
  /** How long a client may be without a session before another one takes its place. */
  readonly stuckMs: number;
  /** Between two IDENTIFY; Discord takes one in five seconds. */
  readonly identifyGapMs: number;
  /** Between two changes of the presence. */
  readonly presenceMs: number;
  /** Before commands are registered again where that failed. */
  readonly registrationRetryMs: number;
  /** How long `stop` waits for answers that are on their way; then the queue of posts has 1.5 s, and the process 4.5 s in all. */
  readonly stopLimitMs: number;
}

export const usualPace = {
  requestLimitMs: 10_000,
  acknowledgeLimitMs: 1_200,
  firstRetryMs: 250,
  mostRetryMs: 10_000,
  firstLoginRetryMs: 1_000,
  mostLoginRetryMs: 60_000,
  hopelessRetryMs: 300_000,
  stuckMs: 600_000,
  identifyGapMs: 5_500,
  presenceMs: 20_000,
  registrationRetryMs: 600_000,
  stopLimitMs: 2_800,
} satisfies Pace;
