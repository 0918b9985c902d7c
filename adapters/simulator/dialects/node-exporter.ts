import { Exposition, labels } from '../exposition.ts';
import type { RigReading } from '../reading.ts';
import { addDisks, addFilesystems, addNetwork, addSensors } from './node-devices.ts';
import { addDrmCards, addGraphicsPower, addPciDevices, graphicsSensors } from './node-graphics.ts';
import { addMemory, addProcessors, type HostReading } from './node-processors.ts';
import { addOwnFigures } from './rigshift-textfile.ts';

/** node_exporter 1.9 on Linux with `--collector.cpu.info` and its flags; not every collector, but what a host's page is made of. */
export function renderNodeExporter(reading: RigReading): string {
  const page = new Exposition();
  const host = hostReading(reading);
  addProcessors(page, host);
  addMemory(page, host);
  addDisks(page, host);
  addFilesystems(page, host);
  addNetwork(page, host);
  if (host.model.amdgpu === true) {
    addSensors(page, host, graphicsSensors(reading));
    addGraphicsPower(page, reading);
    addDrmCards(page, reading);
  } else addSensors(page, host);
  if (host.model.pcidevice) addPciDevices(page, reading);
  addOwnFigures(page, reading);
  addIdentity(page, host);
  addKernel(page, host);
  addExporter(page, host);
  return page.sortedText();
}

function hostReading({ rig, atMs, bootMs, cards }: RigReading): HostReading {
  const working = cards.filter(({ loaded }) => loaded).length;
  return {
    model: rig.kind.host,
    name: rig.name,
    salt: rig.index,
    atMs,
    bootMs,
    uptimeSeconds: (atMs - bootMs) / 1000,
    load: 0.1 + 0.35 * working,
  };
}

function addIdentity(page: Exposition, { model, name, atMs, bootMs }: HostReading): void {
  const { version, versionId, codename, kernel } = model.os;
  page.gauge('node_boot_time_seconds', 'Node boot time, in unixtime.', [['', Math.floor(bootMs / 1000)]]);
  page.gauge('node_time_seconds', 'System time in seconds since epoch (1970).', [['', atMs / 1000]]);
  page.gauge(
    'node_os_info',
    "A metric with a constant '1' value labeled by build_id, id, id_like, image_id, image_version, name, pretty_name, variant, variant_id, version, version_codename, version_id.",
    [
      [
        labels({
          build_id: '',
          id: 'ubuntu',
          id_like: 'debian',
          image_id: '',
          image_version: '',
          name: 'Ubuntu',
          pretty_name: `Ubuntu ${version.split(' (')[0]}`,
          variant: '',
          variant_id: '',
          version,
          version_codename: codename,
          version_id: versionId,
        }),
        1,
      ],
    ],
  );
  page.gauge('node_os_version', 'Metric containing the major.minor part of the OS version.', [
    [labels({ id: 'ubuntu', id_like: 'debian', name: 'Ubuntu' }), Number(versionId)],
  ]);
  page.gauge('node_uname_info', 'Labeled system information as provided by the uname system call.', [
    [
      labels({
        domainname: '(none)',
        machine: 'x86_64',
        nodename: name,
        release: kernel,
        sysname: 'Linux',
        version: '#1 SMP PREEMPT_DYNAMIC',
      }),
      1,
    ],
  ]);
}

/** [family, help, units per second of uptime]. */
const kernelCounters = [
  ['node_context_switches_total', 'Total number of context switches.', 3_400],
  ['node_intr_total', 'Total number of interrupts serviced.', 2_100],
  ['node_forks_total', 'Total number of forks.', 3.2],
  ['node_pressure_cpu_waiting_seconds_total', 'Total time in seconds that processes have waited for CPU time', 0.004],
  [
    'node_pressure_io_waiting_seconds_total',
    'Total time in seconds that processes have waited due to IO congestion',
    0.002,
  ],
  ['node_pressure_memory_waiting_seconds_total', 'Total time in seconds that processes have waited for memory', 0.0001],
] as const;

const untypedCounters = [
  ['node_vmstat_oom_kill', '/proc/vmstat information field oom_kill.', 0],
  ['node_vmstat_pgfault', '/proc/vmstat information field pgfault.', 5_200],
  ['node_vmstat_pgmajfault', '/proc/vmstat information field pgmajfault.', 0.05],
  ['node_vmstat_pgpgin', '/proc/vmstat information field pgpgin.', 14],
  ['node_vmstat_pgpgout', '/proc/vmstat information field pgpgout.', 61],
  ['node_netstat_Tcp_ActiveOpens', 'Statistic TcpActiveOpens.', 0.4],
  ['node_netstat_Tcp_InSegs', 'Statistic TcpInSegs.', 210],
  ['node_netstat_Tcp_OutSegs', 'Statistic TcpOutSegs.', 190],
  ['node_netstat_Tcp_RetransSegs', 'Statistic TcpRetransSegs.', 0.06],
  ['node_netstat_Udp_InDatagrams', 'Statistic UdpInDatagrams.', 1.8],
  ['node_netstat_Udp_OutDatagrams', 'Statistic UdpOutDatagrams.', 1.7],
] as const;

function addKernel(page: Exposition, { uptimeSeconds, load, atMs, salt }: HostReading): void {
  for (const [name, help, rate] of kernelCounters) {
    page.counter(name, help, [
      ['', name.endsWith('seconds_total') ? uptimeSeconds * rate : Math.floor(uptimeSeconds * rate)],
    ]);
  }
  for (const [name, help, rate] of untypedCounters) {
    page.family(name, 'untyped', help, [['', Math.floor(uptimeSeconds * rate)]]);
  }
  const wave = Math.sin(atMs / 90_000 + salt);
  const loadAverage = (weight: number) => Math.round(100 * load * (1 + weight * wave)) / 100;
  page.gauge('node_load1', '1m load average.', [['', loadAverage(0.12)]]);
  page.gauge('node_load5', '5m load average.', [['', loadAverage(0.05)]]);
  page.gauge('node_load15', '15m load average.', [['', loadAverage(0.02)]]);
  page.gauge('node_procs_running', 'Number of processes in runnable state.', [['', 1 + Math.round(load)]]);
  page.gauge('node_procs_blocked', 'Number of processes blocked waiting for I/O to complete.', [['', 0]]);
  page.gauge('node_filefd_allocated', 'File descriptor statistics: allocated.', [['', 2_176 + (salt % 64) * 32]]);
  page.gauge('node_entropy_available_bits', 'Bits of available entropy.', [['', 256]]);
  page.gauge('node_sockstat_TCP_inuse', 'Number of TCP sockets in state inuse.', [['', 14 + (salt % 9)]]);
  page.gauge('node_sockstat_sockets_used', 'Number of IPv4 sockets in use.', [['', 310 + (salt % 40)]]);
  page.gauge('node_nf_conntrack_entries', 'Number of currently allocated flow entries for connection tracking.', [
    ['', 41 + (salt % 30)],
  ]);
}

const collectors = [
  'cpu',
  'diskstats',
  'filesystem',
  'hwmon',
  'loadavg',
  'meminfo',
  'netclass',
  'netdev',
  'os',
  'stat',
  'time',
  'uname',
];

function addExporter(page: Exposition, { model }: HostReading): void {
  const more = [...(model.pcidevice ? ['pcidevice'] : []), ...(model.amdgpu === true ? ['drm'] : [])];
  const enabled = [...collectors, ...more].toSorted();
  page.gauge(
    'node_scrape_collector_success',
    'node_exporter: Whether a collector succeeded.',
    enabled.map((collector) => [labels({ collector }), 1]),
  );
}
