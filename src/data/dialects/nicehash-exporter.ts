import type { Dialect } from '../../domain/dialect.ts';

/**
 * What NiceHash's own service says of an account's rigs. A device is known by its name alone: two of one name in one rig are
 * one series, and processors are devices, too. -1 is unknown; a device that is switched off has the algorithm `null`.
 */
export const nicehashExporter: Dialect = {
  id: 'nicehash_exporter',
  evidence: 'published',
  source: 'rluisr/nicehash_exporter README.md',
  scope: 'farm',
  rig: ['rig'],
  card: {
    slot: ['device'],
    model: ['device'],
    modelPart: /((?:GeForce|Radeon|RTX|GTX|RX|CMP|Quadro|Tesla|TITAN)\b.*)$/,
    algorithm: ['algo'],
  },
  nameLabels: ['rig'],
  series: {
    nicehash_device_speed: { kind: 'card', signal: 'hashrate', unit: 'MH/s', unknown: [-1] },
    nicehash_device_temperature: {
      kind: 'card',
      signal: 'coreTemperatureCelsius',
      unit: 'celsius',
      unknown: [-1, 0],
    },
    nicehash_device_load: { kind: 'card', signal: 'utilisationRatio', unit: 'percent', unknown: [-1] },
  },
};
