import { setTimeout as wait } from 'node:timers/promises';
import type { Sleep } from '../../src/jobs/time-limit.ts';
import type { Clock } from '../../src/ports/clock.ts';

/** The time that simulator, bot and soak share: it was `farmMs` when the machine's clock was `realMs`. */
export interface FarmTime {
  readonly farmMs: number;
  readonly realMs: number;
  /** Seconds of the farm for each second of the machine. */
  readonly speed: number;
}

export function farmClock({ farmMs, realMs, speed }: FarmTime): Clock {
  return { now: () => farmMs + (Date.now() - realMs) * speed };
}

export function farmSleep({ speed }: FarmTime): Sleep {
  return (durationMs, signal) => wait(durationMs / speed, undefined, { signal });
}
