export interface Disk {
  readonly device: string;
  readonly model: string;
  readonly path: string;
  readonly rotational: boolean;
  readonly bytes: number;
}

/** The machine around the cards, as node_exporter sees it. */
export interface HostModel {
  readonly cpu: {
    readonly modelName: string;
    readonly vendor: string;
    readonly family: string;
    readonly model: string;
    readonly stepping: string;
    readonly microcode: string;
    readonly cacheSize: string;
    readonly cores: number;
    readonly threads: number;
    readonly minMhz: number;
    readonly maxMhz: number;
    readonly flags: readonly string[];
  };
  readonly memoryBytes: number;
  readonly disks: readonly [Disk, ...Disk[]];
  /** Bytes per second as `node_network_speed_bytes` counts. */
  readonly nics: readonly { readonly device: string; readonly speedBytes: number }[];
  readonly os: {
    readonly version: string;
    readonly versionId: string;
    readonly codename: string;
    readonly kernel: string;
  };
  readonly hwmonChip: { readonly chip: string; readonly name: string; readonly sensors: number };
  /** An ECC memory controller with a driver. */
  readonly edac: boolean;
  /** node_exporter runs with `--collector.pcidevice`. */
  readonly pcidevice: boolean;
  /** The kernel drives the cards itself (amdgpu), and node_exporter runs with `--collector.drm`. */
  readonly amdgpu?: true;
}

const gib = 2 ** 30;

/** A mining board as HiveOS rigs have them: two slow cores without AVX, little memory, everything on one small disk. */
const miningBoard: HostModel = {
  cpu: {
    modelName: 'Intel(R) Celeron(R) G5905 CPU @ 3.50GHz',
    vendor: 'GenuineIntel',
    family: '6',
    model: '165',
    stepping: '3',
    microcode: '0xf8',
    cacheSize: '4096 KB',
    cores: 2,
    threads: 2,
    minMhz: 800,
    maxMhz: 3_500,
    flags: ['aes', 'sse4_1', 'sse4_2'],
  },
  memoryBytes: 8 * gib - 261_783_552,
  disks: [
    {
      device: 'sda',
      model: 'KINGSTON SA400S37120G',
      path: 'pci-0000:00:17.0-ata-1',
      rotational: false,
      bytes: 120_034_123_776,
    },
  ],
  nics: [{ device: 'eth0', speedBytes: 1.25e8 }],
  os: { version: '20.04.6 LTS (Focal Fossa)', versionId: '20.04', codename: 'focal', kernel: '6.1.0-hiveos' },
  hwmonChip: { chip: 'platform_coretemp_0', name: 'coretemp', sensors: 3 },
  edac: false,
  pcidevice: false,
};

/** The same from a USB stick, behind an old 100 Mb/s switch. */
const usbMiningBoard: HostModel = {
  ...miningBoard,
  memoryBytes: 4 * gib - 198_180_864,
  disks: [
    {
      device: 'sda',
      model: 'Ultra Fit',
      path: 'pci-0000:00:14.0-usb-0:3:1.0-scsi-0:0:0:0',
      rotational: true,
      bytes: 30_752_636_928,
    },
  ],
  nics: [{ device: 'eth0', speedBytes: 1.25e7 }],
  pcidevice: true,
};

/** A mining board for cards that the kernel knows. */
const amdMiningBoard: HostModel = { ...miningBoard, pcidevice: true, amdgpu: true };

const server: HostModel = {
  cpu: {
    modelName: 'AMD EPYC 7302 16-Core Processor',
    vendor: 'AuthenticAMD',
    family: '23',
    model: '49',
    stepping: '0',
    microcode: '0x830107c',
    cacheSize: '512 KB',
    cores: 16,
    threads: 32,
    minMhz: 1_500,
    maxMhz: 3_000,
    flags: ['aes', 'avx', 'avx2', 'sse4_1', 'sse4_2'],
  },
  memoryBytes: 256 * gib - 1_417_674_752,
  disks: [
    {
      device: 'nvme0n1',
      model: 'Samsung SSD 990 PRO 4TB',
      path: 'pci-0000:c1:00.0-nvme-1',
      rotational: false,
      bytes: 4_000_787_030_016,
    },
  ],
  nics: [
    { device: 'eno1np0', speedBytes: 1.25e9 },
    { device: 'eno2np1', speedBytes: 1.25e9 },
  ],
  os: { version: '22.04.5 LTS (Jammy Jellyfish)', versionId: '22.04', codename: 'jammy', kernel: '5.15.0-122-generic' },
  hwmonChip: { chip: 'pci0000:00_0000:00:18_3', name: 'k10temp', sensors: 5 },
  edac: true,
  pcidevice: true,
};

/** A desktop board with one Ryzen: enough for a marketplace, without ECC. */
const workstation: HostModel = {
  ...server,
  cpu: {
    ...server.cpu,
    modelName: 'AMD Ryzen 9 5950X 16-Core Processor',
    family: '25',
    model: '33',
    microcode: '0xa20120e',
    minMhz: 2_200,
    maxMhz: 5_084,
  },
  memoryBytes: 128 * gib - 906_313_728,
  nics: [{ device: 'enp6s0', speedBytes: 1.25e8 }],
  hwmonChip: { chip: 'pci0000:00_0000:00:18_3', name: 'k10temp', sensors: 2 },
  edac: false,
  pcidevice: false,
};

export const hostModels = { miningBoard, usbMiningBoard, amdMiningBoard, server, workstation } as const;
