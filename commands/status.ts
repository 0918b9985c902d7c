import { z } from 'zod';
import type { Command } from '../src/chat/command.ts';
import { nearest } from '../src/chat/nearest.ts';
import { workStates } from '../src/domain/work-state.ts';
import type { FleetContext } from '../src/fleet/context.ts';
import { earningsNow } from '../src/fleet/earnings-now.ts';
import { observationQuality } from '../src/fleet/observation-quality.ts';
import { nowMoney } from '../src/fleet/profit-facts.ts';
import { currentSnapshot, rigsInScope } from '../src/fleet/scope.ts';
import { asicsNow, wholeRigHashrates } from '../src/fleet/work-apart.ts';
import { asicFactsOf, hashratesOf } from './facts/asics.ts';
import { type StatusFacts, statusFacts } from './facts/status.ts';
import { presentStatus } from './present/status.ts';

/** Failures that an answer lists; a farm whose switch died has thousands. */
const MOST_FAILURES = 20;

const options = z.object({ site: z.string().optional() });

/** Rigs and GPUs by work state, power, hashrate, money per day now, and how good the data is. */
export const status: Command<FleetContext, z.infer<typeof options>, StatusFacts> = {
  name: 'status',
  summary: 'Rigs and GPUs by work state, power, hashrate, money per day now, data quality',
  aliases: ['hashrate', 'stats', 'farm'],
  shorthands: {},
  role: 'viewer',
  changes: false,
  visibility: 'channel',
  options: [{ name: 'site', description: 'one site', required: false, kind: 'site', positional: true }],
  examples: ['status', 'status site:quebec'],
  parse: options,
  facts: statusFacts,
  run,
  present: presentStatus,
};

async function run(asked: z.infer<typeof options>, context: FleetContext): Promise<StatusFacts> {
  const snapshot = currentSnapshot(context);
  const { farm } = context;
  const { scope, rigs } = rigsInScope(snapshot, context, asked, nearest);
  const now = await earningsNow(rigs, snapshot, farm);
  const asics = asicsNow(rigs, farm);
  const wholeRigs = rigs.map((rig) => wholeRigHashrates(rig, farm)).filter(({ size }) => size > 0);
  const names = new Set(rigs.map((rig) => rig.name));
  const failures = snapshot.failures.filter((failure) => scope.kind === 'fleet' || names.has(failure.rig ?? ''));
  const states = Object.fromEntries(
    workStates.map((state) => [state, rigs.reduce((sum, rig) => sum + rig.gpuStates[state], 0)]),
  ) as Record<(typeof workStates)[number], number>;
  const watts = ({ amount, gpus, of }: { amount: number; gpus: number; of: number }) => ({
    watts: gpus === 0 ? null : amount,
    gpus,
    of,
  });
  return {
    scope,
    sites: farm.sites.map((site) => site.name),
    currency: farm.currency,
    gpus: { total: rigs.reduce((sum, rig) => sum + rig.gpus.length, 0), ...states },
    power: { cards: watts(now.cardWatts), facility: watts(now.facilityWatts) },
    asics: asicFactsOf(asics),
    wholeRigMiners: wholeRigs.length,
    hashrates: hashratesOf(sums([now.hashrates, asics.hashrates, ...wholeRigs])),
    rentedGpus: now.rentedGpus,
    perDay: nowMoney(now, farm.currency),
    listedUsdPerGpuHour: rigs.flatMap(({ name, machine }) =>
      machine?.listedUsdPerGpuHour == null
        ? []
        : [{ rig: name, price: { amount: machine.listedUsdPerGpuHour, currency: 'USD' } }],
    ),
    failures: { count: failures.length, first: failures.slice(0, MOST_FAILURES) },
    problems: rigs
      .flatMap((rig) => rig.problems.map((problem) => ({ rig: rig.name, problem })))
      .slice(0, MOST_FAILURES),
    observation: observationQuality(snapshot, rigs, context),
  };
}

function sums(parts: readonly ReadonlyMap<string, number>[]): ReadonlyMap<string, number> {
  const all = new Map<string, number>();
  for (const [algorithm, hashrate] of parts.flatMap((part) => [...part])) {
    all.set(algorithm, (all.get(algorithm) ?? 0) + hashrate);
  }
  return all;
}
