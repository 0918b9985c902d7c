import type { SeriesMapping } from '../dialect.ts';
import { addDiskSample, type DiskReading } from './disk-reading.ts';
import { addText, convert, type Labels, text } from './raw-values.ts';

interface FilesystemReading {
  sizeBytes: number | null;
  availableBytes: number | null;
  readonly: boolean | null;
}

/** The machine around the cards, as one exporter sees it. */
export interface HostReading {
  cpuModel: string | null;
  readonly cores: Set<string>;
  readonly threads: Set<string>;
  readonly flags: Set<string>;
  ramTotalBytes: number | null;
  nicBytesPerSecond: number | null;
  bootAtMs: number | null;
  osName: string | null;
  osVersion: string | null;
  clockAheadMs: number | null;
  edacCorrectable: number | null;
  edacUncorrectable: number | null;
  carrierChanges: number | null;
  fabricBytesPerSecond: number | null;
  readonly disks: Map<string, DiskReading>;
  readonly filesystems: Map<string, FilesystemReading>;
  lineDownBitsPerSecond: number | null;
  lineUpBitsPerSecond: number | null;
  reachable: boolean | null;
}

export function nothingOfHost(): HostReading {
  return {
    cpuModel: null,
    cores: new Set(),
    threads: new Set(),
    flags: new Set(),
    ramTotalBytes: null,
    nicBytesPerSecond: null,
    bootAtMs: null,
    osName: null,
    osVersion: null,
    clockAheadMs: null,
    edacCorrectable: null,
    edacUncorrectable: null,
    carrierChanges: null,
    fabricBytesPerSecond: null,
    disks: new Map(),
    filesystems: new Map(),
    lineDownBitsPerSecond: null,
    lineUpBitsPerSecond: null,
    reachable: null,
  };
}

interface HostSample {
  readonly labels: Labels;
  readonly value: number;
  /** Unix ms. */
  readonly atMs: number;
  /** Of its family, where several give one signal. */
  readonly place: number;
}

export function addHostSample(host: HostReading, mapping: SeriesMapping, sample: HostSample): void {
  const { labels, value } = sample;
  if (!Number.isFinite(value)) return;
  switch (mapping.kind) {
    case 'host-cpu-info':
      // Machines that do not number their cores print no such label: then their number is unknown, not 1.
      if (labels[mapping.core]) host.cores.add(`${labels[mapping.package] ?? ''}/${labels[mapping.core]}`);
      host.cpuModel = firstText(host.cpuModel, labels[mapping.model]);
      return;
    case 'host-cpu-thread':
      addText(host.threads, labels[mapping.cpu]);
      return;
    case 'host-cpu-flag':
      addText(host.flags, labels[mapping.label]);
      return;
    case 'host-ram':
      if (value > 0) host.ramTotalBytes = value;
      return;
    case 'host-nic-bytes':
      // A port without a link prints a negative speed.
      if (value > 0 && !mapping.notDevice.test(labels[mapping.device] ?? '')) {
        host.nicBytesPerSecond = Math.max(host.nicBytesPerSecond ?? 0, value);
      }
      return;
    case 'host-carrier-changes':
      if (!mapping.notDevice.test(labels[mapping.device] ?? '')) host.carrierChanges = sum(host.carrierChanges, value);
      return;
    case 'host-fabric-bytes':
      if (value > 0) host.fabricBytesPerSecond = Math.max(host.fabricBytesPerSecond ?? 0, value);
      return;
    case 'host-edac':
      if (mapping.errors === 'correctable') host.edacCorrectable = sum(host.edacCorrectable, value);
      else host.edacUncorrectable = sum(host.edacUncorrectable, value);
      return;
    case 'host-boot-seconds':
      if (value > 0) host.bootAtMs = value * 1000;
      return;
    case 'host-clock-seconds':
      host.clockAheadMs = Math.round(value * 1000 - sample.atMs);
      return;
    case 'host-os':
      host.osName = firstText(host.osName, labels[mapping.label]);
      host.osVersion = firstText(host.osVersion, labels[mapping.version]);
      return;
    case 'host-filesystem':
      addFilesystem(host.filesystems, mapping, labels, value);
      return;
    case 'host-disk':
    case 'disk':
      addDiskSample(host.disks, mapping, labels, value, sample.place);
      return;
    case 'line':
    case 'lines':
      addLine(host, mapping, labels, value);
      return;
    case 'probe':
      // One probe that came through is proof, whatever the others met.
      host.reachable = host.reachable === true || value > 0;
      return;
    default:
      return;
  }
}

function sum(known: number | null, value: number): number {
  return (known ?? 0) + value;
}

/** Of several texts the first in the alphabet, so that the order of the series decides nothing. */
function firstText(known: string | null, raw: string | undefined): string | null {
  const found = text(raw);
  return known === null || (found !== null && found < known) ? found : known;
}

function addFilesystem(
  filesystems: Map<string, FilesystemReading>,
  mapping: Extract<SeriesMapping, { kind: 'host-filesystem' }>,
  labels: Labels,
  value: number,
): void {
  const mountpoint = labels[mapping.mountpoint];
  if (mountpoint === undefined || !mapping.mountpoints.includes(mountpoint)) return;
  let filesystem = filesystems.get(mountpoint);
  if (filesystem === undefined) {
    filesystem = { sizeBytes: null, availableBytes: null, readonly: null };
    filesystems.set(mountpoint, filesystem);
  }
  if (mapping.value === 'readonly') filesystem.readonly = filesystem.readonly === true || value !== 0;
  else if (mapping.value === 'size') filesystem.sizeBytes = Math.max(filesystem.sizeBytes ?? 0, value);
  else filesystem.availableBytes = Math.max(filesystem.availableBytes ?? 0, value);
}

/** Of tests against several servers the best: the line can do no less. */
function addLine(
  host: HostReading,
  mapping: Extract<SeriesMapping, { kind: 'line' | 'lines' }>,
  labels: Labels,
  value: number,
): void {
  const direction = mapping.kind === 'line' ? mapping.direction : directionOf(mapping, labels);
  const known = convert(value, mapping);
  if (known === null || direction === null) return;
  if (direction === 'down') host.lineDownBitsPerSecond = Math.max(host.lineDownBitsPerSecond ?? 0, known);
  else host.lineUpBitsPerSecond = Math.max(host.lineUpBitsPerSecond ?? 0, known);
}

function directionOf(mapping: Extract<SeriesMapping, { kind: 'lines' }>, labels: Labels): 'down' | 'up' | null {
  const printed = labels[mapping.label];
  return printed === mapping.down ? 'down' : printed === mapping.up ? 'up' : null;
}
