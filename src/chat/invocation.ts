import type { Reply } from './reply.ts';

/** Something typed or clicked by somebody, as an adapter hands it to dispatch. */
export interface Invocation {
  readonly platform: 'console' | 'ask' | 'discord' | 'slack';
  /** What was typed after the bot's name: `profit site:quebec`. */
  readonly text: string;
  readonly user: { readonly id: string; readonly name: string };
  readonly channel: string;
  readonly locale: string;
}

/** `answered`; `user` — the asker's mistake; `upstream` — something outside failed; `bug` — ours. */
export type Outcome = 'answered' | 'user' | 'upstream' | 'bug';

export interface Answer {
  readonly outcome: Outcome;
  /** The command's name, or null where none was found. */
  readonly command: string | null;
  /** Null unless answered. */
  readonly facts: unknown;
  readonly reply: Reply;
}

/** Answers an invocation; never throws. */
export type Dispatch = (invocation: Invocation) => Promise<Answer>;
