import { type Exposition, labels, type Row } from '../exposition.ts';
import type { HostModel } from '../hosts.ts';

/** One host at one instant. */
export interface HostReading {
  readonly model: HostModel;
  /** Node name. */
  readonly name: string;
  /** Tells hosts of one model apart. */
  readonly salt: number;
  readonly atMs: number;
  readonly bootMs: number;
  readonly uptimeSeconds: number;
  readonly load: number;
}

/** Share of each mode in the time of one CPU; together 1. */
const modes = {
  idle: 0.912,
  iowait: 0.003,
  irq: 0,
  nice: 0.001,
  softirq: 0.004,
  steal: 0,
  system: 0.021,
  user: 0.059,
} as const;

export function addProcessors(page: Exposition, host: HostReading): void {
  const { cpu } = host.model;
  const threads = Array.from({ length: cpu.threads }, (_, thread) => thread);
  const perThread = (value: (thread: number) => number): Row[] =>
    threads.map((thread) => [labels({ cpu: thread }), value(thread)]);
  // Threads differ a little, so that no two series are the same.
  const skew = (thread: number) => 1 + 0.01 * Math.sin(host.salt + thread);

  page.gauge(
    'node_cpu_info',
    'CPU information from /proc/cpuinfo.',
    threads.map((thread) => [cpuLabels(cpu, thread), 1]),
  );
  page.gauge(
    'node_cpu_flag_info',
    'The `flags` field of CPU information from /proc/cpuinfo taken from the first core.',
    cpu.flags.map((flag) => [labels({ flag }), 1]),
  );
  page.counter(
    'node_cpu_seconds_total',
    'Seconds the CPUs spent in each mode.',
    threads.flatMap((thread) =>
      Object.entries(modes).map(
        ([mode, share]): Row => [labels({ cpu: thread, mode }), centi(host.uptimeSeconds * share * skew(thread))],
      ),
    ),
  );
  page.counter(
    'node_cpu_guest_seconds_total',
    'Seconds the CPUs spent in guests (VMs) for each mode.',
    threads.flatMap((thread) => ['nice', 'user'].map((mode): Row => [labels({ cpu: thread, mode }), 0])),
  );
  const megahertz = (mhz: number) => () => mhz * 1e6;
  page.gauge(
    'node_cpu_scaling_frequency_hertz',
    'Current scaled CPU thread frequency in hertz.',
    perThread((thread) => Math.round(cpu.maxMhz * 0.94 * skew(thread)) * 1e6),
  );
  page.gauge(
    'node_cpu_scaling_frequency_max_hertz',
    'Maximum scaled CPU thread frequency in hertz.',
    perThread(megahertz(cpu.maxMhz)),
  );
  page.gauge(
    'node_cpu_scaling_frequency_min_hertz',
    'Minimum scaled CPU thread frequency in hertz.',
    perThread(megahertz(cpu.minMhz)),
  );
  page.counter(
    'node_schedstat_running_seconds_total',
    'Number of seconds CPU spent running a process.',
    perThread((thread) => host.uptimeSeconds * 0.084 * skew(thread)),
  );
  page.counter(
    'node_schedstat_waiting_seconds_total',
    'Number of seconds spent by processing waiting for this CPU.',
    perThread((thread) => host.uptimeSeconds * 0.003 * skew(thread)),
  );
  page.counter(
    'node_schedstat_timeslices_total',
    'Number of timeslices executed by CPU.',
    perThread((thread) => Math.floor(host.uptimeSeconds * 96 * skew(thread))),
  );
  page.counter(
    'node_softnet_processed_total',
    'Number of processed packets',
    perThread((thread) => Math.floor(host.uptimeSeconds * 8 * skew(thread))),
  );
  page.counter(
    'node_softnet_dropped_total',
    'Number of dropped packets',
    perThread(() => 0),
  );
  if (host.model.edac) addEdac(page);
}

/** Threads of one core are numbered one round after the other. */
function cpuLabels(cpu: HostModel['cpu'], thread: number): string {
  return labels({
    cachesize: cpu.cacheSize,
    core: thread % cpu.cores,
    cpu: thread,
    family: cpu.family,
    microcode: cpu.microcode,
    model: cpu.model,
    model_name: cpu.modelName,
    package: 0,
    stepping: cpu.stepping,
    vendor: cpu.vendor,
  });
}

function addEdac(page: Exposition): void {
  const controller = labels({ controller: 0 });
  page.counter('node_edac_correctable_errors_total', 'Total correctable memory errors.', [[controller, 0]]);
  page.counter('node_edac_uncorrectable_errors_total', 'Total uncorrectable memory errors.', [[controller, 0]]);
}

/** Share of the whole memory in each field of /proc/meminfo. */
const memoryShares = {
  Active: 0.11,
  AnonPages: 0.09,
  Buffers: 0.004,
  Cached: 0.22,
  Dirty: 0.00002,
  Inactive: 0.18,
  Mapped: 0.02,
  MemAvailable: 0.81,
  MemFree: 0.62,
  PageTables: 0.001,
  SReclaimable: 0.02,
  Shmem: 0.003,
  Slab: 0.03,
  SwapFree: 0,
  SwapTotal: 0,
} as const;

export function addMemory(page: Exposition, host: HostReading): void {
  const gauge = (field: string, bytes: number) =>
    page.gauge(`node_memory_${field}_bytes`, `Memory information field ${field}_bytes.`, [['', bytes]]);
  gauge('MemTotal', host.model.memoryBytes);
  const wave = 1 + 0.01 * Math.sin(host.atMs / 240_000 + host.salt);
  for (const [field, share] of Object.entries(memoryShares)) {
    gauge(field, Math.floor((host.model.memoryBytes * share * wave) / 4096) * 4096);
  }
}

function centi(seconds: number): number {
  return Math.floor(seconds * 100) / 100;
}
