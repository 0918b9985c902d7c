import type { Filesystem, Host } from '../rig.ts';
import { disksOf } from './disk-reading.ts';
import { firstKnown } from './first-known.ts';
import type { HostReading } from './host-reading.ts';

/** The machine around the cards: of each figure what the first exporter says that knows it. */
export function describeHost(readings: readonly HostReading[]): Host {
  const first = <T>(pick: (reading: HostReading) => T | null): T | null => firstKnown(readings, pick);
  const bits = (bytes: number | null) => (bytes === null ? null : bytes * 8);
  return {
    cpuModel: first((reading) => reading.cpuModel),
    cpuThreads: first((reading) => (reading.threads.size === 0 ? null : reading.threads.size)),
    cpuCores: first((reading) => (reading.cores.size === 0 ? null : reading.cores.size)),
    // Flags are exported only where somebody asked for them: without any, a missing `avx` proves nothing.
    avx: first((reading) => (reading.flags.size === 0 ? null : reading.flags.has('avx'))),
    ramTotalBytes: first((reading) => reading.ramTotalBytes),
    nicBitsPerSecond: bits(first((reading) => reading.nicBytesPerSecond)),
    bootAtMs: first((reading) => reading.bootAtMs),
    osName: first((reading) => reading.osName),
    osVersion: first((reading) => reading.osVersion),
    clockAheadMs: first((reading) => reading.clockAheadMs),
    edacCorrectable: first((reading) => reading.edacCorrectable),
    edacUncorrectable: first((reading) => reading.edacUncorrectable),
    carrierChanges: first((reading) => reading.carrierChanges),
    fabricBitsPerSecond: bits(first((reading) => reading.fabricBytesPerSecond)),
    disks: disksOf(readings.map(({ disks }) => disks)),
    filesystems: filesystemsOf(readings),
    lineDownBitsPerSecond: first((reading) => reading.lineDownBitsPerSecond),
    lineUpBitsPerSecond: first((reading) => reading.lineUpBitsPerSecond),
    // One probe that came through is proof, whatever the others met.
    reachable: first(({ reachable }) => reachable || null) ?? first(({ reachable }) => reachable),
  };
}

function filesystemsOf(readings: readonly HostReading[]): readonly Filesystem[] {
  const found = new Map<string, Filesystem>();
  for (const { filesystems } of readings) {
    for (const [mountpoint, known] of filesystems) {
      if (!found.has(mountpoint)) found.set(mountpoint, { mountpoint, ...known });
    }
  }
  return [...found.values()].sort((a, b) => (a.mountpoint < b.mountpoint ? -1 : 1));
}
