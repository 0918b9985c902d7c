import { activities, type Life, type RigLife } from './life.ts';
import type { Card, Rig } from './rig.ts';
import type { Activity } from './rig-kinds.ts';
import type { Schedule } from './schedule.ts';
import type { Trouble } from './troubles.ts';

/** Of one card since the epoch: what troubles added to or took from a life without them. */
interface Correction {
  readonly seconds: Readonly<Record<Activity, number>>;
  readonly joules: number;
  readonly hashes: number;
}

/** A trouble that is over: every card's correction up to its end, and what its counters showed then. */
interface Past {
  readonly trouble: Trouble;
  readonly corrections: readonly Correction[];
  readonly joules: readonly number[];
  readonly hashes: readonly number[];
}

/**
 * The life of one rig in which things break: another life, with everything that happened in its troubles put right. Exact
 * at any instant, because troubles do not overlap; what it keeps of those that are over only saves work.
 */
export class TroubledLife implements Life {
  readonly #base: RigLife;
  readonly #rig: Rig;
  readonly #schedule: Schedule;
  readonly #past: Past[] = [];

  constructor(base: RigLife, rig: Rig, schedule: Schedule) {
    this.#base = base;
    this.#rig = rig;
    this.#schedule = schedule;
  }

  activity(card: Card, atMs: number): Activity {
    const trouble = this.#schedule.at(atMs);
    return trouble !== null && isOff(trouble, card) ? 'off' : this.#base.activity(card, atMs);
  }

  isAtWork(card: Card, atMs: number): boolean {
    const trouble = this.#schedule.at(atMs);
    if (trouble !== null && (isOff(trouble, card) || rests(trouble, this.#base.activity(card, atMs)))) return false;
    return this.#base.isAtWork(card, atMs);
  }

  watts(card: Card, atMs: number): number {
    const trouble = this.#schedule.at(atMs);
    if (trouble === null) return this.#base.watts(card, atMs);
    if (isOff(trouble, card)) return 0;
    return rests(trouble, this.#base.activity(card, atMs)) ? card.watts.idle : this.#base.watts(card, atMs);
  }

  hashesPerSecond(card: Card, atMs: number): number {
    const trouble = this.#schedule.at(atMs);
    if (trouble !== null && (isOff(trouble, card) || trouble.kind === 'pause')) return 0;
    return this.#base.hashesPerSecond(card, atMs);
  }

  secondsBy(card: Card, atMs: number): Readonly<Record<Activity, number>> {
    const { seconds } = this.#correction(card, atMs);
    const corrected = { ...this.#base.secondsBy(card, atMs) };
    for (const activity of activities) corrected[activity] += seconds[activity];
    return corrected;
  }

  joules(card: Card, atMs: number): number {
    const { joules } = this.#correction(card, atMs);
    return this.#base.joules(card, atMs) + joules;
  }

  hashes(card: Card, atMs: number): number {
    const { hashes } = this.#correction(card, atMs);
    return this.#base.hashes(card, atMs) + hashes;
  }

  offSeconds(atMs: number): number {
    const off = this.#schedule.between(Number.NEGATIVE_INFINITY, atMs).filter(restartsRig);
    return off.reduce((sum, { fromMs, toMs }) => sum + (Math.min(toMs, atMs) - fromMs) / 1000, 0);
  }

  bootMs(atMs: number): number {
    return this.#last(atMs, restartsRig)?.trouble.toMs ?? this.#base.bootMs();
  }

  minerStartMs(atMs: number): number {
    return this.#last(atMs, restartsMiner)?.trouble.toMs ?? this.#base.minerStartMs();
  }

  joulesCounted(card: Card, atMs: number): number {
    const boot = this.#last(atMs, restartsRig);
    return this.joules(card, atMs) + (boot === null ? card.joulesBefore : -(boot.joules[card.index] ?? 0));
  }

  hashesCounted(card: Card, atMs: number): number {
    return this.hashes(card, atMs) - (this.#last(atMs, restartsMiner)?.hashes[card.index] ?? 0);
  }

  /** The newest trouble that is over and of this sort. */
  #last(atMs: number, isWanted: (trouble: Trouble) => boolean): Past | null {
    for (let at = this.#settle(atMs) - 1; at >= 0; at--) {
      const past = this.#past[at];
      if (past !== undefined && isWanted(past.trouble)) return past;
    }
    return null;
  }

  #correction(card: Card, atMs: number): Correction {
    const known = this.#past[this.#settle(atMs) - 1]?.corrections[card.index] ?? nothing;
    const trouble = this.#schedule.at(atMs);
    return trouble === null ? known : added(known, this.#effect(card, trouble, atMs));
  }

  /** Works off the troubles that are over; how many there are. */
  #settle(atMs: number): number {
    const over = this.#schedule.over(atMs);
    while (this.#past.length < over) {
      const trouble = this.#schedule.nth(this.#past.length);
      const before = this.#past.at(-1)?.corrections;
      const { cards } = this.#rig;
      const corrections = cards.map((card) =>
        added(before?.[card.index] ?? nothing, this.#effect(card, trouble, trouble.toMs)),
      );
      this.#past.push({
        trouble,
        corrections,
        joules: cards.map((card, at) => this.#base.joules(card, trouble.toMs) + (corrections[at]?.joules ?? 0)),
        hashes: cards.map((card, at) => this.#base.hashes(card, trouble.toMs) + (corrections[at]?.hashes ?? 0)),
      });
    }
    return over;
  }

  /** What a trouble changed of a card from its beginning to an instant in it. */
  #effect(card: Card, trouble: Trouble, toMs: number): Correction {
    const { fromMs } = trouble;
    const base = this.#base;
    const isResting = rests(trouble, base.activity(card, fromMs));
    if (!isOff(trouble, card) && !isResting) return nothing;
    const joules = base.joules(card, fromMs) - base.joules(card, toMs);
    const hashes = base.hashes(card, fromMs) - base.hashes(card, toMs);
    const lasted = (toMs - fromMs) / 1000;
    if (isResting) return { seconds: nothing.seconds, joules: joules + card.watts.idle * lasted, hashes };
    const before = base.secondsBy(card, fromMs);
    const after = base.secondsBy(card, toMs);
    const seconds = { ...nothing.seconds };
    for (const activity of activities) seconds[activity] = before[activity] - after[activity];
    seconds.off += lasted;
    return { seconds, joules, hashes };
  }
}

const nothing: Correction = { seconds: { off: 0, rented: 0, mining: 0, busy: 0, idle: 0 }, joules: 0, hashes: 0 };

function added(a: Correction, b: Correction): Correction {
  const seconds = { ...a.seconds };
  for (const activity of activities) seconds[activity] += b.seconds[activity];
  return { seconds, joules: a.joules + b.joules, hashes: a.hashes + b.hashes };
}

function isOff({ kind, which }: Trouble, { index }: Card): boolean {
  return kind === 'outage' || kind === 'reboot' || (kind === 'fallen' && which === index);
}

/** Whether a card that does this has nothing to do in this trouble. */
function rests({ kind }: Trouble, activity: Activity): boolean {
  return (kind === 'pause' && activity === 'mining') || (kind === 'sleep' && activity === 'rented');
}

function restartsRig({ kind }: Trouble): boolean {
  return kind === 'outage' || kind === 'reboot';
}

function restartsMiner(trouble: Trouble): boolean {
  return restartsRig(trouble) || trouble.restartsMiner;
}
