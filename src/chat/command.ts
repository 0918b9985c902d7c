import type { z } from 'zod';
import type { Say } from './languages/say.ts';
import type { Reply } from './reply.ts';

/** Who may ask. Each role may do what the one before it may. */
export type Role = 'viewer' | 'operator' | 'admin';

/** One typed option: `name:value`. */
export interface CommandOption {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  /** `rig`, `site`, `model`, `coin`: completed from the snapshot; `choice`: from `choices`. */
  readonly kind: 'rig' | 'site' | 'model' | 'coin' | 'choice' | 'text' | 'number' | 'boolean';
  readonly choices?: readonly string[];
  /** The value may be given without its name: `rig a1` is `rig name:a1`. At most one option of a command. */
  readonly positional?: boolean;
}

/** How to print: the reader's locale and zone. */
export interface Presentation {
  readonly locale: string;
  readonly timeZone: string;
  /** Unix ms of the answer, for ages. */
  readonly nowMs: number;
  /** In the reader's language. */
  readonly say: Say;
}

/** Who sees an answer where many listen: everybody in the channel, or the asker alone. */
export type Visibility = 'channel' | 'asker';

/**
 * A question that can be asked: options to facts, facts to a reply. `Context` is what the questions may look at; the
 * application hands it in, so that chat knows nothing of fleets.
 */
export interface Command<Context, Options = unknown, Facts = unknown> {
  readonly name: string;
  /** One line for help. */
  readonly summary: string;
  /** Words of habit that mean this command. */
  readonly aliases: readonly string[];
  /** Aliases that bring options along: `temps` is `rigs sort:temp`. */
  readonly shorthands: Readonly<Record<string, string>>;
  readonly role: Role;
  /** Whether it changes something (then it is audited). */
  readonly changes: boolean;
  readonly visibility: Visibility;
  readonly options: readonly CommandOption[];
  /** Examples that work on any farm that has what they name. */
  readonly examples: readonly string[];
  /** Raw text values in, typed options out; its messages are shown to the user. */
  readonly parse: z.ZodType<Options>;
  /** The shape of the facts: what `--json` prints. */
  readonly facts: z.ZodType<Facts>;
  /** @throws UserError for what the asker can mend. */
  run(options: Options, context: Context): Promise<Facts>;
  present(facts: Facts, presentation: Presentation): Reply;
}

/** A command whose own types are known to itself alone; what lists and dispatch hold. */
export type AnyCommand<Context> = Command<Context>;

/** A command as those see it who let people type, click or complete it. */
export type CommandDescription = Pick<
  Command<never>,
  'name' | 'summary' | 'aliases' | 'shorthands' | 'role' | 'changes' | 'visibility' | 'options' | 'examples'
>;
