import { chance, choice, topics } from './random.ts';
import type { Card, FarmOptions, Rig } from './rig.ts';
import type { Activity } from './rig-kinds.ts';

/** What is asked of a rig's life; instants before the epoch read as the epoch. */
export interface Life {
  activity(card: Card, atMs: number): Activity;
  watts(card: Card, atMs: number): number;
  hashesPerSecond(card: Card, atMs: number): number;
  /** Whether what it does makes the card work: a miner between two jobs does not, nor a tenant who sleeps. */
  isAtWork(card: Card, atMs: number): boolean;
  /** Seconds since the epoch that the card spent on each activity. */
  secondsBy(card: Card, atMs: number): Readonly<Record<Activity, number>>;
  /** Joules at the card since the epoch. */
  joules(card: Card, atMs: number): number;
  /** Hashes since the epoch, all of the rig's one algorithm. */
  hashes(card: Card, atMs: number): number;
  /** Seconds since the epoch in which the whole rig was off. */
  offSeconds(atMs: number): number;
  /** When the rig was switched on, Unix ms. */
  bootMs(atMs: number): number;
  /** When its miner began to count, Unix ms. */
  minerStartMs(atMs: number): number;
  /** What the driver's counter of joules shows, which begins anew with it. */
  joulesCounted(card: Card, atMs: number): number;
  /** Hashes since the miner began to count. */
  hashesCounted(card: Card, atMs: number): number;
}

export const activities = ['off', 'rented', 'mining', 'busy', 'idle'] as const satisfies readonly Activity[];

/** What the cards of a rig do in one slot: the first `rented` of them are rented, the others do `rest`. */
export interface Duty {
  readonly rented: number;
  readonly rest: Activity;
}

const minuteMs = 60_000;
/** Largest distance of watts and hashrate from their mean, as a share of it. */
const noiseShare = 0.03;

/**
 * The life of one rig in which nothing breaks: piecewise constant, a pure function of the farm's options and the instant. What a card does changes
 * only between slots; watts and hashrate carry noise that is constant within a minute and cancels over each pair of minutes,
 * so that every counter is the exact integral of its gauge and costs the same at any instant.
 */
export class RigLife implements Life {
  readonly #options: FarmOptions;
  readonly #rig: Rig;
  readonly #slotMs: number;
  /** Slots that `#seconds` covers; a checkpoint that only saves work. */
  #slots = 0;
  readonly #seconds: Float64Array;

  constructor(options: FarmOptions, rig: Rig) {
    this.#options = options;
    this.#rig = rig;
    this.#slotMs = rig.kind.slotMinutes * minuteMs;
    this.#seconds = new Float64Array(rig.cards.length * activities.length);
  }

  duty(atMs: number): Duty {
    return this.#dutyOf(Math.floor(this.#elapsedMs(atMs) / this.#slotMs));
  }

  activity(card: Card, atMs: number): Activity {
    return activityIn(this.duty(atMs), card.index);
  }

  watts(card: Card, atMs: number): number {
    return card.watts[this.activity(card, atMs)] * (1 + this.#noise(topics.powerNoise, card, atMs));
  }

  hashesPerSecond(card: Card, atMs: number): number {
    if (this.activity(card, atMs) !== 'mining') return 0;
    return card.hashesPerSecond * (1 + this.#noise(topics.hashrateNoise, card, atMs));
  }

  isAtWork(card: Card, atMs: number): boolean {
    const activity = this.activity(card, atMs);
    return activity !== 'idle' && activity !== 'off';
  }

  secondsBy(card: Card, atMs: number): Readonly<Record<Activity, number>> {
    const slots = Math.floor(this.#elapsedMs(atMs) / this.#slotMs);
    this.#advance(slots);
    const offset = card.index * activities.length;
    const seconds = { off: 0, rented: 0, mining: 0, busy: 0, idle: 0 };
    for (const [at, activity] of activities.entries()) seconds[activity] = this.#seconds[offset + at] ?? 0;
    seconds[activityIn(this.#dutyOf(slots), card.index)] += (this.#elapsedMs(atMs) - slots * this.#slotMs) / 1000;
    return seconds;
  }

  joules(card: Card, atMs: number): number {
    const seconds = this.secondsBy(card, atMs);
    let joules = 0;
    for (const activity of activities) joules += seconds[activity] * card.watts[activity];
    return joules + card.watts[this.activity(card, atMs)] * this.#noiseSeconds(topics.powerNoise, card, atMs);
  }

  hashes(card: Card, atMs: number): number {
    const noiseSeconds =
      this.activity(card, atMs) === 'mining' ? this.#noiseSeconds(topics.hashrateNoise, card, atMs) : 0;
    return card.hashesPerSecond * (this.secondsBy(card, atMs).mining + noiseSeconds);
  }

  offSeconds(atMs: number): number {
    return this.#rig.down ? this.#elapsedMs(atMs) / 1000 : 0;
  }

  bootMs(): number {
    return this.#rig.bootMs;
  }

  minerStartMs(): number {
    return this.#options.epochMs;
  }

  joulesCounted(card: Card, atMs: number): number {
    return card.joulesBefore + this.joules(card, atMs);
  }

  hashesCounted(card: Card, atMs: number): number {
    return this.hashes(card, atMs);
  }

  /** Before the epoch nothing has happened yet. */
  #elapsedMs(atMs: number): number {
    return Math.max(0, atMs - this.#options.epochMs);
  }

  #dutyOf(slot: number): Duty {
    const { kind, index, down, cards } = this.#rig;
    if (down) return { rented: 0, rest: 'off' };
    const { seed } = this.#options;
    const works = chance(seed, topics.workload, index, slot) < kind.work.share;
    return {
      rented:
        kind.market?.rented === true || kind.textfile !== undefined ? rentedCards(seed, index, slot, cards.length) : 0,
      rest: works ? kind.work.activity : 'idle',
    };
  }

  #advance(slots: number): void {
    if (slots < this.#slots) {
      this.#seconds.fill(0);
      this.#slots = 0;
    }
    for (; this.#slots < slots; this.#slots++) {
      const duty = this.#dutyOf(this.#slots);
      for (let card = 0; card < this.#rig.cards.length; card++) {
        const at = card * activities.length + activities.indexOf(activityIn(duty, card));
        this.#seconds[at] = (this.#seconds[at] ?? 0) + this.#slotMs / 1000;
      }
    }
  }

  /** Relative, in -noiseShare..noiseShare: +x in the first minute of a pair, -x in the second. */
  #noise(topic: number, card: Card, atMs: number): number {
    const minute = Math.floor(this.#elapsedMs(atMs) / minuteMs);
    return this.#pairNoise(topic, card, minute) * (minute % 2 === 0 ? 1 : -1);
  }

  /** Integral of the noise over time, in seconds. */
  #noiseSeconds(topic: number, card: Card, atMs: number): number {
    const elapsedMs = this.#elapsedMs(atMs);
    const intoPair = (elapsedMs % (2 * minuteMs)) / 1000;
    return (
      this.#pairNoise(topic, card, Math.floor(elapsedMs / minuteMs)) * (intoPair <= 60 ? intoPair : 120 - intoPair)
    );
  }

  #pairNoise(topic: number, card: Card, minute: number): number {
    const pair = Math.floor(minute / 2);
    return noiseShare * (2 * chance(this.#options.seed, topic, this.#rig.index, card.index, pair) - 1);
  }
}

function activityIn(duty: Duty, card: number): Activity {
  return card < duty.rented ? 'rented' : duty.rest;
}

/** All of them, some of them or none, for two slots at a time. */
function rentedCards(seed: number, rig: number, slot: number, cards: number): number {
  const pair = Math.floor(slot / 2);
  const draw = chance(seed, topics.rented, rig, pair);
  if (draw < 0.4) return cards;
  if (draw < 0.75) return choice(cards, seed, topics.rented, rig, pair, 1);
  return 0;
}
