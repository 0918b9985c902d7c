import type { Dialect } from '../../domain/dialect.ts';

/** For disks of another kind the exporter prints 0 as the value of what NVMe alone knows. */
const nvme = /^(?:\/dev\/)?nvme/;

/** Releases differ in whether a device is printed with `/dev/`. */
export const smartctlExporter: Dialect = {
  id: 'smartctl_exporter',
  evidence: 'recorded',
  source: 'prometheus-community/smartctl_exporter EXAMPLE.md @ a3cc59dd',
  scope: 'rig',
  nameLabels: [],
  series: {
    smartctl_device_smart_status: { kind: 'disk', signal: 'smartPassed', device: 'device', unit: 'flag' },
    smartctl_device_percentage_used: {
      kind: 'disk',
      signal: 'percentageUsed',
      device: 'device',
      devices: nvme,
      unit: 'percent',
    },
    smartctl_device_available_spare: {
      kind: 'disk',
      signal: 'availableSpare',
      device: 'device',
      devices: nvme,
      unit: 'percent',
    },
    smartctl_device_critical_warning: {
      kind: 'disk',
      signal: 'criticalWarning',
      device: 'device',
      devices: nvme,
      unit: 'count',
    },
    smartctl_device_media_errors: {
      kind: 'disk',
      signal: 'mediaErrors',
      device: 'device',
      devices: nvme,
      unit: 'count',
    },
    smartctl_device_capacity_bytes: {
      kind: 'disk',
      signal: 'capacityBytes',
      device: 'device',
      unit: 'byte',
      unknown: [0],
    },
    smartctl_device_temperature: {
      kind: 'disk',
      signal: 'temperatureCelsius',
      device: 'device',
      only: { label: 'temperature_type', value: 'current' },
      unit: 'celsius',
      unknown: [0],
    },
  },
};
