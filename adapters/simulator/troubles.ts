import { chance, choice, topics } from './random.ts';

/**
 * Something that breaks, between two whole seconds. `outage` and `reboot`: the whole rig is off. `fallen`: one card is off
 * the bus. `pause`: the miner waits for its next job. `sleep`: tenants leave their cards idle. `silence`: an exporter is
 * dead and the rig works on.
 */
export interface Trouble {
  readonly kind: 'outage' | 'reboot' | 'fallen' | 'pause' | 'sleep' | 'silence';
  readonly fromMs: number;
  readonly toMs: number;
  /** Which card, or which exporter, out of how many there are. */
  readonly which: number;
  /** The miner counts from 0 afterwards. */
  readonly restartsMiner: boolean;
}

/** Who has troubles: a rig, or an exporter of many. */
export interface Sufferer {
  readonly seed: number;
  /** Tells sufferers of one farm apart. */
  readonly number: number;
  readonly cards: number;
  readonly exporters: number;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** Share of days with an outage, and of hours with each of the others. */
const frequencies = { outage: 0.12, pause: 0.4, fallen: 0.04, sleep: 0.3, reboot: 0.04, silence: 0.08 } as const;

/**
 * The troubles of the 24 hours that begin here, in order; no two at the same time. Pauses lie within the thirds of an hour
 * and sleep within the hour, so that nobody changes what he does in the middle of them.
 */
export function troublesOfDay(who: Sufferer, dayStartMs: number): readonly Trouble[] {
  const outage = outageOf(who, dayStartMs);
  const troubles: Trouble[] = [];
  for (let hour = 0; hour < 24; hour++) {
    const startMs = dayStartMs + hour * hourMs;
    if (outage !== null && startMs < outage.toMs && startMs + hourMs > outage.fromMs) continue;
    troubles.push(...troublesOfHour(who, startMs));
  }
  if (outage !== null) troubles.push(outage);
  return troubles.sort((a, b) => a.fromMs - b.fromMs);
}

/** Two to five hours. */
function outageOf({ seed, number }: Sufferer, dayStartMs: number): Trouble | null {
  const draw = (salt: number) => chance(seed, topics.troubles, number, Math.floor(dayStartMs / dayMs), salt);
  if (draw(1) >= frequencies.outage) return null;
  const fromMs = dayStartMs + seconds(18 * 3600 * draw(2));
  return { kind: 'outage', fromMs, toMs: fromMs + seconds(3600 * (2 + 3 * draw(3))), ...nothingElse };
}

function troublesOfHour({ seed, number, cards, exporters }: Sufferer, startMs: number): Trouble[] {
  const path = [topics.troubles, number, Math.floor(startMs / hourMs)] as const;
  const draw = (salt: number) => chance(seed, ...path, 100 + salt);
  const pick = (count: number, salt: number) => choice(count, seed, ...path, 100 + salt);
  const trouble = (kind: Trouble['kind'], fromMinute: number, lastsSeconds: number, rest: Partial<Trouble> = {}) => {
    const fromMs = startMs + seconds(fromMinute * 60);
    return { kind, fromMs, toMs: fromMs + seconds(lastsSeconds), ...nothingElse, ...rest };
  };
  const found: Trouble[] = [];
  if (draw(1) < frequencies.pause) {
    found.push(trouble('pause', 2 + 14 * draw(2), 20 + 50 * draw(3), { restartsMiner: draw(4) < 0.3 }));
  }
  if (cards > 1 && draw(5) < frequencies.fallen) {
    found.push(trouble('fallen', 19 + draw(6), 600 + 1_800 * draw(7), { which: pick(cards, 8) }));
    return found;
  }
  if (draw(9) < frequencies.sleep) found.push(trouble('sleep', 21 + 3 * draw(10), 360 + 420 * draw(11)));
  const last = draw(12);
  if (last < frequencies.reboot) {
    found.push(trouble('reboot', 41 + 10 * draw(13), 180 + 180 * draw(14)));
  } else if (exporters > 0 && last < frequencies.reboot + frequencies.silence) {
    found.push(trouble('silence', 41 + 10 * draw(13), 120 + 240 * draw(14), { which: pick(exporters, 15) }));
  }
  return found;
}

const nothingElse = { which: 0, restartsMiner: false } as const;

/** Whole seconds as ms. */
function seconds(count: number): number {
  return Math.round(count) * 1000;
}
