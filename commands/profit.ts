import { z } from 'zod';
import type { Command } from '../src/chat/command.ts';
import { nearest } from '../src/chat/nearest.ts';
import { compareFleet, type FleetComparison } from '../src/fleet/compare-fleet.ts';
import type { FleetContext } from '../src/fleet/context.ts';
import { earningsNow } from '../src/fleet/earnings-now.ts';
import { observationQuality } from '../src/fleet/observation-quality.ts';
import { bestPerModel, bestWay, breakEvenMoney, dayMoney, nowMoney, quotesUsed } from '../src/fleet/profit-facts.ts';
import { currentSnapshot, rigsInScope } from '../src/fleet/scope.ts';
import { type ProfitFacts, profitFacts } from './facts/profit.ts';
import { presentProfit } from './present/profit.ts';

const options = z.object({ rig: z.string().optional(), site: z.string().optional() });

/** Mine, GPU rental, mine while idle, off: what the GPUs would make each way, and where one overtakes the other. */
export const profit: Command<FleetContext, z.infer<typeof options>, ProfitFacts> = {
  name: 'profit',
  summary: 'Mine, GPU rental, mine while idle or off: net per day and break-evens',
  aliases: ['earnings', 'income', 'revenue', 'compare'],
  shorthands: {},
  role: 'viewer',
  changes: false,
  visibility: 'channel',
  options: [
    { name: 'rig', description: 'one rig', required: false, kind: 'rig', positional: true },
    { name: 'site', description: 'one site', required: false, kind: 'site' },
  ],
  examples: ['profit', 'profit site:quebec', 'profit rig:a1'],
  parse: options,
  facts: profitFacts,
  run,
  present: presentProfit,
};

async function run(asked: z.infer<typeof options>, context: FleetContext): Promise<ProfitFacts> {
  const snapshot = currentSnapshot(context);
  const { farm } = context;
  const { scope, rigs } = rigsInScope(snapshot, context, asked, nearest);
  const fleet = await compareFleet(rigs, snapshot, farm, context.occupancies());
  const now = await earningsNow(rigs, snapshot, farm);
  const nowMs = context.clock.now();
  const single = fleet.models.length === 1 ? fleet.models[0] : undefined;
  return {
    scope,
    sites: farm.sites.map((site) => site.name),
    currency: farm.currency,
    basis: 'estimated',
    gpus: { total: fleet.gpus, ...fleet.states },
    perDay: dayMoney(fleet.comparison, farm.currency),
    best: bestWay(fleet.comparison),
    breakEven: breakEvenMoney(fleet.comparison, farm.currency),
    occupancy: {
      used: fleet.occupancy,
      basis: occupancyBasis(fleet),
      market: single?.rate?.marketOccupancy ?? null,
    },
    now: nowMoney(now, farm.currency),
    quotes: quotesUsed(fleet, farm, nowMs),
    coverage: {
      gpus: fleet.gpus,
      compared: fleet.compared,
      excluded: [...fleet.excluded],
      hashrate: fleet.hashrateOrigins,
      miningPower: fleet.wattsOrigins,
    },
    models: fleet.models.map((model) => ({
      model: model.model,
      gpus: model.gpus,
      compared: model.compared,
      perDay: dayMoney(model.comparison, farm.currency),
      best: bestWay(model.comparison),
      breakEven: breakEvenMoney(model.comparison, farm.currency),
      occupancy: model.occupancy,
    })),
    bestPerModel: bestPerModel(fleet, farm.currency),
    assumptions: [...fleet.assumptions],
    observation: observationQuality(snapshot, rigs, context),
  };
}

/** What the occupancy used rests on. */
function occupancyBasis({ occupancy, models }: FleetComparison): ProfitFacts['occupancy']['basis'] {
  if (occupancy === null) return null;
  const rates = models.flatMap(({ rate, compared }) => (rate?.occupancy == null || compared === 0 ? [] : [rate]));
  const measured = rates.filter((rate) => rate.measuredOverGpuHours !== null).length;
  if (measured === 0) return 'declared';
  return measured === rates.length ? 'measured' : 'mixed';
}
