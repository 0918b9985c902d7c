import type { DiskSignal, SeriesMapping } from '../dialect.ts';
import type { Disk } from '../rig.ts';
import { convert, type Labels, text } from './raw-values.ts';
import { SignalValues } from './signal-values.ts';

/** One disk as one exporter sees it. */
export interface DiskReading {
  readonly device: string;
  model: string | null;
  path: string | null;
  rotational: boolean | null;
  readonly values: SignalValues<DiskSignal>;
}

/** Volumes, loops, memory, optical drives and parts of a disk: none of them is a disk of its own. */
const noDisk =
  /^(?:dm-|md|loop|z?ram|fd|sr|nbd|zd)\d|^(?:(?:h|s|v|xv)d[a-z]+|nvme\d+n\d+p|mmcblk\d+(?:p|boot|rpmb))\d*$/;
const wholeDisk = /^(?:h|s|v|xv)d[a-z]+$/;

export function addDiskSample(
  disks: Map<string, DiskReading>,
  mapping: Extract<SeriesMapping, { kind: 'host-disk' | 'disk' }>,
  labels: Labels,
  value: number,
  place: number,
): void {
  const raw = labels[mapping.device];
  const device = text(raw)?.replace(/^\/dev\//, '') ?? null;
  if (device === null || (noDisk.test(device) && !wholeDisk.test(device))) return;
  if (mapping.kind === 'host-disk') {
    const disk = diskOf(disks, device);
    disk.model = text(labels[mapping.model]);
    disk.path = text(labels[mapping.path]);
    disk.rotational = rotational(labels[mapping.rotational]);
    return;
  }
  const disk = diskOf(disks, device);
  const known = convert(value, mapping);
  if (known === null || (mapping.devices !== undefined && !mapping.devices.test(raw ?? ''))) return;
  disk.values.add(mapping.signal, known, place);
}

function diskOf(disks: Map<string, DiskReading>, device: string): DiskReading {
  let disk = disks.get(device);
  if (disk === undefined) {
    disk = { device, model: null, path: null, rotational: null, values: new SignalValues() };
    disks.set(device, disk);
  }
  return disk;
}

function rotational(label: string | undefined): boolean | null {
  return label === '1' ? true : label === '0' ? false : null;
}

/**
 * The disks of a host from every exporter that lists some, by device; null where nobody does. A controller `nvme0`, as
 * smartctl names it, is told of its disk `nvme0n1`.
 */
export function disksOf(lists: readonly ReadonlyMap<string, DiskReading>[]): readonly Disk[] | null {
  const all = lists.flatMap((list) => [...list.values()]);
  if (all.length === 0) return null;
  const devices = new Set(all.map(({ device }) => device));
  const named = [...devices].filter((device) => ![...devices].some((other) => controllerOf(other) === device)).sort();
  return named.map((device) => {
    const readings = all.filter((disk) => disk.device === device || disk.device === controllerOf(device));
    const first = <T>(pick: (disk: DiskReading) => T | null): T | null => {
      for (const disk of readings) {
        const value = pick(disk);
        if (value !== null) return value;
      }
      return null;
    };
    const number = (signal: DiskSignal) => first(({ values }) => values.get(signal));
    const passed = number('smartPassed');
    return {
      device,
      model: first(({ model }) => model),
      path: first(({ path }) => path),
      rotational: first((disk) => disk.rotational),
      capacityBytes: number('capacityBytes'),
      smartPassed: passed === null ? null : passed !== 0,
      percentageUsedRatio: number('percentageUsed'),
      availableSpareRatio: number('availableSpare'),
      criticalWarning: number('criticalWarning'),
      mediaErrors: number('mediaErrors'),
    };
  });
}

/** `nvme0` of `nvme0n1`. */
function controllerOf(device: string): string | null {
  return /^(nvme\d+)n\d+$/.exec(device)?.[1] ?? null;
}
