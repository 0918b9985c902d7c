import { noStates, type PerState } from '../../src/domain/work-state.ts';
import { atTheWall, revenueUsd } from './account.ts';
import type { Algorithm } from './cards.ts';
import { activities, type Life } from './life.ts';
import { stateOf } from './reading.ts';
import type { Card, FarmOptions, Rig } from './rig.ts';
import type { Silences } from './silences.ts';
import type { SiteName } from './sites.ts';

/** What one unit that computes really did. */
export interface UnitAccount {
  readonly rig: string;
  readonly site: SiteName;
  readonly model: string;
  readonly stateSeconds: PerState;
  /** At the unit: a card's at the card, an ASIC's at the wall. */
  readonly joules: number;
  readonly hashes: Partial<Readonly<Record<Algorithm, number>>>;
}

export interface GpuAccount extends UnitAccount {
  readonly index: number;
  readonly uuid: string;
}

/** What a rig earned on a platform. */
export interface RevenueAccount {
  readonly rig: string;
  readonly platform: string;
  readonly usd: number;
}

/** What only a zoo has. */
export interface ZooAccount {
  readonly asics: readonly UnitAccount[];
  /** Of rigs that mine with their processor. */
  readonly processors: readonly UnitAccount[];
  /** Joules at the wall of rigs that have a meter, by name. */
  readonly wallJoules: Readonly<Record<string, number>>;
  readonly revenues: readonly RevenueAccount[];
  /** By rig: seconds in which an exporter that speaks of its work was dead, so that nobody could have seen all of it. */
  readonly unseenSeconds: Readonly<Record<string, number>>;
}

/** What really happened between two instants. */
export interface FarmAccount extends Partial<ZooAccount> {
  /** ISO instants. */
  readonly epoch: string;
  readonly from: string;
  readonly at: string;
  readonly gpus: readonly GpuAccount[];
  /** Growth of the marketplace account's paid and pending payouts together. */
  readonly payoutsUsd: number;
}

export interface LivingRig {
  readonly rig: Rig;
  readonly life: Life;
}

interface Period {
  readonly fromMs: number;
  readonly atMs: number;
}

export function accountOf(
  options: FarmOptions,
  rigs: readonly LivingRig[],
  silences: Silences | null,
  period: Period,
): FarmAccount {
  const { fromMs, atMs } = period;
  const earnedUsd = (untilMs: number) =>
    rigs.filter(({ rig }) => rig.machine !== null).reduce((usd, rig) => usd + revenueUsd(rig, untilMs), 0);
  return {
    epoch: new Date(options.epochMs).toISOString(),
    from: new Date(fromMs).toISOString(),
    at: new Date(atMs).toISOString(),
    gpus: rigs.filter(({ rig }) => rig.kind.units === undefined).flatMap((living) => gpusOf(living, period)),
    payoutsUsd: earnedUsd(atMs) - earnedUsd(fromMs),
    ...(options.zoo === true ? zooAccount(rigs, silences, period) : {}),
  };
}

function zooAccount(rigs: readonly LivingRig[], silences: Silences | null, period: Period): ZooAccount {
  const { fromMs, atMs } = period;
  const unitsOf = (units: 'asics' | 'processor') =>
    rigs
      .filter(({ rig }) => rig.kind.units === units)
      .flatMap((living) => living.rig.cards.map((card) => unitOf(living, card, period)));
  const metered = rigs.filter(({ rig }) => rig.kind.textfile !== undefined);
  return {
    asics: unitsOf('asics'),
    processors: unitsOf('processor'),
    wallJoules: Object.fromEntries(metered.map((living) => [living.rig.name, wallJoules(living, period)])),
    revenues: rigs.flatMap((living): RevenueAccount[] => {
      const platform = platformOf(living.rig);
      if (platform === null) return [];
      return [{ rig: living.rig.name, platform, usd: revenueUsd(living, atMs) - revenueUsd(living, fromMs) }];
    }),
    unseenSeconds: Object.fromEntries(
      rigs.map(({ rig }) => [rig.name, silences?.unseenSeconds(rig.index, fromMs, atMs) ?? 0]),
    ),
  };
}

function platformOf({ machine, kind }: Rig): string | null {
  return machine === null ? (kind.textfile?.platform ?? null) : 'vast';
}

function wallJoules({ rig, life }: LivingRig, { fromMs, atMs }: Period): number {
  const cards = rig.cards.reduce((sum, card) => sum + life.joules(card, atMs) - life.joules(card, fromMs), 0);
  const onSeconds = (atMs - fromMs) / 1000 - (life.offSeconds(atMs) - life.offSeconds(fromMs));
  return atTheWall(rig, cards, onSeconds);
}

function gpusOf(living: LivingRig, period: Period): GpuAccount[] {
  return living.rig.cards.map((card) => {
    const { rig, site, ...account } = unitOf(living, card, period);
    return { rig, site, index: card.index, uuid: card.uuid, ...account };
  });
}

function unitOf({ rig, life }: LivingRig, card: Card, { fromMs, atMs }: Period): UnitAccount {
  const { algorithm } = rig.kind;
  const before = {
    seconds: life.secondsBy(card, fromMs),
    joules: life.joules(card, fromMs),
    hashes: life.hashes(card, fromMs),
  };
  const after = life.secondsBy(card, atMs);
  const stateSeconds = noStates();
  for (const activity of activities) stateSeconds[stateOf(rig, activity)] += after[activity] - before.seconds[activity];
  return {
    rig: rig.name,
    site: rig.site.name,
    model: card.model.shortName,
    stateSeconds,
    joules: life.joules(card, atMs) - before.joules,
    hashes: algorithm === null ? {} : { [algorithm]: life.hashes(card, atMs) - before.hashes },
  };
}
