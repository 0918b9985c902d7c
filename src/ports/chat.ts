export type { Answer, Dispatch, Invocation, Outcome } from '../chat/invocation.ts';

/** A place where people ask. */
export interface ChatAdapter {
  readonly name: string;
  /** Whether it can take questions now. */
  connected(): boolean;
  start(): Promise<void>;
  /** Lets running answers finish. */
  stop(): Promise<void>;
}
