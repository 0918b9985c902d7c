/** A command and its options, as somebody asks it. */
export interface Question {
  readonly command: string;
  readonly options: Readonly<Record<string, string>>;
}

/** What came of one command. */
export interface Answered {
  /** Null where it never was. */
  readonly acknowledgedMs: number | null;
  /** Until the answer is there to be read; null where it never was. */
  readonly answeredMs: number | null;
  readonly answers: number;
}

/** A message that stands in a channel and is no answer to a command. */
export interface Posted {
  /** Unix ms, when the platform took it. */
  readonly atMs: number;
  /** All of it that may be read, perhaps with its markup. */
  readonly text: string;
}

export interface StageSize {
  readonly people: number;
  readonly channels: number;
}

/** A chat platform, emulated, with people and channels, and what they see. Everybody is in every channel, and so is the bot. */
export interface Stage extends AsyncDisposable {
  readonly platform: 'discord' | 'slack';
  /** Ids. */
  readonly channels: readonly string[];
  /** What a bot has to know to be here. */
  readonly env: Readonly<Record<string, string>>;
  /** Waits until the bot hears what is asked. */
  connected(requestUrl: string | null): Promise<void>;
  /** Runs a slash command; people and channels by their index. */
  ask(person: number, channel: number, question: Question): void;
  /** Asks in a message that mentions the bot: its answer is a message too. */
  mention(person: number, channel: number, question: Question): void;
  /** Commands that have their answer. */
  answered(): number;
  /** In the order in which they were asked. */
  answers(): Promise<readonly Answered[]>;
  /** In the order in which they were posted. */
  posts(channel: number): readonly Posted[];
  /** What the bot did that the platform would not have taken. */
  wrong(): readonly string[];
}
