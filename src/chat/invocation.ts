import type { Reply } from './reply.ts';

/** Something typed or clicked by somebody, as an adapter hands it to dispatch. */
export interface Invocation {
  /** The adapter's name: `console`, `discord`, `slack`. */
  readonly platform: string;
  /** What was typed after the bot's name: `profit site:quebec`; typed options and buttons are written the same way. */
  readonly text: string;
  readonly user: Asker;
  /** The platform's id of the place; what is said there is seen by those who are in it. */
  readonly channel: string;
  readonly locale: string;
  /** The platform's id of this event, or null where it never repeats one. What changes something is done once for an id. */
  readonly id: string | null;
}

export interface Asker {
  /** The platform's id; never a name. */
  readonly id: string;
  readonly name: string;
  /** Ids of the platform's roles or user groups that the asker is in. */
  readonly groups: readonly string[];
  /** Whether the platform itself puts the asker in charge of the place: owner, Manage Server, whoever started a console. */
  readonly administers: boolean;
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
