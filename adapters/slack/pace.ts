/** How long the adapter waits for what, ms. */
export interface Pace {
  /** Of one request to Slack, its answer's body included; below the send queue's limit for one try. */
  readonly requestLimitMs: number;
  /** Before an answer is tried a second time; doubles up to `mostRetryMs`. */
  readonly firstRetryMs: number;
  readonly mostRetryMs: number;
  /** How long an answer is tried. */
  readonly answerLimitMs: number;
  /** Between two posts in one channel; Slack takes about one a second. */
  readonly postGapMs: number;
  /** Before a second attempt to connect or to check the token; doubles up to `mostConnectRetryMs`. */
  readonly firstConnectRetryMs: number;
  readonly mostConnectRetryMs: number;
  /** Between attempts where Slack said that trying will not help: a wrong token, Socket Mode switched off. */
  readonly hopelessRetryMs: number;
  /** From the opening of a socket to Slack's hello. */
  readonly helloLimitMs: number;
  /** Without an answer to a ping for so long a socket is dead; it is pinged three times in that time. */
  readonly pongLimitMs: number;
  /** Slack pings every few seconds. */
  readonly pingLimitMs: number;
  /** A socket that is replaced may still bring what Slack sent before it knew. */
  readonly leaveAfterMs: number;
  /** For everything that Slack says of whoever asks. */
  readonly identityLimitMs: number;
  /** For the language of whoever opens a form: Slack waits 3 s for that. */
  readonly formLocaleLimitMs: number;
  /** For all pictures of a message: drawn, uploaded and looked through. */
  readonly pictureLimitMs: number;
  /** Between two looks whether Slack has taken in a picture. */
  readonly pictureRetryMs: number;
  /** Between two refreshes of somebody's Home tab. */
  readonly homeRefreshMs: number;
  /** How long a Home tab is kept fresh after it was opened. */
  readonly homeIdleMs: number;
  /** How long `stop` waits for answers that are on their way. */
  readonly stopLimitMs: number;
}

export const usualPace = {
  requestLimitMs: 8_000,
  firstRetryMs: 250,
  mostRetryMs: 10_000,
  answerLimitMs: 60_000,
  postGapMs: 1_000,
  firstConnectRetryMs: 500,
  mostConnectRetryMs: 60_000,
  hopelessRetryMs: 300_000,
  helloLimitMs: 10_000,
  pongLimitMs: 3_000,
  pingLimitMs: 30_000,
  leaveAfterMs: 1_000,
  identityLimitMs: 2_500,
  formLocaleLimitMs: 1_000,
  pictureLimitMs: 6_000,
  pictureRetryMs: 400,
  homeRefreshMs: 60_000,
  homeIdleMs: 1_800_000,
  stopLimitMs: 3_000,
} satisfies Pace;
