import { LabelSets } from '../../adapters/exporters/label-sets.ts';
import { ExpositionScanner } from '../../adapters/exporters/scanner.ts';
import { WantedNames } from '../../adapters/exporters/wanted-names.ts';
import { dialects } from '../../src/data/dialects/index.ts';
import type { Dialect } from '../../src/domain/dialect.ts';
import { assembleRig, type RigContext } from '../../src/domain/observation/assemble-rig.ts';
import { type FamilyMapping, familiesOf, wantedFamilies } from '../../src/domain/observation/families.ts';
import type { IdentityRules, TargetGroup } from '../../src/domain/observation/join-targets.ts';
import { TargetReading } from '../../src/domain/observation/target-reading.ts';
import type { Rig } from '../../src/domain/rig.ts';
import { atMs } from '../support/rigs.ts';

const builtIn = familiesOf(dialects);

export interface Target {
  readonly instance?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly rig?: string | null;
  readonly site?: string | null;
  /** In place of the built-in ones. */
  readonly dialects?: readonly Dialect[];
}

function openReading({ instance = 'a1:9835', labels = {}, rig = null, site = null, dialects }: Target): TargetReading {
  return new TargetReading({ instance, labels: { instance, ...labels }, rig, site }, familiesFor(dialects), {
    rigLabels: noRules.rigLabels,
  });
}

function familiesFor(dialects: readonly Dialect[] | undefined): ReadonlyMap<string, FamilyMapping> {
  return dialects === undefined ? builtIn : familiesOf(dialects);
}

/** A dialect of one card per `gpu`, and of nothing else but what is given. */
export function dialectOf(known: Partial<Dialect>): Dialect {
  return {
    id: 'own',
    evidence: 'configured',
    source: 'test',
    scope: 'rig',
    card: { slot: ['gpu'], index: ['gpu'] },
    nameLabels: [],
    series: {},
    ...known,
  };
}

/** What a rig of these targets is, as nothing else is known of it. */
export function rigOfTargets(targets: readonly TargetReading[], context: Partial<RigContext> = {}): Rig {
  return assembleRig(groupOf(targets), { ...noContext, ...context });
}

/** What is left of a target after it printed this exposition. */
export function readingOf(exposition: string | Buffer, target: Target = {}): TargetReading {
  const reading = openReading(target);
  const scanner = new ExpositionScanner({
    wanted: new WantedNames(wantedFamilies(familiesFor(target.dialects))),
    labelSets: new LabelSets(reading.labels),
    scrapedAtMs: atMs,
    openMetrics: false,
    sample: (name, labels, value, timestampMs) => reading.sample(name, labels, value, timestampMs),
  });
  scanner.write(Buffer.from(exposition));
  scanner.end();
  reading.done(atMs);
  return reading;
}

export function failedReading(target: Target = {}): TargetReading {
  const reading = openReading(target);
  reading.fail('refused', 'connection refused');
  return reading;
}

export const noRules: IdentityRules = {
  rigLabels: ['rig', 'worker', 'nodename', 'hostname', 'Hostname'],
  sharedHosts: new Set(),
  rewrites: [],
  remembered: new Map(),
  accounts: new Map(),
};

export function groupOf(targets: readonly TargetReading[], name = 'a1'): TargetGroup {
  return { name, targets, problems: [], conflicts: [] };
}

export const noContext: RigContext = {
  site: null,
  machine: null,
  known: [],
  isMiner: (process) => process === 't-rex',
};

/** Cards as nvidia_gpu_exporter prints them. */
export function nvidia(
  ...cards: readonly { uuid: string; index?: number; bus?: string; name?: string; lines?: readonly string[] }[]
): string {
  const lines = cards.flatMap(({ uuid, index = 0, bus = '', name = 'NVIDIA GeForce RTX 3090', lines: more = [] }) => [
    `nvidia_smi_gpu_info{uuid="${uuid}",index="${index}",pci_bus_id="${bus}",name="${name}"} 1`,
    ...more.map((line) => line.replace(' ', `{uuid="${uuid}"} `)),
  ]);
  return `${lines.join('\n')}\n`;
}

/** Cards as trex_exporter prints them, each at 60 MH/s unless it is said otherwise. */
export function trex(worker: string, ...cards: readonly { id: number; name?: string; hashrate?: number }[]): string {
  return cards
    .map(
      ({ id, name = 'RTX 3090', hashrate = 60e6 }) =>
        `trex_gpu_hashrate{device_id="${id}",name="${name}",worker="${worker}"} ${hashrate}\n`,
    )
    .join('');
}

export function node(nodename: string): string {
  return `node_uname_info{nodename="${nodename}"} 1\nnode_memory_MemTotal_bytes 8e9\n`;
}

export function dcgm(
  ...cards: readonly { uuid: string; gpu: number; model?: string; lines?: readonly string[] }[]
): string {
  const lines = cards.flatMap(({ uuid, gpu, model = 'NVIDIA GeForce RTX 3090', lines: more = [] }) =>
    ['DCGM_FI_DEV_GPU_TEMP 60', ...more].map((line) =>
      line.replace(' ', `{gpu="${gpu}",UUID="GPU-${uuid}",modelName="${model}",Hostname="a1"} `),
    ),
  );
  return `${lines.join('\n')}\n`;
}
