import { type FarmOptions, isDown, kindOf, rigCount, rigName } from './rig.ts';
import type { ExporterName, RigExporterName, RigKind, SharedExporterName } from './rig-kinds.ts';
import { type SiteName, sites } from './sites.ts';

/** One exporter of the farm. Those that speak of many rigs belong to no rig, the marketplace account's to no site either. */
export interface Target {
  readonly exporter: ExporterName;
  /** Position in the farm, or null for one that speaks of many rigs. */
  readonly rig: number | null;
  readonly rigName: string | null;
  readonly site: SiteName | null;
  /** `host:port` as a farm with one address for each rig would have it. */
  readonly instance: string;
  /** Where the farm's server prints it. */
  readonly path: string;
  /** It never answers. */
  readonly down: boolean;
}

/** For probes, the port of what is probed. */
const ports = {
  nvidia_gpu_exporter: 9835,
  'dcgm-exporter': 9400,
  node_exporter: 9100,
  trex_exporter: 49152,
  lolminer_exporter: 8080,
  vastai_exporter: 8622,
  xmrig_exporter: 9189,
  amd_device_metrics_exporter: 5000,
  cgminer_exporter: 4028,
  antminer_exporter: 80,
  braiins_os: 8081,
  farmx_exporter: 9777,
  smartctl_exporter: 9633,
  speedtest_exporter: 9798,
  blackbox_exporter: 22,
  hiveos_exporter: 10101,
  nicehash_exporter: 9158,
} as const satisfies Record<ExporterName, number>;

/** Exporters that speak of many rigs, and of which. */
const shared: Readonly<
  Record<
    SharedExporterName,
    {
      readonly host: string;
      readonly site: SiteName | null;
      readonly path: string;
      readonly speaksOf: (kind: RigKind) => boolean;
    }
  >
> = {
  vastai_exporter: {
    host: 'vast-account',
    site: null,
    path: '/accounts/vast/vastai_exporter/metrics',
    speaksOf: ({ market }) => market !== null,
  },
  hiveos_exporter: {
    host: 'hive-gateway',
    site: 'quebec',
    path: '/services/hiveos_exporter/metrics',
    speaksOf: ({ service }) => service?.exporter === 'hiveos_exporter',
  },
  nicehash_exporter: {
    host: 'nicehash-gateway',
    site: 'quebec',
    path: '/services/nicehash_exporter/metrics',
    speaksOf: ({ service }) => service?.exporter === 'nicehash_exporter',
  },
};

export const sharedExporters = Object.keys(shared) as readonly SharedExporterName[];

/** All exporters of a farm: those of its rigs in the order of the rigs, then those that speak of many. */
export function targetsOf(options: FarmOptions): readonly Target[] {
  const ofMany = sharedExporters.filter((exporter) => rigsOf(options, exporter).length > 0);
  return [
    ...rigIndices(options).flatMap((rig) => targetsOfRig(options, rig)),
    ...ofMany.map((exporter): Target => {
      const { host, site, path } = shared[exporter];
      return { exporter, rig: null, rigName: null, site, instance: `${host}:${ports[exporter]}`, path, down: false };
    }),
  ];
}

/** The rigs that an exporter of many speaks of. */
export function rigsOf(options: FarmOptions, exporter: SharedExporterName): readonly number[] {
  return rigIndices(options).filter((index) => shared[exporter].speaksOf(kindOf(options, index).kind));
}

export function rigIndices(options: FarmOptions): readonly number[] {
  return Array.from({ length: rigCount(options) }, (_, index) => index);
}

function targetsOfRig(options: FarmOptions, rig: number): Target[] {
  const name = rigName(options, rig);
  const { kind } = kindOf(options, rig);
  return [...kind.exporters, ...(options.zoo === true ? moreExporters(kind) : [])].map((exporter) => ({
    exporter,
    rig,
    rigName: name,
    site: sites[kind.site].name,
    instance: `${name}:${ports[exporter]}`,
    path: `/rigs/${name}/${exporter}/metrics`,
    down: isDown(options, rig),
  }));
}

/** What a zoo has on every server: its disks, its line, and somebody who knocks from outside. */
function moreExporters({ host }: RigKind): readonly RigExporterName[] {
  return host.edac ? ['smartctl_exporter', 'speedtest_exporter', 'blackbox_exporter'] : [];
}
