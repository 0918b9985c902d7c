import type { PerState } from '../../src/domain/work-state.ts';
import { noStates } from '../../src/domain/work-state.ts';
import { lastPayoutMs } from './account.ts';
import type { Algorithm } from './cards.ts';
import { renderDcgmExporter } from './dialects/dcgm-exporter.ts';
import { renderLolminerExporter } from './dialects/lolminer-exporter.ts';
import { renderNodeExporter } from './dialects/node-exporter.ts';
import { renderNvidiaGpuExporter } from './dialects/nvidia-gpu-exporter.ts';
import { renderTrexExporter } from './dialects/trex-exporter.ts';
import { renderVastaiExporter } from './dialects/vastai-exporter.ts';
import { RigLife } from './life.ts';
import { type RigReading, readRig, stateOf } from './reading.ts';
import { buildRig, type FarmOptions, isDown, kindOf, type Rig, rigName } from './rig.ts';
import type { ExporterName } from './rig-kinds.ts';
import { type SiteName, sites } from './sites.ts';

/** One exporter of the farm. The marketplace account's belongs to no rig and no site. */
export interface Target {
  readonly exporter: ExporterName;
  /** Position in the farm, or null for the account. */
  readonly rig: number | null;
  readonly rigName: string | null;
  readonly site: SiteName | null;
  /** `host:port` as a farm with one address for each rig would have it. */
  readonly instance: string;
  /** Where the farm's server prints it. */
  readonly path: string;
  readonly down: boolean;
}

export interface GpuAccount {
  readonly rig: string;
  readonly site: SiteName;
  readonly index: number;
  readonly uuid: string;
  readonly model: string;
  readonly stateSeconds: PerState;
  /** At the card. */
  readonly joules: number;
  readonly hashes: Partial<Readonly<Record<Algorithm, number>>>;
}

/** What really happened between two instants. */
export interface FarmAccount {
  /** ISO instants. */
  readonly epoch: string;
  readonly from: string;
  readonly at: string;
  readonly gpus: readonly GpuAccount[];
  /** Growth of paid and pending payouts together. */
  readonly payoutsUsd: number;
}

/** A farm is a pure function of its options; what it keeps only saves work. Instants before the epoch read as the epoch. */
export interface Farm {
  readonly options: FarmOptions;
  readonly targets: readonly Target[];
  rig(index: number): Rig;
  readRig(index: number, atMs: number): RigReading;
  /** What the target prints, in text exposition format 0.0.4; a target that is down prints nothing and is an error here. */
  render(target: Target, atMs: number): string;
  /** The account of a period; by default from the epoch. */
  truth(atMs: number, fromMs?: number): FarmAccount;
}

const ports = {
  nvidia_gpu_exporter: 9835,
  'dcgm-exporter': 9400,
  node_exporter: 9100,
  trex_exporter: 49152,
  lolminer_exporter: 8080,
  vastai_exporter: 8622,
} as const satisfies Record<ExporterName, number>;

const renderers = {
  nvidia_gpu_exporter: renderNvidiaGpuExporter,
  'dcgm-exporter': renderDcgmExporter,
  node_exporter: renderNodeExporter,
  trex_exporter: renderTrexExporter,
  lolminer_exporter: renderLolminerExporter,
} as const satisfies Record<Exclude<ExporterName, 'vastai_exporter'>, (reading: RigReading) => string>;

/** Midnight UTC of the day before an instant: the epoch of a farm that starts there, so that it has a past. */
export function epochFor(startMs: number): number {
  const dayMs = 86_400_000;
  return Math.floor(startMs / dayMs) * dayMs - dayMs;
}

export function createFarm(options: FarmOptions): Farm {
  const built = new Map<number, { readonly rig: Rig; readonly life: RigLife }>();
  const indices = Array.from({ length: options.rigs }, (_, index) => index);
  const listed = indices.filter((index) => kindOf(index).kind.market !== null);
  const targets = [...indices.flatMap(targetsOfRig), ...(listed.length === 0 ? [] : [accountTarget])];
  let payout = { atMs: Number.NaN, earnedUsd: 0 };

  function rigAt(index: number) {
    const known = built.get(index);
    if (known !== undefined) return known;
    const rig = buildRig(options, index);
    const fresh = { rig, life: new RigLife(options, rig) };
    built.set(index, fresh);
    return fresh;
  }

  function read(index: number, atMs: number): RigReading {
    const { rig, life } = rigAt(index);
    return readRig(rig, life, options.seed, options.epochMs, atMs);
  }

  function earnedUsd(atMs: number): number {
    let usd = 0;
    for (const index of listed) {
      const { rig, life } = rigAt(index);
      const rentedSeconds = rig.cards.reduce((sum, card) => sum + life.secondsBy(card, atMs).rented, 0);
      usd += (rentedSeconds / 3600) * (rig.machine?.usdPerGpuHour ?? 0);
    }
    return usd;
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

  return {
    options,
    targets,
    rig: (index) => rigAt(index).rig,
    readRig: read,
    render(target, atMs) {
      if (target.down) throw new Error(`${target.instance} is down`);
      const now = Math.max(atMs, options.epochMs);
      if (target.rig === null || target.exporter === 'vastai_exporter') return renderAccount(now);
      return renderers[target.exporter](read(target.rig, now));
    },
    truth(atMs, fromMs = options.epochMs) {
      return {
        epoch: new Date(options.epochMs).toISOString(),
        from: new Date(fromMs).toISOString(),
        at: new Date(atMs).toISOString(),
        gpus: indices.flatMap((index) => accountOf(rigAt(index), fromMs, atMs)),
        payoutsUsd: earnedUsd(atMs) - earnedUsd(fromMs),
      };
    },
  };
}

const accountTarget: Target = {
  exporter: 'vastai_exporter',
  rig: null,
  rigName: null,
  site: null,
  instance: `vast-account:${ports.vastai_exporter}`,
  path: '/accounts/vast/vastai_exporter/metrics',
  down: false,
};

function targetsOfRig(rig: number): Target[] {
  const name = rigName(rig);
  const { kind } = kindOf(rig);
  return kind.exporters.map((exporter) => ({
    exporter,
    rig,
    rigName: name,
    site: sites[kind.site].name,
    instance: `${name}:${ports[exporter]}`,
    path: `/rigs/${name}/${exporter}/metrics`,
    down: isDown(rig),
  }));
}

function accountOf(
  { rig, life }: { readonly rig: Rig; readonly life: RigLife },
  fromMs: number,
  atMs: number,
): GpuAccount[] {
  const { algorithm } = rig.kind;
  return rig.cards.map((card) => {
    const before = {
      seconds: life.secondsBy(card, fromMs),
      joules: life.joules(card, fromMs),
      hashes: life.hashes(card, fromMs),
    };
    const after = life.secondsBy(card, atMs);
    const stateSeconds = noStates();
    for (const activity of ['off', 'rented', 'mining', 'busy', 'idle'] as const) {
      stateSeconds[stateOf(rig, activity)] += after[activity] - before.seconds[activity];
    }
    return {
      rig: rig.name,
      site: rig.site.name,
      index: card.index,
      uuid: card.uuid,
      model: card.model.shortName,
      stateSeconds,
      joules: life.joules(card, atMs) - before.joules,
      hashes: algorithm === null ? {} : { [algorithm]: life.hashes(card, atMs) - before.hashes },
    };
  });
}
