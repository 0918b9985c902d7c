import type { Outages } from './chat-outages.ts';
import type { Side } from './chat-side.ts';
import type { Violations } from './violations.ts';

/** Discord's for messages in a channel; the faults of both platforms ask for no longer waits. */
const windowMs = 5_000;
/** Of a channel, not of the whole application. */
const discordRateLimit = /^rate limit: (POST|PATCH) \/channels\/:channel\/messages\S* \d+$/;
const slackWait = /a request before the end of its Retry-After$/;

/** Looks again and again at what the platforms would not have taken. */
export class ChatWatch {
  readonly #sides: readonly Side[];
  readonly #outages: ReadonlyMap<string, Outages>;
  readonly #violations: Violations;
  readonly #seen = new Map<Side, number>();
  #lookedMs = performance.now();
  /** What a bot could not know, by its reason. */
  readonly excused = new Map<string, number>();

  constructor(sides: readonly Side[], outages: ReadonlyMap<string, Outages>, violations: Violations) {
    this.#sides = sides;
    this.#outages = outages;
    this.#violations = violations;
  }

  /** `endedMs`: when a bot ended the last time; by `performance.now()`. */
  look(endedMs: number): void {
    for (const side of this.#sides) {
      const wrong = side.wrong();
      const faults = this.#outages.get(side.platform)?.between(this.#lookedMs - windowMs, performance.now()) ?? [];
      for (const each of wrong.slice(this.#seen.get(side))) {
        const excuse = excuseFor(each, this.#lookedMs - endedMs, faults);
        if (excuse === null) this.#complain(side.platform, each, faults);
        else this.excused.set(excuse, (this.excused.get(excuse) ?? 0) + 1);
      }
      this.#seen.set(side, wrong.length);
    }
    this.#lookedMs = performance.now();
  }

  lookForSecret(secret: string): void {
    for (const side of this.#sides) {
      for (const where of side.seenByOthers(secret)) {
        this.#violations.add('what is for admins was shown to others', `${side.platform}: ${where}`);
      }
    }
  }

  #complain(platform: string, wrong: string, faults: readonly string[]): void {
    const kind = wrong.slice(0, Math.max(0, wrong.indexOf(':')));
    this.#violations.add(`${platform} would object: ${kind}`, `${wrong}; faults: ${faults.join(', ')}`);
  }
}

/**
 * What its predecessor has just sent or was told, a new process cannot know before the platform says so. Nor can a bot know what
 * is left of a limit where the answers that say it are lost.
 */
function excuseFor(wrong: string, sinceEndMs: number, faults: readonly string[]): string | null {
  const isNew = sinceEndMs <= windowMs;
  if (isNew && slackWait.test(wrong)) return 'a wait that a predecessor was told';
  if (!discordRateLimit.test(wrong)) return null;
  if (isNew) return 'a rate limit that a predecessor had used up';
  return faults.some((kind) => kind.endsWith('lost')) ? 'a rate limit that lost answers would have told' : null;
}
