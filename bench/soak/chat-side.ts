import type { Draw } from './draw.ts';

/** A chat platform, emulated, as the soak uses it. */
export interface Side<Kind extends string = string> extends AsyncDisposable {
  readonly platform: 'discord' | 'slack';
  /** What a bot has to know to be here. */
  readonly env: Readonly<Record<string, string>>;
  /** Where posts may go: ids, and `admins`. */
  readonly places: readonly string[];
  readonly faultKinds: readonly Kind[];
  /** Somebody does something; null where there is nothing to be done, as nothing to press. */
  ask(draw: Draw): Asked | null;
  /** Begins it; what it returns ends it. What is over at once has nothing to end. */
  fault(kind: Kind): () => void;
  /** Whether the bot hears what is asked. */
  connected(): boolean;
  /** Every message of the bot that stands somewhere. */
  posts(): Iterable<Standing>;
  /** Messages with `secret` that somebody sees who may not. */
  seenByOthers(secret: string): readonly string[];
  /** What the bot did that the platform would not have taken, all of it, oldest first. */
  wrong(): readonly string[];
}

export interface Standing {
  /** As in `places`. */
  readonly place: string;
  readonly text: string;
  /** It says of itself that it may be a repeat. */
  readonly isMarked: boolean;
}

export const askKinds = ['slash', 'private', 'mention', 'button', 'pick', 'form'] as const;
export type AskKind = (typeof askKinds)[number];

/** What somebody asked; looked at again and again. */
export interface Asked {
  readonly kind: AskKind;
  /** For people who read a violation. */
  readonly title: string;
  look(): Progress;
}

export interface Progress {
  /** The bot said that it has it, where the platform knows of such a thing; else it stands for sure that the bot was told. */
  readonly acknowledged: boolean;
  /** Of those that do not say of themselves that they may be repeats. */
  readonly answers: number;
  readonly markedRepeats: number;
  /** It is seen by others than the only one who may see it. */
  readonly isIndiscreet: boolean;
  /** A fault met what the bot said to it, so that it cannot know whether that arrived. */
  readonly isDisturbed: boolean;
}
