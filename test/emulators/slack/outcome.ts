import type { JsonObject } from './json.ts';

/** What a route answers. A refusal that nobody asked for becomes a violation. */
export interface Outcome {
  readonly status: number;
  readonly answer: JsonObject | string;
  readonly retryAfterSeconds?: number;
  /** Why the real service would be unhappy with the bot; null where it is not. */
  readonly refused: string | null;
}
