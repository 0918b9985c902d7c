import type { BotLife } from './chat-keeper.ts';
import type { Outages } from './chat-outages.ts';
import type { Asked, AskKind, Progress } from './chat-side.ts';
import type { Violations } from './violations.ts';

/** A bot that lives on so long has answered, whatever failed meanwhile. */
const answeredAfterMs = 45_000;
/** What failed so long ago is over: attempts wait no longer for another. */
export const calmAfterMs = 12_000;

interface Command {
  readonly platform: string;
  readonly asked: Asked;
  readonly askedMs: number;
  /** Of the bot that ran when it was acknowledged. */
  life: BotLife | null;
  acknowledgedMs: number | null;
  answeredMs: number | null;
}

/** Everything that people asked, and what came of it. */
export class ChatCommands {
  readonly #outages: ReadonlyMap<string, Outages>;
  readonly #violations: Violations;
  readonly #all: Command[] = [];
  #pending: Command[] = [];
  readonly asked = new Map<AskKind, number>();

  constructor(outages: ReadonlyMap<string, Outages>, violations: Violations) {
    this.#outages = outages;
    this.#violations = violations;
  }

  add(platform: string, asked: Asked): void {
    const command = { platform, asked, askedMs: performance.now(), life: null, acknowledgedMs: null, answeredMs: null };
    this.#all.push(command);
    this.#pending.push(command);
    this.asked.set(asked.kind, (this.asked.get(asked.kind) ?? 0) + 1);
  }

  /** `life` is the newest bot's. */
  look(life: BotLife | null): void {
    const nowMs = performance.now();
    this.#pending = this.#pending.filter((command) => {
      const { acknowledged, answers, markedRepeats } = command.asked.look();
      if (acknowledged && command.acknowledgedMs === null) {
        command.acknowledgedMs = nowMs;
        command.life = life;
      }
      if (answers + markedRepeats > 0) command.answeredMs = nowMs;
      return command.answeredMs === null;
    });
  }

  /** How many answers are still to come. */
  get owed(): number {
    return this.#pending.filter((command) => this.#isOwed(command)).length;
  }

  /** At the end: each once. */
  check(): void {
    for (const command of this.#all) {
      const { platform, asked } = command;
      const progress = asked.look();
      const who = `${platform}: a ${asked.kind}`;
      const what = `${asked.title}, ${this.#story(command, progress)}`;
      if (progress.isIndiscreet) this.#violations.add(`${who} for one person was answered to others`, what);
      if (progress.answers > 1 && !progress.isDisturbed) this.#violations.add(`${who} was answered twice`, what);
      if (progress.answers + progress.markedRepeats === 0 && this.#isOwed(command)) {
        this.#violations.add(`${who} was acknowledged and not answered`, what);
      }
    }
  }

  get figures(): CommandFigures {
    const progress = this.#all.map(({ asked }) => asked.look());
    const since = (key: 'acknowledgedMs' | 'answeredMs') =>
      this.#all.flatMap((command) => (command[key] === null ? [] : command[key] - command.askedMs));
    return {
      all: this.#all.length,
      acknowledged: this.#all.filter(({ acknowledgedMs }) => acknowledgedMs !== null).length,
      answered: this.#all.filter(({ answeredMs }) => answeredMs !== null).length,
      saidAgain: progress.filter(({ answers, markedRepeats }) => answers + markedRepeats > 1).length,
      acknowledgedAfterMs: since('acknowledgedMs'),
      answeredAfterMs: since('answeredMs'),
    };
  }

  /** The bot that acknowledged it lived on, or was stopped in peace. */
  #isOwed({ platform, askedMs, acknowledgedMs, life }: Command): boolean {
    if (acknowledgedMs === null || life === null) return false;
    if (life.ended === null) return true;
    const { how, atMs } = life.ended;
    if (atMs < acknowledgedMs) return false;
    if (atMs - acknowledgedMs > answeredAfterMs) return true;
    return how === 'stopped' && this.#outages.get(platform)?.between(askedMs - calmAfterMs, atMs).length === 0;
  }

  #story({ platform, askedMs, acknowledgedMs, life }: Command, progress: Progress): string {
    const faults = this.#outages.get(platform)?.between(askedMs - 1_000, askedMs + answeredAfterMs) ?? [];
    return JSON.stringify({
      ...progress,
      askedMs: Math.round(askedMs),
      acknowledgedMs: acknowledgedMs === null ? null : Math.round(acknowledgedMs),
      ended: life?.ended ?? null,
      faults: faults.slice(0, 6),
    });
  }
}

export interface CommandFigures {
  readonly all: number;
  readonly acknowledged: number;
  readonly answered: number;
  readonly saidAgain: number;
  readonly acknowledgedAfterMs: readonly number[];
  readonly answeredAfterMs: readonly number[];
}
