import type { Dialect } from '../../domain/dialect.ts';

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
    node_network_speed_bytes: {
      kind: 'host-nic-bytes',
      device: 'device',
      notDevice: /^(?:lo|docker.*|veth.*|br-.*|virbr.*|tun.*|wg.*)$/,
    },
    node_boot_time_seconds: { kind: 'host-boot-seconds' },
    node_os_info: { kind: 'host-os', label: 'pretty_name' },
    node_pcidevice_current_link_width: { kind: 'pci-width' },
  },
};
