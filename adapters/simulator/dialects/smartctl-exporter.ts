import { Exposition, labels, type MetricType } from '../exposition.ts';
import type { Disk } from '../hosts.ts';
import type { RigReading } from '../reading.ts';

type DiskFamily = readonly [name: string, type: MetricType, help: string, value: (disk: Disk, days: number) => number];

const isNvme = ({ device }: Disk) => device.startsWith('nvme');

/** What NVMe alone knows is 0 for other disks. */
const families: readonly DiskFamily[] = [
  [
    'available_spare',
    'counter',
    'Normalized percentage (0 to 100%) of the remaining spare capacity available',
    (disk) => (isNvme(disk) ? 100 : 0),
  ],
  ['capacity_bytes', 'gauge', 'Device capacity in bytes', ({ bytes }) => bytes],
  ['critical_warning', 'counter', 'This field indicates critical warnings for the state of the controller', () => 0],
  [
    'media_errors',
    'counter',
    'Contains the number of occurrences where the controller detected an unrecovered data integrity error. Errors such as uncorrectable ECC, CRC checksum failure, or LBA tag mismatch are included in this field',
    () => 0,
  ],
  [
    'percentage_used',
    'counter',
    'Device write percentage used',
    (disk, days) => (isNvme(disk) ? Math.min(100, Math.floor(days / 9)) : 0),
  ],
  ['power_on_seconds', 'counter', 'Device power on seconds', (_disk, days) => Math.floor(days * 24) * 3_600],
  ['smart_status', 'gauge', 'General smart status', () => 1],
];

/** smartctl_exporter: disks by the device that smartctl opens, `/dev/` in front. */
export function renderSmartctlExporter({ rig, atMs }: RigReading): string {
  const page = new Exposition();
  const days = (atMs - rig.bootMs) / 86_400_000;
  const { disks } = rig.kind.host;
  for (const [name, type, help, value] of families) {
    page.family(
      `smartctl_device_${name}`,
      type,
      help,
      disks.map((disk) => [labels({ device: openedAs(disk) }), value(disk, days)]),
    );
  }
  page.gauge(
    'smartctl_device_temperature',
    'Device temperature celsius',
    disks.map((disk) => [labels({ device: openedAs(disk), temperature_type: 'current' }), 41]),
  );
  return page.sortedText();
}

/** Of an NVMe disk its controller. */
function openedAs({ device }: Disk): string {
  return `/dev/${device.replace(/^(nvme\d+)n\d+$/, '$1')}`;
}
