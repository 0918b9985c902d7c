import { z } from 'zod';
import type { Command } from '../src/chat/command.ts';
import { nearest } from '../src/chat/nearest.ts';
import { UserError } from '../src/domain/errors.ts';
import { type CriterionResult, criterionIds, type Evidence } from '../src/domain/readiness/criterion.ts';
import type { RigReadiness } from '../src/domain/readiness/evaluate.ts';
import { provenTiers, reaches, tierAbove } from '../src/domain/readiness/tier.ts';
import { assessFleet, currentPolicy } from '../src/fleet/assess.ts';
import type { FleetContext } from '../src/fleet/context.ts';
import { sourceFailureOf } from '../src/fleet/observation-quality.ts';
import { oncePerSnapshot } from '../src/fleet/once-per-snapshot.ts';
import { currentSnapshot, rigsInScope } from '../src/fleet/scope.ts';
import { listFormats } from './facts/list-formats.ts';
import { type GateFacts, type ReadinessFacts, readinessFacts } from './facts/readiness.ts';
import { presentReadiness } from './present/readiness.ts';

/** Checking and printing the facts of more rigs would hold everybody else up. */
const MOST_RIGS_LISTED = 1_000;

const options = z.object({
  rig: z.string().optional(),
  site: z.string().optional(),
  format: z.enum(listFormats).default('table'),
});

type Options = z.infer<typeof options>;

/** What each rig can do as it stands: proven, possible, and what is in the way. */
export const readiness: Command<FleetContext, Options, ReadinessFacts> = {
  name: 'readiness',
  summary: 'What HPC and AI work each rig can do, what blocks it, what is unknown',
  aliases: ['ai', 'hpc', 'ready'],
  shorthands: {},
  role: 'viewer',
  changes: false,
  visibility: 'channel',
  options: [
    { name: 'rig', description: 'one rig, with all its gates', required: false, kind: 'rig', positional: true },
    { name: 'site', description: 'the rigs of one site', required: false, kind: 'site' },
    {
      name: 'format',
      description: 'a table, or csv: the whole list as a file',
      required: false,
      kind: 'choice',
      choices: listFormats,
    },
  ],
  examples: ['readiness', 'readiness format:csv'],
  parse: options,
  facts: readinessFacts,
  run,
  present: presentReadiness,
};

async function run(asked: Options, context: FleetContext): Promise<ReadinessFacts> {
  const snapshot = currentSnapshot(context);
  const { scope, rigs } = rigsInScope(snapshot, context, asked, nearest);
  const [only] = rigs;
  if (scope.kind === 'rig' && asked.site !== undefined && only?.site?.toLowerCase() !== asked.site.toLowerCase()) {
    throw new UserError(`${scope.name} is not at site ${asked.site}.`, `Type readiness ${scope.name} alone.`);
  }
  const policy = currentPolicy;
  const assessed = await assessFleet(snapshot, context.farm, policy, snapshot.atMs, rigs);
  const { format } = asked;
  const listed = format === 'csv' ? assessed.rigs : mostPromising(assessed.rigs);
  const verified = new Map(rigs.map((rig) => [rig.name, rig.machine?.verified ?? null]));
  const shown = (rig: RigReadiness): readonly CriterionResult[] =>
    scope.kind === 'rig' ? rig.gates : rig.gates.filter((gate) => isOpen(rig, gate));
  const evidenceOf = evidencePerSnapshot(snapshot, context.explain);
  return {
    at: instant(snapshot.atMs),
    policy: policy.id,
    policyDate: policy.asOf,
    tierNames: { ...policy.names },
    criterionNames: Object.fromEntries(
      criterionIds.map((id) => [id, policy.criteria[id].title]),
    ) as ReadinessFacts['criterionNames'],
    scope,
    gpus: {
      total: assessed.gpus.total,
      proven: { ...assessed.gpus.proven },
      potential: { ...assessed.gpus.potential },
    },
    shares: { ...assessed.shares },
    sites: context.farm.sites.map((site) => site.name),
    format,
    rigsWithoutGpus: assessed.rigsWithoutGpus,
    incomplete: snapshot.incomplete,
    sourceFailure: sourceFailureOf(context),
    rigsNotListed: assessed.rigs.length - listed.length,
    rigs: listed.map((rig) => ({
      rig: rig.rig,
      site: rig.site,
      state: rig.state,
      gpus: rig.gpus === 0 ? null : rig.gpus,
      proven: rig.proven,
      potential: rig.potentialStated ? rig.potential : null,
      blockers: [...rig.blockers],
      unknown: [...rig.unknown],
      marketplaceVerified: verified.get(rig.rig) ?? null,
      gates: format === 'csv' ? [] : shown(rig).map((gate) => gateOf(gate, evidenceOf(gate.evidence))),
    })),
    notEvaluated: [...assessed.notEvaluated],
  };
}

/** All of them; of very many those with the highest potential. */
function mostPromising(rigs: readonly RigReadiness[]): readonly RigReadiness[] {
  if (rigs.length <= MOST_RIGS_LISTED) return rigs;
  const rank = ({ potential, potentialStated }: RigReadiness) =>
    potentialStated ? provenTiers.indexOf(potential) : -1;
  return rigs.toSorted((a, b) => rank(b) - rank(a)).slice(0, MOST_RIGS_LISTED);
}

/** Whether a gate stands between the rig and the tier above its potential. */
function isOpen(rig: RigReadiness, { tier: of, status }: CriterionResult): boolean {
  return reaches(tierAbove(rig.potential) ?? 'T4', of) && status !== 'pass' && status !== 'n/a';
}

function gateOf(gate: CriterionResult, evidence: GateFacts['evidence']): GateFacts {
  return {
    criterion: gate.id,
    tier: gate.tier,
    status: gate.status,
    gpu: gate.gpu,
    gpusAlike: gate.gpusAlike,
    actual: gate.actual,
    operator: gate.operator,
    required: gate.required,
    unit: gate.unit,
    basis: gate.basis,
    class: gate.blockerClass,
    evidence,
    source: gate.source,
  };
}

/** Said once, for the gates of every tier and for every question; gone with the verdicts that it belongs to. */
const evidencePerSnapshot = oncePerSnapshot((_snapshot, explain: FleetContext['explain']) => {
  const said = new WeakMap<Evidence, GateFacts['evidence']>();
  return (evidence: Evidence): GateFacts['evidence'] => {
    const known = said.get(evidence) ?? evidenceFacts(evidence, explain);
    said.set(evidence, known);
    return known;
  };
});

function evidenceFacts(
  { families, instances, sampledAtMs }: Evidence,
  explain: FleetContext['explain'],
): GateFacts['evidence'] {
  return {
    query: instances.map((instance) => explain(families, instance)).join('\n'),
    instance: instances.join(', '),
    sampledAt: sampledAtMs === null ? null : instant(sampledAtMs),
  };
}

function instant(atMs: number): string {
  return new Date(atMs).toISOString();
}
