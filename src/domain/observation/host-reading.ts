import type { SeriesMapping } from '../dialect.ts';
import { addText, type Labels, text } from './raw-values.ts';

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
  };
}

export function addHostSample(host: HostReading, mapping: SeriesMapping, labels: Labels, value: number): void {
  switch (mapping.kind) {
    case 'host-cpu-info':
      // Machines that do not number their cores print no such label: then their number is unknown, not 1.
      if (labels[mapping.core]) host.cores.add(`${labels[mapping.package] ?? ''}/${labels[mapping.core]}`);
      host.cpuModel ??= text(labels[mapping.model]);
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
    case 'host-boot-seconds':
      if (value > 0) host.bootAtMs = value * 1000;
      return;
    case 'host-os':
      host.osName = text(labels[mapping.label]);
      return;
    default:
      return;
  }
}
