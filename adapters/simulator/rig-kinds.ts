import type { Algorithm } from './cards.ts';
import { type HostModel, hostModels } from './hosts.ts';
import type { CardModelName } from './models.ts';
import type { SiteName } from './sites.ts';

/** Exporters of one rig each. */
export type RigExporterName =
  | 'nvidia_gpu_exporter'
  | 'dcgm-exporter'
  | 'node_exporter'
  | 'trex_exporter'
  | 'lolminer_exporter'
  | 'xmrig_exporter'
  | 'amd_device_metrics_exporter'
  | 'cgminer_exporter'
  | 'antminer_exporter'
  | 'braiins_os'
  | 'farmx_exporter'
  | 'smartctl_exporter'
  | 'speedtest_exporter'
  | 'blackbox_exporter';

/** Exporters that speak of many rigs: a marketplace's account, a farm's mining service. */
export type SharedExporterName = 'vastai_exporter' | 'hiveos_exporter' | 'nicehash_exporter';

export type ExporterName = RigExporterName | SharedExporterName;

/** What a card does, as one who stands beside it knows. */
export type Activity = 'off' | 'rented' | 'mining' | 'busy' | 'idle';

export interface RigKind {
  /** Middle of the rig's name, after the site's prefix. */
  readonly stem: string;
  readonly site: SiteName;
  readonly host: HostModel;
  /** Models in the order of the cards, repeated; `cycle` counts the rigs of this kind before this one. */
  readonly cards: (cycle: number) => readonly [CardModelName, ...CardModelName[]];
  /** All but those that it shares with other rigs. */
  readonly exporters: readonly RigExporterName[];
  /** Bus lanes of slot or riser, what the link reports as its maximum, and the newest generation of the host. */
  readonly slot: { readonly lanes: number; readonly lanesMax: 'slot' | 'card'; readonly generation: number };
  /** What cards do that nobody rents, and in which share of the slots (else they idle). */
  readonly work: { readonly activity: 'mining' | 'busy' | 'idle'; readonly share: number };
  readonly algorithm: Algorithm | null;
  /** Null for a rig that is on no marketplace. */
  readonly market: { readonly rented: boolean; readonly verified: boolean } | null;
  /** Minutes between changes of state; even, because noise cancels over pairs of minutes. */
  readonly slotMinutes: number;
  readonly nvml?: true;
  readonly dcgm?: {
    readonly hostnameLabel: 'Hostname' | 'hostname';
    readonly reserved: boolean;
    /** A longer counters file, and labels of the pod that holds a card. */
    readonly optIn?: true;
  };
  /** The first rig of this kind is down. */
  readonly firstIsDown?: true;
  /** The last card of the first rig of this kind runs too hot. */
  readonly firstHasHotCard?: true;
  /** Cards of every rig of this kind, whatever the farm's options say. */
  readonly gpus?: number;
  /** What `cards` are where they are no GPUs. */
  readonly units?: 'asics' | 'processor';
  /** Number of the PCI bus of a card, where the slots do not tell it. */
  readonly bus?: (index: number) => number;
  /** The miner numbers the cards from the other end than the driver does. */
  readonly minerOrder?: 'reversed';
  /** nvidia-smi's names of before driver 535, and none of the later fields. */
  readonly olderDriver?: true;
  /** Which names of device-metrics-exporter. */
  readonly amdNames?: 'older' | 'newer';
  /** The mining service whose exporter alone speaks of this rig; HiveOS in the unit of the miner's script. */
  readonly service?: { readonly exporter: 'hiveos_exporter'; readonly unit: 'kH/s' | 'MH/s' } | NiceHash;
  /** Its operator prints the rig's own figures through node_exporter's textfile collector, rentals there among them. */
  readonly textfile?: { readonly platform: string; readonly usdPerGpuHour: number };
}

interface NiceHash {
  readonly exporter: 'nicehash_exporter';
}

/** Rigs are built in this order, over and over; eight rigs show every trap the demo's farm knows. */
export const rigKinds: readonly [RigKind, ...RigKind[]] = [
  {
    stem: '3090',
    site: 'texas',
    host: hostModels.server,
    cards: () => ['RTX 3090'],
    exporters: ['nvidia_gpu_exporter', 'node_exporter'],
    slot: { lanes: 16, lanesMax: 'card', generation: 4 },
    work: { activity: 'idle', share: 1 },
    algorithm: null,
    market: { rented: true, verified: true },
    slotMinutes: 60,
    nvml: true,
  },
  {
    stem: 'riser',
    site: 'quebec',
    host: hostModels.miningBoard,
    cards: () => ['RTX 3070'],
    exporters: ['nvidia_gpu_exporter', 'node_exporter', 'trex_exporter'],
    slot: { lanes: 1, lanesMax: 'card', generation: 3 },
    work: { activity: 'mining', share: 0.96 },
    algorithm: 'kawpow',
    market: null,
    slotMinutes: 30,
  },
  {
    stem: 'ai',
    site: 'texas',
    host: hostModels.server,
    cards: (cycle) => [(['RTX A4000', 'RTX A5000', 'RTX 3090'] as const)[cycle % 3] ?? 'RTX A4000'],
    exporters: ['dcgm-exporter', 'node_exporter'],
    slot: { lanes: 16, lanesMax: 'card', generation: 4 },
    work: { activity: 'idle', share: 1 },
    algorithm: null,
    market: { rented: true, verified: true },
    slotMinutes: 60,
    dcgm: { hostnameLabel: 'Hostname', reserved: true },
  },
  {
    stem: 'cmp',
    site: 'quebec',
    host: hostModels.miningBoard,
    cards: (cycle) => [(['CMP 90HX', 'CMP 40HX', 'CMP 170HX'] as const)[cycle % 3] ?? 'CMP 90HX'],
    exporters: ['nvidia_gpu_exporter', 'node_exporter', 'lolminer_exporter'],
    slot: { lanes: 4, lanesMax: 'card', generation: 3 },
    work: { activity: 'mining', share: 0.95 },
    algorithm: 'etchash',
    market: null,
    slotMinutes: 30,
  },
  {
    // A rig that only its miner describes; it never pauses, since an idle card without a driver's exporter is no news.
    stem: 'mixed',
    site: 'quebec',
    host: hostModels.miningBoard,
    cards: () => ['RTX 2080 Ti', 'RTX 3070', 'RTX 3070', 'RTX 3070', 'RTX 3080'],
    exporters: ['node_exporter', 'trex_exporter'],
    slot: { lanes: 1, lanesMax: 'slot', generation: 3 },
    work: { activity: 'mining', share: 1 },
    algorithm: 'kawpow',
    market: null,
    slotMinutes: 30,
  },
  {
    stem: '3090',
    site: 'nagpur',
    host: hostModels.server,
    cards: () => ['RTX 3090'],
    exporters: ['nvidia_gpu_exporter', 'node_exporter'],
    slot: { lanes: 16, lanesMax: 'card', generation: 4 },
    work: { activity: 'idle', share: 1 },
    algorithm: null,
    market: { rented: false, verified: false },
    slotMinutes: 60,
    nvml: true,
  },
  {
    stem: '3080',
    site: 'texas',
    host: hostModels.workstation,
    cards: () => ['RTX 3080'],
    exporters: ['nvidia_gpu_exporter', 'node_exporter', 'trex_exporter'],
    slot: { lanes: 8, lanesMax: 'slot', generation: 4 },
    work: { activity: 'mining', share: 1 },
    algorithm: 'autolykos2',
    market: { rented: true, verified: false },
    slotMinutes: 60,
    firstHasHotCard: true,
  },
  {
    stem: '1660',
    site: 'quebec',
    host: hostModels.usbMiningBoard,
    cards: () => ['GTX 1660 Super'],
    exporters: ['nvidia_gpu_exporter', 'node_exporter', 'lolminer_exporter'],
    slot: { lanes: 1, lanesMax: 'slot', generation: 2 },
    work: { activity: 'mining', share: 0.97 },
    algorithm: 'etchash',
    market: null,
    slotMinutes: 20,
    firstIsDown: true,
  },
  {
    stem: 'lab',
    site: 'nagpur',
    host: hostModels.server,
    cards: () => ['RTX A5000'],
    exporters: ['nvidia_gpu_exporter', 'node_exporter'],
    slot: { lanes: 16, lanesMax: 'card', generation: 4 },
    work: { activity: 'busy', share: 0.6 },
    algorithm: null,
    market: null,
    slotMinutes: 40,
    nvml: true,
  },
  {
    stem: 'old',
    site: 'quebec',
    host: hostModels.usbMiningBoard,
    cards: () => ['GTX 1660 Super'],
    exporters: ['nvidia_gpu_exporter', 'node_exporter', 'lolminer_exporter'],
    slot: { lanes: 1, lanesMax: 'card', generation: 3 },
    work: { activity: 'mining', share: 0.97 },
    algorithm: 'etchash',
    market: null,
    slotMinutes: 20,
  },
  {
    stem: 'a4000',
    site: 'quebec',
    host: hostModels.workstation,
    cards: () => ['RTX A4000'],
    exporters: ['dcgm-exporter', 'node_exporter', 'lolminer_exporter'],
    slot: { lanes: 8, lanesMax: 'slot', generation: 4 },
    work: { activity: 'mining', share: 1 },
    algorithm: 'etchash',
    market: null,
    slotMinutes: 30,
    dcgm: { hostnameLabel: 'hostname', reserved: false },
  },
];
