import { describe, expect, it } from 'vitest';
import type { SeriesMapping } from '../../src/domain/dialect.ts';
import { atMs } from '../support/rigs.ts';
import { dialectOf, readingOf, rigOfTargets } from './readings.ts';

const hostOf = (lines: readonly string[], series?: Readonly<Record<string, SeriesMapping>>) =>
  rigOfTargets([readingOf(`${lines.join('\n')}\n`, series === undefined ? {} : { dialects: [dialectOf({ series })] })])
    .host;

describe('disks', () => {
  const info = (device: string, rotational: string) =>
    `node_disk_info{device="${device}",model="X",path="pci-0000:00:14.0-usb-0:3:1.0",rotational="${rotational}"} 1`;

  it('nobody lists any: unknown, not none', () => {
    expect(hostOf(['node_memory_MemTotal_bytes 8e9']).disks).toBeNull();
  });

  it.each([
    ['sda', true],
    ['nvme0n1', true],
    ['mmcblk0', true],
    ['vda', true],
    ['sdaa', true],
    ['sda1', false],
    ['nvme0n1p1', false],
    ['mmcblk0p2', false],
    ['mmcblk0boot0', false],
    ['dm-0', false],
    ['md127', false],
    ['loop3', false],
    ['sr0', false],
    ['zram0', false],
  ])('%s is one: %s', (device, isDisk) => {
    expect(hostOf([info('sdb', '1'), info(device, '0')]).disks?.map((disk) => disk.device)).toEqual(
      isDisk ? [device, 'sdb'].sort() : ['sdb'],
    );
  });

  it('keep where they hang, and whether they turn where that is said', () => {
    expect(hostOf([info('sda', '0'), info('sdb', '')]).disks).toMatchObject([
      { path: 'pci-0000:00:14.0-usb-0:3:1.0', rotational: false },
      { rotational: null },
    ]);
  });

  it('of one name with and without /dev/ are one', () => {
    expect(hostOf([info('sda', '1'), 'smartctl_device_smart_status{device="/dev/sda"} 0']).disks).toMatchObject([
      { device: 'sda', model: 'X', smartPassed: false },
    ]);
  });

  it('a controller of two disks is told of both', () => {
    const lines = [info('nvme0n1', '0'), info('nvme0n2', '0'), 'smartctl_device_media_errors{device="nvme0"} 3'];
    expect(hostOf(lines).disks).toMatchObject([
      { device: 'nvme0n1', mediaErrors: 3 },
      { device: 'nvme0n2', mediaErrors: 3 },
    ]);
  });
});

it('filesystems: those that matter, each with what is printed of it', () => {
  const lines = [
    'node_filesystem_size_bytes{mountpoint="/",device="/dev/sda1"} 1e11',
    'node_filesystem_avail_bytes{mountpoint="/",device="/dev/sda1"} 4e10',
    'node_filesystem_readonly{mountpoint="/",device="/dev/sda1"} 1',
    'node_filesystem_size_bytes{mountpoint="/var/lib/docker",device="/dev/sdb1"} 2e11',
    'node_filesystem_size_bytes{mountpoint="/run/user/0",device="tmpfs"} 5e9',
  ];
  expect(hostOf(lines).filesystems).toEqual([
    { mountpoint: '/', sizeBytes: 1e11, availableBytes: 4e10, readonly: true },
    { mountpoint: '/var/lib/docker', sizeBytes: 2e11, availableBytes: null, readonly: null },
  ]);
});

it('memory controllers add up, and no driver says nothing', () => {
  const lines = [
    'node_edac_correctable_errors_total{controller="0"} 1',
    'node_edac_correctable_errors_total{controller="1"} 2',
    'node_edac_uncorrectable_errors_total{controller="0"} 0',
  ];
  expect(hostOf(lines)).toMatchObject({ edacCorrectable: 3, edacUncorrectable: 0 });
  expect(hostOf(['node_memory_MemTotal_bytes 8e9'])).toMatchObject({ edacCorrectable: null, edacUncorrectable: null });
});

it('carrier changes of physical ports add up; of fabric ports the fastest counts', () => {
  const lines = [
    'node_network_carrier_changes_total{device="eth0"} 3',
    'node_network_carrier_changes_total{device="eth1"} 4',
    'node_network_carrier_changes_total{device="veth12"} 90',
    'node_infiniband_rate_bytes_per_second{device="mlx5_0",port="1"} 5e10',
    'node_infiniband_rate_bytes_per_second{device="mlx5_1",port="1"} 2.5e10',
  ];
  expect(hostOf(lines)).toMatchObject({ carrierChanges: 7, fabricBitsPerSecond: 4e11 });
});

it("the host's clock is compared with the time of the scrape", () => {
  expect(hostOf([`node_time_seconds ${(atMs + 2_500) / 1000}`]).clockAheadMs).toBe(2_500);
  expect(hostOf([`node_time_seconds ${(atMs - 90_000) / 1000}`]).clockAheadMs).toBe(-90_000);
  expect(hostOf(['node_time_seconds NaN']).clockAheadMs).toBeNull();
});

it('the system has a name and a version', () => {
  const line = 'node_os_info{pretty_name="Ubuntu 22.04.5 LTS",version_id="22.04"} 1';
  expect(hostOf([line])).toMatchObject({ osName: 'Ubuntu 22.04.5 LTS', osVersion: '22.04' });
});

describe('the line', () => {
  const down = { kind: 'line', direction: 'down', unit: 'Mbit/s', unknown: [0] } as const;
  it.each<[string, Readonly<Record<string, SeriesMapping>>, readonly string[], object]>([
    [
      'one family for each direction',
      { d: down, u: { ...down, direction: 'up' } },
      ['d 940', 'u 35'],
      { lineDownBitsPerSecond: 9.4e8, lineUpBitsPerSecond: 3.5e7 },
    ],
    [
      'the best of several servers',
      { d: down },
      ['d{server="a"} 300', 'd{server="b"} 940'],
      { lineDownBitsPerSecond: 9.4e8 },
    ],
    ['a test that failed', { d: down }, ['d 0'], { lineDownBitsPerSecond: null }],
    [
      'one family of which a part counts',
      { d: { ...down, only: { label: 'what', value: 'download' } } },
      ['d{what="download"} 100', 'd{what="latency"} 9000'],
      { lineDownBitsPerSecond: 1e8, lineUpBitsPerSecond: null },
    ],
    [
      'both directions in one family',
      { both: { kind: 'lines', label: 'dir', down: 'rx', up: 'tx', unit: 'byte/s' } },
      ['both{dir="rx"} 1e6', 'both{dir="tx"} 2e6', 'both{dir="ping"} 3e6'],
      { lineDownBitsPerSecond: 8e6, lineUpBitsPerSecond: 1.6e7 },
    ],
  ])('%s', (_name, series, lines, line) => {
    expect(hostOf(lines, series)).toMatchObject(line);
  });
});
