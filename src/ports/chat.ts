import type { CommandDescription, Presentation, Visibility } from '../chat/command.ts';
import type { CompleteName } from '../chat/complete-line.ts';
import type { Dispatch } from '../chat/invocation.ts';
import type { Reply } from '../chat/reply.ts';
import type { SendPriority } from '../chat/send-queue.ts';

export type { Answer, Dispatch, Invocation, Outcome } from '../chat/invocation.ts';

/** A place where people ask. */
export interface ChatAdapter {
  readonly name: string;
  /** Whether it can take questions now. */
  connected(): boolean;
  /** How it is connected, or what keeps it from being, in words. */
  detail?(): string;
  start(): Promise<void>;
  /** Lets running answers finish. */
  stop(): Promise<void>;
  /** Null where nothing can be posted unasked, as on a terminal. */
  readonly sender?: ChatSender;
}

/** What the application does for a place where people ask. */
export interface ChatHost {
  readonly dispatch: Dispatch;
  readonly complete: CompleteName;
  /** Every command, in the order of help. */
  readonly commands: readonly CommandDescription[];
  /** Who will see the answer to a line; known before it is answered, because platforms fix it with the acknowledgement. */
  visibilityOf(text: string): Visibility;
  /** True the first time that this id is shown; platforms repeat what they think was lost. */
  isNew(eventId: string): boolean;
  /** How to print for a locale, as it is now. */
  presentation(locale: string): Presentation;
  /** The fleet in a line, for a presence; null before the first observation. */
  fleetLine(locale: string): string | null;
  /** Says something to the admins of that platform, once for a key however often it is called. */
  tellAdmins(notice: AdminNotice): void;
}

export interface AdminNotice {
  readonly platform: string;
  /** `missing permission SEND_MESSAGES in 1234`. */
  readonly key: string;
  /** What is wrong and what to do, in English. */
  readonly text: string;
}

/** Something to be said without being asked. */
export interface Post {
  /** Names this post for ever; the platform carries it hidden, so that it can be found again. At most 40 of [a-z0-9-]. */
  readonly key: string;
  /** The platform's id of the channel, or `admins`: wherever that platform's admins are told. */
  readonly channel: string;
  readonly reply: Reply;
  readonly locale: string;
  /** It may have been said before, and nobody can look: the post says so. */
  readonly possibleRepeat: boolean;
}

/** What the platform gave for a message, enough to edit it; plain JSON. */
export interface Receipt {
  readonly channel: string;
  readonly message: string;
}

export type Found =
  | { readonly kind: 'there'; readonly receipt: Receipt }
  | { readonly kind: 'not there' }
  /** No history may be read, or it does not reach back that far. */
  | { readonly kind: 'cannot look'; readonly why: string };

/** Posts into channels; every call waits its turn behind more urgent ones of that channel. */
export interface ChatSender {
  readonly platform: string;
  /** @throws SendFailure */
  send(post: Post, priority: SendPriority): Promise<Receipt>;
  /** Replaces what a message says; edits of one message that still wait become one. @throws SendFailure */
  edit(receipt: Receipt, post: Post): Promise<Receipt>;
  /** Whether a post with this key stands in the channel since then. @throws SendFailure */
  find(sought: { readonly key: string; readonly channel: string; readonly sinceMs: number }): Promise<Found>;
}

/**
 * Why a post was not made. `not sent`: for certain, and it can be tried again; `unknown`: it may stand there, look before
 * trying again; `refused`: trying again will not help (no such channel, no permission, message deleted).
 */
export class SendFailure extends Error {
  override readonly name = 'SendFailure';
  readonly kind: 'not sent' | 'unknown' | 'refused';
  readonly retryAfterMs: number | null;

  constructor(kind: SendFailure['kind'], message: string, options?: { cause?: unknown; retryAfterMs?: number | null }) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.retryAfterMs = options?.retryAfterMs ?? null;
  }
}
