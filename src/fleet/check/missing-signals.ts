import type { CardSignal, Dialect, HealthSignal, SeriesMapping } from '../../domain/dialect.ts';
import type { Gpu, Rig } from '../../domain/rig.ts';
import type { MissingSignal } from './report.ts';

interface Need {
  readonly signal: string;
  readonly neededFor: string;
  readonly isMissing: (rig: Rig) => boolean;
  /** The cards that lack it; all where it is no signal of cards. */
  readonly cards: (rig: Rig) => readonly Gpu[];
  /** Whether a series with this mapping would bring it. */
  readonly isBroughtBy: (mapping: SeriesMapping) => boolean;
}

const throttling = [
  'hwThermalSlowdown',
  'swThermalSlowdown',
  'hwSlowdown',
  'powerBrake',
  'hwThermalSlowdownSeconds',
  'swThermalSlowdownSeconds',
  'powerBrakeSeconds',
] as const satisfies readonly HealthSignal[];

/** Signals without which a figure or a gate stays unknown (READINESS.md 1.2), the most wanted first. */
const needs: readonly Need[] = [
  ofCards('power', 'profit: the cost of power', ['powerWatts'], ({ powerWatts }) => powerWatts === null),
  {
    ...ofCards('hashrate', 'profit: what it mines, where it mines', ['hashrate'], () => true),
    isMissing: isUnseenMiner,
  },
  ofCards('VRAM', 'readiness C03, C07', ['vramTotalBytes'], ({ vramTotalBytes }) => vramTotalBytes === null),
  ofCards('PCIe width', 'readiness C05', ['pcieWidth'], ({ pcieWidth }) => pcieWidth === null, 'width'),
  ofCards(
    'PCIe generation',
    'readiness C05',
    ['pcieGeneration', 'pcieTransfers'],
    ({ pcieGeneration }) => pcieGeneration === null,
    'transfers',
  ),
  ofHost('CPU cores', 'readiness C06', 'host-cpu-info', ({ host }) => host.cpuCores === null),
  ofHost('AVX', 'readiness C06', 'host-cpu-flag', ({ host }) => host.avx === null),
  ofHost('RAM', 'readiness C07', 'host-ram', ({ host }) => host.ramTotalBytes === null),
  ofHost('memory errors', 'readiness C08', 'host-edac', ({ host }) => host.edacUncorrectable === null),
  ofHost('disks', 'readiness C09', 'host-disk', ({ host }) => host.disks === null),
  ofHost('disk space', 'readiness C09', 'host-filesystem', ({ host }) => host.filesystems.length === 0),
  ofHost(
    'disk health',
    'readiness C10',
    'disk',
    ({ host }) => host.disks?.every((d) => d.smartPassed === null) ?? true,
  ),
  ofHost('network port', 'readiness C11', 'host-nic-bytes', ({ host }) => host.nicBitsPerSecond === null),
  ofHost('operating system', 'readiness C15', 'host-os', ({ host }) => host.osName === null),
  {
    ...ofCards('XIDs', 'readiness C17', [], ({ xids }) => xids === null),
    isBroughtBy: ({ kind }) => kind === 'xids-watched' || kind === 'card-xid-last' || kind === 'card-xid',
  },
  ofCards('throttling', 'readiness C19', throttling, ({ health }) =>
    throttling.every((signal) => health[signal] === undefined),
  ),
  ofCards(
    'core temperature',
    'readiness C20',
    ['coreTemperatureCelsius'],
    ({ coreTemperatureCelsius }) => coreTemperatureCelsius === null,
  ),
];

/** `link`: what of a PCI device's link says the same. */
function ofCards(
  signal: string,
  neededFor: string,
  brings: readonly CardSignal[],
  isUnknown: (gpu: Gpu) => boolean,
  link?: 'width' | 'transfers',
): Need {
  const cards = ({ gpus }: Rig) => gpus.filter((gpu) => gpu.state !== 'down' && isUnknown(gpu));
  return {
    signal,
    neededFor,
    cards,
    isMissing: (rig) => cards(rig).length > 0,
    isBroughtBy: (mapping) =>
      (mapping.kind === 'card' && brings.includes(mapping.signal)) ||
      (mapping.kind === 'pci' && mapping.signal === link),
  };
}

function ofHost(
  signal: string,
  neededFor: string,
  kind: SeriesMapping['kind'],
  isMissing: (rig: Rig) => boolean,
): Need {
  const isBroughtBy = (mapping: SeriesMapping) => mapping.kind === kind;
  return { signal, neededFor, isMissing, cards: ({ gpus }) => gpus, isBroughtBy };
}

/** No miner prints anything, and nobody says that the rig is rented instead. */
function isUnseenMiner({ gpus, looseMiners, machine, rentals }: Rig): boolean {
  return (
    gpus.every(({ hashrate, state }) => hashrate === null && state !== 'busy') &&
    looseMiners.length === 0 &&
    machine === null &&
    rentals.length === 0
  );
}

/**
 * Signals that rigs with cards lack, by what would bring them: an exporter's switch where the exporter is there, the exporter
 * where none is. A rig that does not answer lacks everything, and is not counted.
 */
export function missingSignals(rigs: readonly Rig[], dialects: readonly Dialect[]): MissingSignal[] {
  const answering = rigs.filter(({ state, gpus }) => gpus.length > 0 && (state === 'up' || state === 'partial'));
  return needs.flatMap((need) => {
    const sources = sourcesOf(need, dialects);
    const byWay = new Map<string, { readonly way: Way; readonly rigs: string[] }>();
    for (const rig of answering) {
      if (!need.isMissing(rig)) continue;
      const way = wayFor(rig, need, sources);
      if (way === null) continue;
      const key = `${way.exporter}\n${way.how}`;
      const group = byWay.get(key) ?? { way, rigs: [] };
      group.rigs.push(rig.name);
      byWay.set(key, group);
    }
    const { signal, neededFor } = need;
    return [...byWay.values()].map(({ way, rigs: names }) => ({ signal, neededFor, rigs: names, ...way }));
  });
}

interface SignalSource {
  readonly dialect: Dialect;
  readonly series: readonly string[];
  readonly switches: readonly string[];
}

type Way = Pick<MissingSignal, 'exporter' | 'how'>;

function sourcesOf({ isBroughtBy }: Need, dialects: readonly Dialect[]): readonly SignalSource[] {
  return dialects.flatMap((dialect) => {
    const mapped = Object.entries(dialect.series).filter(([, mapping]) => isBroughtBy(mapping));
    const series = mapped.map(([name]) => name);
    if (series.length === 0) return [];
    const switches = (dialect.switches ?? []).filter((one) => one.series.some((name) => series.includes(name)));
    return [{ dialect, series, switches: switches.map(({ how }) => how) }];
  });
}

function wayFor(rig: Rig, { cards }: Need, sources: readonly SignalSource[]): Way | null {
  const spoken = new Set(rig.exporters.flatMap(({ dialects }) => dialects));
  const there = sources.filter(({ dialect }) => spoken.has(dialect.id));
  const switched = there.find(({ switches }) => switches.length > 0);
  if (switched !== undefined) return { exporter: switched.dialect.id, how: switched.switches[0] ?? '' };
  const lacking = cards(rig);
  const wanted = sources.find(({ dialect }) => suits(dialect, lacking));
  const silent =
    there.find(({ dialect }) => dialect === wanted?.dialect) ?? (wanted === undefined ? there[0] : undefined);
  if (silent !== undefined) {
    const names = silent.series.slice(0, 2).join(' or ');
    const how = `is there and does not print ${names}: an old version, or the hardware cannot say`;
    return { exporter: silent.dialect.id, how };
  }
  if (wanted === undefined) return null;
  const flag = wanted.switches[0] === undefined ? '' : `, with ${wanted.switches[0]}`;
  return { exporter: wanted.dialect.id, how: `is not there${flag}` };
}

/** Cards of one maker have no use for the other's exporter; a service's exporter is not installed at a rig. */
function suits({ id, scope }: Dialect, cards: readonly Gpu[]): boolean {
  if (scope !== 'rig') return false;
  const isAmd = cards.some(({ model }) => model !== null && /^(?:RX|Radeon|Instinct|MI\d|Vega)/i.test(model));
  return isAmd ? !/nvidia|dcgm/.test(id) : !id.startsWith('amd_');
}
