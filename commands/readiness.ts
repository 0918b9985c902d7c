import { z } from 'zod';
import type { Command, Presentation } from '../src/chat/command.ts';
import { formatAge, formatNumber, formatPercent } from '../src/chat/format.ts';
import { nearest } from '../src/chat/nearest.ts';
import type { Reply, ReplyBlock } from '../src/chat/reply.ts';
import { UserError } from '../src/domain/errors.ts';
import { type CriterionId, type CriterionResult, criterionIds } from '../src/domain/readiness/criterion.ts';
import type { RigReadiness } from '../src/domain/readiness/evaluate.ts';
import { gateTiers, provenTiers, reaches, tierAbove } from '../src/domain/readiness/tier.ts';
import { assessFleet, currentPolicy } from '../src/fleet/assess.ts';
import type { FleetContext } from '../src/fleet/context.ts';
import { currentSnapshot, rigsInScope } from '../src/fleet/scope.ts';

const MOST_TABLE_ROWS = 20;
/** Checking and printing the facts of more rigs would hold everybody else up. */
const MOST_RIGS_LISTED = 1_000;

const tier = z.enum(provenTiers);
const criterion = z.enum(criterionIds);
const count = z.number().int().nonnegative();
const share = z.number().min(0).max(1).nullable();

const gateFacts = z.object({
  criterion,
  tier: z.enum(gateTiers),
  status: z.enum(['pass', 'fail', 'warn', 'unknown', 'n/a']),
  /** The card that decided, and how many are like it; null where the rig is judged as a whole. */
  gpu: z.string().nullable(),
  gpusAlike: count.nullable(),
  /** In `unit` where it is a number. */
  actual: z.union([z.number(), z.string()]).nullable(),
  operator: z.enum(['>', '>=', '=', 'not']),
  required: z.union([z.number(), z.string()]).nullable(),
  unit: z.string().nullable(),
  basis: z.enum(['measured', 'declared', 'reference']),
  class: z.enum(['SILICON', 'HOST', 'SITE', 'HEALTH', 'POLICY']),
  evidence: z.object({
    /** What an operator can run himself, one query per line and instance. */
    query: z.string(),
    instance: z.string(),
    /** Instant in UTC. */
    sampledAt: z.string().nullable(),
  }),
  source: z.string(),
});

const rigFacts = z.object({
  rig: z.string(),
  site: z.string().nullable(),
  state: z.enum(['up', 'partial', 'down']),
  gpus: count,
  proven: tier,
  /** Null where the silicon of some card is unknown: then none is stated. */
  potential: tier.nullable(),
  /** What fails for the tier above the potential. */
  blockers: z.array(criterion),
  /** What nothing could judge, up to the tier above the potential. */
  unknown: z.array(criterion),
  /** What the marketplace itself says of the machine; stands beside, and decides nothing. */
  marketplaceVerified: z.boolean().nullable(),
  /** For one rig all; for several what does not pass; for very many none. */
  gates: z.array(gateFacts),
});

const facts = z.object({
  at: z.string(),
  policy: z.string(),
  policyDate: z.string(),
  /** What the policy's tiers and criteria are called. */
  tierNames: z.record(tier, z.string()),
  criterionNames: z.record(criterion, z.string()),
  scope: z.object({ kind: z.enum(['fleet', 'site', 'rig']), name: z.string().nullable() }),
  gpus: z.object({
    total: count,
    proven: z.record(tier, count),
    /** `unknown`: no potential can be stated; apart from every tier. */
    potential: z.record(z.enum(['T0', ...gateTiers, 'unknown']), count),
  }),
  /** Of the GPUs seen, in rigs of at least the tier `from`; null where no GPU was seen. */
  shares: z.object({
    from: tier,
    proven: share,
    provenDeclared: share,
    potential: share,
    unknown: share,
    denominator: count,
  }),
  rigsWithoutGpus: count,
  /** Rigs that count above and are not in `rigs`: the ones with the least potential. `readiness site:NAME` lists fewer. */
  rigsNotListed: count,
  incomplete: z.boolean(),
  rigs: z.array(rigFacts),
  notEvaluated: z.array(z.string()),
});

const options = z.object({ rig: z.string().optional(), site: z.string().optional() });

type Options = z.infer<typeof options>;
type Facts = z.infer<typeof facts>;
type RigFacts = z.infer<typeof rigFacts>;
type GateFacts = z.infer<typeof gateFacts>;

export const readiness: Command<FleetContext, Options, Facts> = {
  name: 'readiness',
  summary: 'What HPC and AI work each rig can do, what blocks it, what is unknown',
  aliases: ['ai', 'hpc', 'ready'],
  shorthands: {},
  role: 'viewer',
  changes: false,
  options: [
    { name: 'rig', description: 'one rig, with all its gates', required: false, kind: 'rig', positional: true },
    { name: 'site', description: 'the rigs of one site', required: false, kind: 'site' },
  ],
  examples: ['readiness'],
  parse: options,
  facts,
  run: assess,
  present: (found, presentation) => {
    const [only] = found.rigs;
    return found.scope.kind === 'rig' && only !== undefined
      ? presentRig(found, only, presentation)
      : presentFleet(found, presentation);
  },
};

async function assess(asked: Options, context: FleetContext): Promise<Facts> {
  const snapshot = currentSnapshot(context);
  const { scope, rigs } = rigsInScope(snapshot, context, asked, nearest);
  const [only] = rigs;
  if (scope.kind === 'rig' && asked.site !== undefined && only?.site?.toLowerCase() !== asked.site.toLowerCase()) {
    throw new UserError(`${scope.name} is not at site ${asked.site}.`, `Type readiness ${scope.name} alone.`);
  }
  const policy = currentPolicy;
  const assessed = await assessFleet(snapshot, context.farm, policy, snapshot.atMs, rigs);
  const listed = mostPromising(assessed.rigs);
  const verified = new Map(rigs.map((rig) => [rig.name, rig.machine?.verified ?? null]));
  const shown = (rig: RigReadiness): readonly CriterionResult[] =>
    scope.kind === 'rig' ? rig.gates : rig.gates.filter((gate) => isOpen(rig, gate));
  return {
    at: instant(snapshot.atMs),
    policy: policy.id,
    policyDate: policy.asOf,
    tierNames: { ...policy.names },
    criterionNames: Object.fromEntries(
      criterionIds.map((id) => [id, policy.criteria[id].title]),
    ) as Facts['criterionNames'],
    scope,
    gpus: {
      total: assessed.gpus.total,
      proven: { ...assessed.gpus.proven },
      potential: { ...assessed.gpus.potential },
    },
    shares: { ...assessed.shares },
    rigsWithoutGpus: assessed.rigsWithoutGpus,
    incomplete: snapshot.incomplete,
    rigsNotListed: assessed.rigs.length - listed.length,
    rigs: listed.map((rig) => ({
      rig: rig.rig,
      site: rig.site,
      state: rig.state,
      gpus: rig.gpus,
      proven: rig.proven,
      potential: rig.potentialStated ? rig.potential : null,
      blockers: [...rig.blockers],
      unknown: [...rig.unknown],
      marketplaceVerified: verified.get(rig.rig) ?? null,
      gates: shown(rig).map((gate) => gateOf(gate, context)),
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

function gateOf(gate: CriterionResult, { explain }: Pick<FleetContext, 'explain'>): GateFacts {
  const { families, instances, sampledAtMs } = gate.evidence;
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
    evidence: {
      query: instances.map((instance) => explain(families, instance)).join('\n'),
      instance: instances.join(', '),
      sampledAt: sampledAtMs === null ? null : instant(sampledAtMs),
    },
    source: gate.source,
  };
}

function instant(atMs: number): string {
  return new Date(atMs).toISOString();
}

function presentFleet(found: Facts, presentation: Presentation): Reply {
  const { gpus, shares, scope } = found;
  const where = scope.name === null ? 'the fleet' : `site ${scope.name}`;
  const percent = (ratio: number | null) => formatPercent(ratio, presentation);
  const name = found.tierNames[shares.from];
  const headline =
    gpus.total === 0
      ? `No GPU of ${where} was seen, so its share that is ${name} is unknown.`
      : `${percent(shares.potential)} of ${formatNumber(gpus.total, presentation)} GPUs in ${where} could be ${name} or better as they stand; ` +
        `${percent(shares.proven)} are proven, of ${percent(shares.unknown)} nothing can be said.`;
  const first = found.rigs.find((rig) => rig.blockers.length > 0) ?? found.rigs[0];
  return {
    headline,
    blocks: [tierTable(found, presentation), ...rigTable(found, presentation), ...notesOf(found, presentation)],
    next:
      first === undefined ? [] : [{ label: `Gates of ${first.rig}`, command: `readiness rig:${quoted(first.rig)}` }],
  };
}

function tierTable({ gpus, tierNames }: Facts, presentation: Presentation): ReplyBlock {
  const rows = provenTiers.map((of) => [
    of === 'none' ? `${tierNames.none} / potential unknown` : tierNames[of],
    formatNumber(gpus.proven[of], presentation),
    formatNumber(gpus.potential[of === 'none' ? 'unknown' : of], presentation),
  ]);
  return {
    kind: 'table',
    title: 'GPUs by tier',
    columns: [left('Tier'), right('Proven'), right('Potential')],
    rows,
    more: null,
  };
}

function rigTable(found: Facts, presentation: Presentation): ReplyBlock[] {
  if (found.rigs.length === 0) return [];
  const rank = ({ potential }: RigFacts) => (potential === null ? -1 : provenTiers.indexOf(potential));
  const rigs = found.rigs.toSorted((a, b) => rank(b) - rank(a)).slice(0, MOST_TABLE_ROWS);
  const rest = found.rigs.length + found.rigsNotListed - rigs.length;
  return [
    {
      kind: 'table',
      title: 'Rigs',
      columns: [left('Rig'), right('GPUs'), left('Proven'), left('Potential'), left('What blocks'), left('Unknown')],
      rows: rigs.map((rig) => [
        rig.rig,
        formatNumber(rig.gpus, presentation),
        found.tierNames[rig.proven],
        potentialOf(found, rig),
        rig.potential === null ? '' : criteria(found, rig.blockers),
        criteria(found, rig.unknown),
      ]),
      more: rest === 0 ? null : { count: rest, hint: 'readiness site:NAME, or readiness and a rig’s name' },
    },
  ];
}

function potentialOf({ tierNames }: Facts, { potential, state }: RigFacts): string {
  if (potential !== null) return tierNames[potential];
  return state === 'down' ? 'unknown: rig down' : 'unknown';
}

function criteria({ criterionNames }: Facts, ids: readonly CriterionId[]): string {
  return ids.map((id) => `${id} ${criterionNames[id]}`).join(', ');
}

function presentRig(found: Facts, rig: RigFacts, presentation: Presentation): Reply {
  const above = rig.potential === null || rig.potential === 'none' ? 'T1' : (tierAbove(rig.potential) ?? 'T4');
  const shown = rig.gates.filter(
    (gate) => gate.tier === above || (reaches(above, gate.tier) && gate.status !== 'pass' && gate.status !== 'n/a'),
  );
  const verdict =
    rig.marketplaceVerified === null
      ? []
      : [`The marketplace itself says: ${rig.marketplaceVerified ? '' : 'not '}verified.`];
  return {
    headline: rigHeadline(found, rig, above),
    blocks: [
      {
        kind: 'table',
        title: `Gates up to ${found.tierNames[above]}`,
        columns: [left('Gate'), left('Tier'), left('Status'), left('Found'), left('Needed'), left('Class')],
        rows: shown.map((gate) => gateRow(found, gate, presentation)),
        more:
          shown.length === rig.gates.length
            ? null
            : { count: rig.gates.length - shown.length, hint: 'passing gates and those of higher tiers: --json' },
      },
      ...notesOf(found, presentation, verdict),
    ],
    next: [{ label: 'Whole fleet', command: 'readiness' }],
  };
}

function rigHeadline(found: Facts, rig: RigFacts, above: keyof Facts['tierNames']): string {
  const { tierNames } = found;
  if (rig.gpus === 0 || rig.state === 'down') {
    const why = rig.state === 'down' ? 'it is down' : 'none of its cards is seen';
    return `Readiness of ${rig.rig} is unknown: ${why}.`;
  }
  const blocked =
    rig.blockers.length === 0
      ? ''
      : `; ${criteria(found, rig.blockers)} block${rig.blockers.length === 1 ? 's' : ''} ${tierNames[above]}`;
  if (rig.potential === null) {
    return `${rig.rig} is ${tierNames[rig.proven]}; its potential is unknown, since not every card’s model is known.`;
  }
  if (rig.potential === 'T0') return `${rig.rig} is ${tierNames.T0} as it stands${blocked}.`;
  if (rig.proven === rig.potential) return `${rig.rig} is ${tierNames[rig.proven]}, proven${blocked}.`;
  return `${rig.rig} is ${rig.proven === 'none' ? tierNames.none : `proven ${tierNames[rig.proven]}`}, but could be ${tierNames[rig.potential]} as it stands${blocked}.`;
}

function gateRow(found: Facts, gate: GateFacts, presentation: Presentation): readonly string[] {
  const { criterionNames, tierNames } = found;
  const printed = (value: number | string | null) => {
    if (value === null) return '';
    return typeof value === 'string'
      ? value
      : `${formatNumber(value, presentation, 2)}${gate.unit === null ? '' : ` ${gate.unit}`}`;
  };
  const cards =
    gate.gpusAlike !== null && gate.gpusAlike > 1 && gate.status !== 'pass' ? ` (${gate.gpusAlike} cards)` : '';
  const basis = gate.basis === 'reference' && gate.criterion === 'C03' ? ' (card table)' : '';
  const unit = gate.criterion === 'C17' ? 'XID ' : '';
  return [
    `${gate.criterion} ${criterionNames[gate.criterion]}`,
    tierNames[gate.tier],
    gate.status,
    gate.actual === null ? 'unknown' : `${printed(gate.actual)}${basis}${cards}`,
    gate.required === null ? '' : `${gate.operator} ${unit}${printed(gate.required)}`,
    gate.class,
  ];
}

function notesOf(found: Facts, presentation: Presentation, more: readonly string[] = []): ReplyBlock[] {
  const doubts = [
    ...(found.incomplete ? ['The observation is incomplete: rigs and cards may be missing.'] : []),
    ...(found.rigsWithoutGpus === 0
      ? []
      : [`Of ${formatNumber(found.rigsWithoutGpus, presentation)} rigs no card is seen; no share counts them.`]),
    ...(found.notEvaluated.length === 0
      ? []
      : [`Not evaluated yet, so that nothing is proven by them: ${found.notEvaluated.join(', ')}.`]),
  ];
  const plain = [
    `Policy ${found.policy} of ${found.policyDate}; observed ${formatAge(Date.parse(found.at), presentation)}.`,
    ...more,
    ...(found.scope.kind === 'rig'
      ? []
      : [
          'Bitpro, 2023: “between 5% and 15% of existing crypto-oriented GPUs” could convert; a quote, no measurement.',
        ]),
  ];
  return [
    ...(doubts.length === 0 ? [] : [{ kind: 'notes', tone: 'warning', notes: doubts } as const]),
    { kind: 'notes', tone: 'plain', notes: plain },
  ];
}

/** A name as somebody would type it. */
function quoted(name: string): string {
  return /\s/.test(name) ? `"${name}"` : name;
}

function left(title: string): { title: string; align: 'left' } {
  return { title, align: 'left' };
}

function right(title: string): { title: string; align: 'right' } {
  return { title, align: 'right' };
}
