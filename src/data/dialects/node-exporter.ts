import type { Dialect } from '../../domain/dialect.ts';

/** Interfaces that are no line of the machine: loopback, containers, bridges, tunnels. */
const notDevice = /^(?:lo|docker.*|veth.*|br-.*|virbr.*|tun.*|wg.*)$/;
const mountpoints = ['/', '/var/lib/docker', '/var/lib/vastai_data'] as const;

/** -1 where the kernel does not say; 0 for a device without a link (collector/pcidevice_linux.go). */
const noLink = { unknown: [0, -1] } as const;

/** amdgpu names its temperatures edge, junction and mem; older kernels know the edge alone. Its power sensor needs no name. */
const hwmonTemperatures = { edge: 'coreTemperatureCelsius', mem: 'memoryTemperatureCelsius' } as const;

function published(file: string) {
  return { evidence: 'published', source: `prometheus/node_exporter collector/${file}` } as const;
}

export const nodeExporter: Dialect = {
  id: 'node_exporter',
  evidence: 'recorded',
  source: 'prometheus/node_exporter collector/fixtures/e2e-output.txt @ a7dcc3a0',
  scope: 'rig',
  nameLabels: ['nodename'],
  series: {
    node_uname_info: { kind: 'host-name' },
    node_cpu_info: { kind: 'host-cpu-info', package: 'package', core: 'core', model: 'model_name' },
    node_cpu_seconds_total: { kind: 'host-cpu-thread', cpu: 'cpu', only: { label: 'mode', value: 'idle' } },
    node_cpu_flag_info: { kind: 'host-cpu-flag', label: 'flag' },
    node_memory_MemTotal_bytes: { kind: 'host-ram' },
    node_edac_correctable_errors_total: { kind: 'host-edac', errors: 'correctable' },
    node_edac_uncorrectable_errors_total: { kind: 'host-edac', errors: 'uncorrectable' },
    node_disk_info: {
      kind: 'host-disk',
      device: 'device',
      model: 'model',
      path: 'path',
      rotational: 'rotational',
    },
    node_filesystem_size_bytes: { kind: 'host-filesystem', value: 'size', mountpoint: 'mountpoint', mountpoints },
    node_filesystem_avail_bytes: { kind: 'host-filesystem', value: 'available', mountpoint: 'mountpoint', mountpoints },
    node_filesystem_readonly: { kind: 'host-filesystem', value: 'readonly', mountpoint: 'mountpoint', mountpoints },
    node_network_speed_bytes: { kind: 'host-nic-bytes', device: 'device', notDevice },
    node_network_carrier_changes_total: { kind: 'host-carrier-changes', device: 'device', notDevice },
    node_infiniband_rate_bytes_per_second: { kind: 'host-fabric-bytes' },
    node_boot_time_seconds: { kind: 'host-boot-seconds' },
    node_time_seconds: { kind: 'host-clock-seconds' },
    node_os_info: { kind: 'host-os', label: 'pretty_name', version: 'version_id' },
    node_pcidevice_info: {
      kind: 'pci-info',
      vendor: 'vendor_id',
      device: 'device_id',
      class: 'class_id',
      revision: 'revision',
    },
    node_pcidevice_current_link_width: { kind: 'pci', signal: 'width', unit: 'count', ...noLink },
    node_pcidevice_max_link_width: { kind: 'pci', signal: 'widthMax', unit: 'count', ...noLink },
    node_pcidevice_current_link_transfers_per_second: { kind: 'pci', signal: 'transfers', unit: 'T/s', ...noLink },
    node_pcidevice_max_link_transfers_per_second: { kind: 'pci', signal: 'transfersMax', unit: 'T/s', ...noLink },
    node_drm_card_info: { kind: 'drm-card', card: 'card', chip: 'chip' },
    node_drm_gpu_busy_percent: { kind: 'drm-busy', card: 'card', unit: 'percent' },
    node_drm_memory_vram_size_bytes: { kind: 'drm-vram', card: 'card', value: 'size' },
    node_drm_memory_vram_used_bytes: { kind: 'drm-vram', card: 'card', value: 'used' },
    node_hwmon_chip_names: { kind: 'hwmon-chip', chip: 'chip', name: 'chip_name', chipName: 'amdgpu' },
    node_hwmon_sensor_label: { kind: 'hwmon-label', chip: 'chip', sensor: 'sensor', text: 'label' },
    node_hwmon_temp_celsius: {
      kind: 'hwmon-value',
      chip: 'chip',
      sensor: 'sensor',
      signals: hwmonTemperatures,
      unit: 'celsius',
      unknown: [0],
      fallback: true,
    },
    node_hwmon_power_average_watt: {
      kind: 'hwmon-value',
      chip: 'chip',
      sensor: 'sensor',
      signals: { '*': 'powerWatts' },
      unit: 'W',
      unknown: [0],
      fallback: true,
    },
    // Of cards for which the kernel gives the power of the moment alone.
    node_hwmon_power_watt: {
      kind: 'hwmon-value',
      chip: 'chip',
      sensor: 'sensor',
      signals: { '*': 'powerWatts' },
      unit: 'W',
      unknown: [0],
      fallback: true,
    },
  },
  exceptions: {
    node_uname_info: published('uname.go'),
    node_time_seconds: published('time.go'),
    node_filesystem_size_bytes: published('filesystem_common.go'),
    node_filesystem_avail_bytes: published('filesystem_common.go'),
    node_filesystem_readonly: published('filesystem_common.go'),
    node_hwmon_power_average_watt: published('hwmon_linux.go @ 00234b38'),
    node_hwmon_power_watt: published('hwmon_linux.go @ 00234b38'),
    node_drm_card_info: published('drm_linux.go @ 3bcbcbd5'),
    node_drm_gpu_busy_percent: published('drm_linux.go @ 3bcbcbd5'),
    node_drm_memory_vram_size_bytes: published('drm_linux.go @ 3bcbcbd5'),
    node_drm_memory_vram_used_bytes: published('drm_linux.go @ 3bcbcbd5'),
  },
  switches: [
    {
      series: [
        'node_pcidevice_info',
        'node_pcidevice_current_link_width',
        'node_pcidevice_max_link_width',
        'node_pcidevice_current_link_transfers_per_second',
        'node_pcidevice_max_link_transfers_per_second',
      ],
      how: '--collector.pcidevice',
    },
    { series: ['node_cpu_info'], how: '--collector.cpu.info' },
    { series: ['node_cpu_flag_info'], how: '--collector.cpu.info --collector.cpu.info.flags-include=avx' },
    {
      series: [
        'node_drm_card_info',
        'node_drm_gpu_busy_percent',
        'node_drm_memory_vram_size_bytes',
        'node_drm_memory_vram_used_bytes',
      ],
      how: '--collector.drm',
    },
  ],
};
