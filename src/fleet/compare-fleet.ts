import {
  addCard,
  type Comparison,
  compare,
  type Knowledge,
  knowledgeOf,
  mergeSums,
  noSums,
  type Sums,
} from '../domain/economics/comparison.ts';
import type { MeasuredOccupancies, RentalRate } from '../domain/economics/rental.ts';
import type { CoinQuote, Farm } from '../domain/farm.ts';
import type { Rig } from '../domain/rig.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { noStates, type WorkState, workStates } from '../domain/work-state.ts';
import { createBreather } from './breather.ts';
import type { Origin } from './card-kinds.ts';
import { createCardPricing, type PricedCard } from './card-pricing.ts';
import { oncePerSnapshot } from './once-per-snapshot.ts';
import { createRigTerms, type RigTerms } from './rig-terms.ts';

/** Cards of one model, compared like for like. */
export interface ModelComparison {
  readonly model: string;
  readonly gpus: number;
  /** 0 where off alone is known: that is no comparison. */
  readonly compared: number;
  readonly comparison: Comparison;
  /** Mean of the cards that are compared; null where no occupancy is known. */
  readonly occupancy: number | null;
  readonly rate: RentalRate | null;
}

export interface FleetComparison {
  /** Over the `compared` GPUs only, so that the columns speak of the same cards. */
  readonly comparison: Comparison;
  readonly gpus: number;
  readonly compared: number;
  /** Mean occupancy used; null where none was. */
  readonly occupancy: number | null;
  /** GPUs left out, by the first thing that is missing. */
  readonly excluded: readonly { readonly reason: string; readonly gpus: number }[];
  readonly states: Readonly<Record<WorkState, number>>;
  readonly models: readonly ModelComparison[];
  readonly coins: readonly CoinQuote[];
  readonly tariffs: readonly { readonly site: string; readonly terms: RigTerms }[];
  readonly hashrateOrigins: Readonly<Record<Origin, number>>;
  readonly wattsOrigins: Readonly<Record<Origin, number>>;
  readonly assumptions: readonly string[];
}

const noRejects = 'no rejected shares where no miner counts them';

interface ModelGroup {
  readonly byKnowledge: Map<Knowledge, Sums>;
  gpus: number;
  rate: RentalRate | null;
}

/** A fleet is compared over the GPUs of which most is known: the first of these that has any. */
const preferred = ['mine+rent', 'mine+rate', 'mine', 'rent', 'off'] as const satisfies readonly Knowledge[];

/**
 * Mine, GPU rental, mine while idle and off, per day and in the farm's currency, over `rigs` of a snapshot (ECONOMICS.md
 * 1.5). Cards that are down earn nothing any way and are left out.
 */
export function compareFleet(
  rigs: readonly Rig[],
  snapshot: Snapshot,
  farm: Farm,
  occupancies: MeasuredOccupancies = nothingMeasured,
): Promise<FleetComparison> {
  return rigs === snapshot.rigs
    ? compareAll(snapshot, farm, occupancies)
    : compareRigs(rigs, snapshot, farm, occupancies);
}

const nothingMeasured: MeasuredOccupancies = new Map();

const compareAll = oncePerSnapshot((snapshot: Snapshot, farm: Farm, occupancies: MeasuredOccupancies) =>
  compareRigs(snapshot.rigs, snapshot, farm, occupancies),
);

async function compareRigs(
  rigs: readonly Rig[],
  snapshot: Snapshot,
  farm: Farm,
  occupancies: MeasuredOccupancies,
): Promise<FleetComparison> {
  const pricingOf = createCardPricing(snapshot, farm, occupancies);
  const termsOf = createRigTerms(farm);
  const tally = createTally(farm);
  const breathe = createBreather();
  for (const rig of rigs) {
    tally.addStates(rig);
    const live = rig.gpus.filter((gpu) => gpu.state !== 'down');
    tally.exclude('down', rig.gpus.length - live.length);
    const terms = termsOf(rig);
    if (terms.pricePerKwh === null) {
      tally.exclude(
        terms.site === null
          ? 'its rig has no site, so no power price'
          : `no exchange rate ${terms.tariff?.currency}/${farm.currency}`,
        live.length,
      );
      continue;
    }
    tally.addTerms(terms);
    const price = pricingOf({ terms, pricePerKwh: terms.pricePerKwh, cards: live.length });
    for (const gpu of live) tally.add(price(gpu));
    const pause = breathe();
    if (pause !== undefined) await pause;
  }
  return tally.result();
}

function createTally(farm: Farm) {
  const states = noStates();
  const excluded = new Map<string, number>();
  const models = new Map<string, ModelGroup>();
  const coins = new Map<string, CoinQuote>();
  const tariffs = new Map<string, RigTerms>();
  const assumptions = new Set<string>();
  const reasons = new Map<Knowledge, Map<string, number>>();
  const hashrateOrigins: Record<Origin, number> = { measured: 0, peers: 0, table: 0, unknown: 0 };
  const wattsOrigins: Record<Origin, number> = { measured: 0, peers: 0, table: 0, unknown: 0 };
  let gpus = 0;

  function exclude(reason: string, count: number): void {
    if (count === 0) return;
    gpus += count;
    bump(excluded, reason, count);
  }

  return {
    exclude,
    addStates(rig: Rig): void {
      for (const state of workStates) states[state] += rig.gpuStates[state];
    },
    addTerms(terms: RigTerms): void {
      for (const assumption of terms.assumptions) assumptions.add(assumption);
      if (terms.site !== null) tariffs.set(terms.site.name, terms);
    },
    add(card: PricedCard): void {
      gpus += 1;
      let group = models.get(card.model);
      if (group === undefined) {
        group = { byKnowledge: new Map(), gpus: 0, rate: null };
        models.set(card.model, group);
      }
      for (const assumption of card.assumptions) assumptions.add(assumption);
      if (card.assumesNoRejects) assumptions.add(noRejects);
      group.gpus += 1;
      group.rate ??= card.rate;
      const knowledge = knowledgeOf(card.inputs);
      let sums = group.byKnowledge.get(knowledge);
      if (sums === undefined) {
        sums = noSums();
        group.byKnowledge.set(knowledge, sums);
      }
      addCard(sums, card.inputs, farm.mixed);
      hashrateOrigins[card.hashrateOrigin] += 1;
      wattsOrigins[card.miningWattsOrigin] += 1;
      if (card.coin !== null) coins.set(card.coin.coin, card.coin);
      const byReason = reasons.get(knowledge) ?? new Map<string, number>();
      reasons.set(knowledge, byReason);
      bump(byReason, card.missing[0] ?? 'less is known of them than of the others', 1);
    },
    result(): FleetComparison {
      const totals = new Map<Knowledge, Sums>();
      for (const group of models.values()) {
        for (const [knowledge, sums] of group.byKnowledge) {
          const total = totals.get(knowledge) ?? noSums();
          mergeSums(total, sums);
          totals.set(knowledge, total);
        }
      }
      const chosen = choose(totals);
      for (const [knowledge, byReason] of reasons) {
        if (knowledge === chosen.knowledge && chosen.compared > 0) continue;
        for (const [reason, count] of byReason) bump(excluded, reason, count);
      }
      addOperationsAssumptions(farm, assumptions);
      return {
        comparison: compare(chosen.sums, chosen.knowledge),
        gpus,
        compared: chosen.compared,
        occupancy: meanOccupancy(chosen.sums, chosen.knowledge),
        excluded: [...excluded]
          .map(([reason, count]) => ({ reason, gpus: count }))
          .sort((a, b) => b.gpus - a.gpus || (a.reason < b.reason ? -1 : 1)),
        states,
        models: [...models]
          .map(([model, group]) => modelComparison(model, group))
          .sort((a, b) => b.gpus - a.gpus || (a.model < b.model ? -1 : 1)),
        coins: [...coins.values()].sort((a, b) => (a.coin < b.coin ? -1 : 1)),
        tariffs: [...tariffs].map(([site, terms]) => ({ site, terms })).sort((a, b) => (a.site < b.site ? -1 : 1)),
        hashrateOrigins,
        wattsOrigins,
        assumptions: [...assumptions].sort(),
      };
    },
  };
}

function choose(totals: ReadonlyMap<Knowledge, Sums>): { knowledge: Knowledge; sums: Sums; compared: number } {
  for (const knowledge of preferred) {
    const sums = totals.get(knowledge);
    if (sums !== undefined) return { knowledge, sums, compared: knowledge === 'off' ? 0 : sums.cards };
  }
  return { knowledge: 'nothing', sums: noSums(), compared: 0 };
}

function modelComparison(model: string, group: ModelGroup): ModelComparison {
  const { knowledge, sums, compared } = choose(group.byKnowledge);
  return {
    model,
    gpus: group.gpus,
    compared,
    comparison: compare(sums, knowledge),
    occupancy: meanOccupancy(sums, knowledge),
    rate: group.rate,
  };
}

function meanOccupancy(sums: Sums, knowledge: Knowledge): number | null {
  const known = knowledge === 'mine+rent' || knowledge === 'rent';
  return known && sums.cards > 0 ? sums.occupancy / sums.cards : null;
}

function addOperationsAssumptions(farm: Farm, assumptions: Set<string>): void {
  const { operations } = farm;
  if (operations.miningPerGpuDay === null)
    assumptions.add('operations 0 while mining (operations.miningPerGpuDay is not declared)');
  if (operations.rentalPerGpuDay === null)
    assumptions.add('operations 0 while rented (operations.rentalPerGpuDay is not declared)');
  if (operations.offPerGpuDay === null)
    assumptions.add('operations 0 while off (operations.offPerGpuDay is not declared)');
  if (operations.offWatts === null) assumptions.add('0 W per card that is off (operations.offWatts is not declared)');
}

function bump(counts: Map<string, number>, key: string, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}
