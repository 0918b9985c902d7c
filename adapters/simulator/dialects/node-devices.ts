import { type Exposition, labels, type Row } from '../exposition.ts';
import type { GraphicsSensors } from './node-graphics.ts';
import type { HostReading } from './node-processors.ts';

/** [family after `node_disk_`, help, units per second of uptime, whether fractions make sense]. */
const diskCounters = [
  ['io_time_seconds_total', 'Total seconds spent doing I/Os.', 0.011, true],
  ['io_time_weighted_seconds_total', 'The weighted # of seconds spent doing I/Os.', 0.019, true],
  ['read_bytes_total', 'The total number of bytes read successfully.', 14_300, false],
  ['read_time_seconds_total', 'The total number of seconds spent by all reads.', 0.004, true],
  ['reads_completed_total', 'The total number of reads completed successfully.', 0.6, false],
  ['reads_merged_total', 'The total number of reads merged.', 0.1, false],
  ['write_time_seconds_total', 'This is the total number of seconds spent by all writes.', 0.014, true],
  ['writes_completed_total', 'The total number of writes completed successfully.', 4.1, false],
  ['writes_merged_total', 'The number of writes merged.', 2.7, false],
  ['written_bytes_total', 'The total number of bytes written successfully.', 62_000, false],
] as const;

export function addDisks(page: Exposition, { model, uptimeSeconds, salt }: HostReading): void {
  page.gauge(
    'node_disk_info',
    'Info of /sys/block/<block_device>.',
    model.disks.map(
      (disk): Row => [
        labels({
          device: disk.device,
          major: disk.device.startsWith('nvme') ? 259 : 8,
          minor: 0,
          model: disk.model,
          path: disk.path,
          revision: '',
          rotational: disk.rotational ? 1 : 0,
          serial: '',
          wwn: '',
        }),
        1,
      ],
    ),
  );
  page.gauge(
    'node_disk_io_now',
    'The number of I/Os currently in progress.',
    model.disks.map(({ device }) => [labels({ device }), 0]),
  );
  for (const [name, help, rate, fractions] of diskCounters) {
    const total = uptimeSeconds * rate * (1 + (salt % 7) / 10);
    page.counter(
      `node_disk_${name}`,
      help,
      model.disks.map(({ device }) => [
        labels({ device }),
        fractions ? Math.floor(total * 1000) / 1000 : Math.floor(total),
      ]),
    );
  }
}

export function addFilesystems(page: Exposition, { model, salt }: HostReading): void {
  const [disk] = model.disks;
  const partition = disk.device.startsWith('nvme') ? `${disk.device}p2` : `${disk.device}1`;
  const mounts = [
    {
      labels: { device: `/dev/${partition}`, device_error: '', fstype: 'ext4', mountpoint: '/' },
      bytes: disk.bytes * 0.95,
      free: 0.35 + (salt % 5) / 10,
    },
    {
      labels: { device: 'tmpfs', device_error: '', fstype: 'tmpfs', mountpoint: '/run' },
      bytes: model.memoryBytes * 0.1,
      free: 0.99,
    },
  ];
  const blocks = (bytes: number) => Math.floor(bytes / 4096) * 4096;
  const gauges: readonly (readonly [string, string, (mount: (typeof mounts)[number]) => number])[] = [
    [
      'avail_bytes',
      'Filesystem space available to non-root users in bytes.',
      ({ bytes, free }) => blocks(bytes * free * 0.95),
    ],
    ['device_error', 'Whether an error occurred while getting statistics for the given device.', () => 0],
    ['files', 'Filesystem total file nodes.', ({ bytes }) => Math.floor(bytes / 16_384)],
    ['files_free', 'Filesystem total free file nodes.', ({ bytes, free }) => Math.floor((bytes / 16_384) * free)],
    ['free_bytes', 'Filesystem free space in bytes.', ({ bytes, free }) => blocks(bytes * free)],
    ['readonly', 'Filesystem read-only status.', () => 0],
    ['size_bytes', 'Filesystem size in bytes.', ({ bytes }) => blocks(bytes)],
  ];
  for (const [name, help, value] of gauges) {
    page.gauge(
      `node_filesystem_${name}`,
      help,
      mounts.map((mount) => [labels(mount.labels), value(mount)]),
    );
  }
}

const networkCounters = [
  ['receive_bytes', 48_000],
  ['receive_drop', 0.001],
  ['receive_errs', 0],
  ['receive_multicast', 0.4],
  ['receive_packets', 130],
  ['transmit_bytes', 31_000],
  ['transmit_drop', 0],
  ['transmit_errs', 0],
  ['transmit_packets', 112],
] as const;

export function addNetwork(page: Exposition, { model, uptimeSeconds, salt }: HostReading): void {
  const { nics } = model;
  // A server's second port has no cable.
  const isUp = (device: string) => device === nics[0]?.device;
  page.gauge(
    'node_network_info',
    'Non-numeric data from /sys/class/net/<iface>, value is always 1.',
    nics.map(
      ({ device }, port): Row => [
        labels({
          address: `02:00:00:${[salt >> 8, salt, port].map((byte) => (byte & 255).toString(16).padStart(2, '0')).join(':')}`,
          adminstate: 'up',
          broadcast: 'ff:ff:ff:ff:ff:ff',
          device,
          duplex: isUp(device) ? 'full' : 'unknown',
          ifalias: '',
          operstate: isUp(device) ? 'up' : 'down',
        }),
        1,
      ],
    ),
  );
  const property = (name: string, value: (nic: (typeof nics)[number]) => number) =>
    page.gauge(
      `node_network_${name}`,
      `Network device property: ${name}`,
      nics.map((nic) => [labels({ device: nic.device }), value(nic)]),
    );
  property('carrier', ({ device }) => (isUp(device) ? 1 : 0));
  property('flags', () => 4099);
  property('mtu_bytes', () => 1500);
  property('speed_bytes', ({ device, speedBytes }) => (isUp(device) ? speedBytes : -125_000));
  page.gauge(
    'node_network_up',
    "Value is 1 if operstate is 'up', 0 otherwise.",
    nics.map(({ device }) => [labels({ device }), isUp(device) ? 1 : 0]),
  );
  page.counter(
    'node_network_carrier_changes_total',
    'Network device property: carrier_changes_total',
    nics.map(({ device }) => [labels({ device }), isUp(device) ? 2 : 1]),
  );
  for (const [name, rate] of networkCounters) {
    page.counter(
      `node_network_${name}_total`,
      `Network device statistic ${name}.`,
      [...nics.map(({ device }) => device), 'lo'].map((device) => [
        labels({ device }),
        isUp(device) || device === 'lo' ? Math.floor(uptimeSeconds * rate) : 0,
      ]),
    );
  }
}

export function addSensors(
  page: Exposition,
  { model, atMs, salt, load }: HostReading,
  graphics: GraphicsSensors = { chipNames: [], temperatures: [] },
): void {
  const { chip, name, sensors } = model.hwmonChip;
  const all = Array.from({ length: sensors }, (_, sensor) => labels({ chip, sensor: `temp${sensor + 1}` }));
  page.gauge('node_hwmon_chip_names', 'Annotation metric for human-readable chip names', [
    ...graphics.chipNames,
    [labels({ chip, chip_name: name }), 1],
  ]);
  page.gauge('node_hwmon_temp_celsius', 'Hardware monitor for temperature (input)', [
    ...graphics.temperatures,
    ...all.map(
      (sensor, at): Row => [sensor, Math.round(38 + 4 * Math.min(load, 4) + at + 2 * Math.sin(atMs / 200_000 + salt))],
    ),
  ]);
  page.gauge(
    'node_hwmon_temp_crit_celsius',
    'Hardware monitor for temperature (crit)',
    all.map((sensor) => [sensor, 100]),
  );
}
