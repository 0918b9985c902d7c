import { lastPayoutMs, revenueUsd } from './account.ts';
import { RigLife } from './life.ts';
import { onTheBus, type RigReading, readRig } from './reading.ts';
import { renderers, renderHiveosExporter, renderNicehashExporter, renderVastaiExporter } from './renderers.ts';
import { buildRig, type FarmOptions, type Rig } from './rig.ts';
import { Silences } from './silences.ts';
import { rigIndices, rigsOf, type Target, targetsOf } from './targets.ts';
import { TroubledLife } from './troubled-life.ts';
import { accountOf, type FarmAccount, type LivingRig } from './truth.ts';

export type { Target } from './targets.ts';
export type { FarmAccount, GpuAccount } from './truth.ts';

/** A farm is a pure function of its options; what it keeps only saves work. Instants before the epoch read as the epoch. */
export interface Farm {
  readonly options: FarmOptions;
  readonly targets: readonly Target[];
  rig(index: number): Rig;
  readRig(index: number, atMs: number): RigReading;
  /** Whether the target does not answer: it never does, its rig is off, or it is dead itself. */
  isSilent(target: Target, atMs: number): boolean;
  /** What the target prints, in text exposition format 0.0.4; one that is silent prints nothing and is an error here. */
  render(target: Target, atMs: number): string;
  /** The account of a period; by default from the epoch. */
  truth(atMs: number, fromMs?: number): FarmAccount;
}

/** Midnight UTC of the day before an instant: the epoch of a farm that starts there, so that it has a past. */
export function epochFor(startMs: number): number {
  const dayMs = 86_400_000;
  return Math.floor(startMs / dayMs) * dayMs - dayMs;
}

export function createFarm(options: FarmOptions): Farm {
  const built = new Map<number, LivingRig>();
  const targets = targetsOf(options);
  const listed = rigsOf(options, 'vastai_exporter');
  const silences = hasTroubles(options) ? new Silences(options, targets) : null;
  let payout = { atMs: Number.NaN, earnedUsd: 0 };

  function rigAt(index: number): LivingRig {
    const known = built.get(index);
    if (known !== undefined) return known;
    const rig = buildRig(options, index);
    const life = new RigLife(options, rig);
    const fresh = {
      rig,
      life: silences === null || rig.down ? life : new TroubledLife(life, rig, silences.ofRig(index)),
    };
    built.set(index, fresh);
    return fresh;
  }

  function read(index: number, atMs: number): RigReading {
    const { rig, life } = rigAt(index);
    return readRig(rig, life, options, atMs);
  }

  function earnedUsd(atMs: number): number {
    return listed.reduce((usd, index) => usd + revenueUsd(rigAt(index), atMs), 0);
  }

  function renderAccount(atMs: number): string {
    const payoutMs = lastPayoutMs(atMs);
    if (payout.atMs !== payoutMs) payout = { atMs: payoutMs, earnedUsd: earnedUsd(payoutMs) };
    return renderVastaiExporter({
      seed: options.seed,
      atMs,
      machines: listed.map((index) => read(index, atMs)),
      earnedUsd: earnedUsd(atMs),
      earnedByPayoutUsd: payout.earnedUsd,
    });
  }

  function isSilent(target: Target, atMs: number): boolean {
    if (target.down) return true;
    if (silences === null) return false;
    if (silences.isDead(target, atMs)) return true;
    // Whoever knocks from outside answers all the same.
    if (target.rig === null || target.exporter === 'blackbox_exporter') return false;
    const { rig, life } = rigAt(target.rig);
    return rig.cards.every((card) => life.activity(card, atMs) === 'off');
  }

  function render(target: Target, atMs: number): string {
    const now = Math.max(atMs, options.epochMs);
    if (isSilent(target, now)) throw new Error(`${target.instance} is down`);
    const { exporter, rig } = target;
    const seen = (index: number) => onTheBus(read(index, now));
    switch (exporter) {
      case 'vastai_exporter':
        return renderAccount(now);
      case 'hiveos_exporter':
        return renderHiveosExporter(rigsOf(options, exporter).map(seen));
      case 'nicehash_exporter':
        return renderNicehashExporter(rigsOf(options, exporter).map(seen));
      default:
        if (rig === null) throw new Error(`${target.instance} belongs to no rig`);
        return renderers[exporter](seen(rig));
    }
  }

  return {
    options,
    targets,
    rig: (index) => rigAt(index).rig,
    readRig: read,
    isSilent: (target, atMs) => isSilent(target, Math.max(atMs, options.epochMs)),
    render,
    truth: (atMs, fromMs = options.epochMs) =>
      accountOf(options, rigIndices(options).map(rigAt), silences, { fromMs, atMs }),
  };
}

function hasTroubles({ zoo = false, troubles = zoo }: FarmOptions): boolean {
  return troubles;
}
