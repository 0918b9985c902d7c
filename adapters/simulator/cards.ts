/** Algorithms that the farm's miners run, as lower-case names. */
export type Algorithm = 'kawpow' | 'etchash' | 'autolykos2' | 'sha256d' | 'randomx';

export interface MiningSpeed {
  readonly hashesPerSecond: number;
  readonly watts: number;
}

export interface CardModel {
  /** As its own tool prints it: nvidia-smi, amd-smi, an ASIC's web page. */
  readonly name: string;
  /** As T-Rex and the marketplace print it. */
  readonly shortName: string;
  readonly vramMib: number;
  readonly computeCapability: number;
  readonly tdpWatts: number;
  readonly idleWatts: number;
  readonly pcieGeneration: number;
  readonly pcieLanes: number;
  /** Device and vendor as one number, as `pci.device_id` has it. */
  readonly pciDeviceId: number;
  readonly maxGraphicsMhz: number;
  readonly maxMemoryMhz: number;
  readonly ecc: boolean;
  /** Memory temperature while it works, where the miner can read the sensor (nvidia-smi cannot on any of these). */
  readonly memoryCelsius: number | null;
  readonly teraflops: number;
  readonly mining: Partial<Readonly<Record<Algorithm, MiningSpeed>>>;
  /** What renters paid at least at Vast, USD per GPU-hour, on 2026-10-01; null where nothing was listed. */
  readonly vastFloorUsd: number | null;
}

export const speed = (megahashesPerSecond: number, watts: number): MiningSpeed => ({
  hashesPerSecond: megahashesPerSecond * 1e6,
  watts,
});

/**
 * NVIDIA's. Vendor specifications; hashrates and watts as hashrate tables had them in 2022, floors as Vast listed them on
 * 2026-10-01. The kawpow figure of the RTX 2080 Ti is illustrative.
 */
export const cardModels = {
  'RTX 3090': {
    name: 'NVIDIA GeForce RTX 3090',
    shortName: 'RTX 3090',
    vramMib: 24_576,
    computeCapability: 8.6,
    tdpWatts: 350,
    idleWatts: 24,
    pcieGeneration: 4,
    pcieLanes: 16,
    pciDeviceId: 0x220410de,
    maxGraphicsMhz: 2_100,
    maxMemoryMhz: 9_751,
    ecc: false,
    memoryCelsius: 90,
    teraflops: 35.58,
    mining: { kawpow: speed(61.17, 342), etchash: speed(120.26, 319), autolykos2: speed(268.31, 263) },
    vastFloorUsd: 0.1563,
  },
  'RTX 3080': {
    name: 'NVIDIA GeForce RTX 3080',
    shortName: 'RTX 3080',
    vramMib: 10_240,
    computeCapability: 8.6,
    tdpWatts: 320,
    idleWatts: 21,
    pcieGeneration: 4,
    pcieLanes: 16,
    pciDeviceId: 0x220610de,
    maxGraphicsMhz: 2_100,
    maxMemoryMhz: 9_501,
    ecc: false,
    memoryCelsius: 91,
    teraflops: 29.77,
    mining: { kawpow: speed(46.448, 279), etchash: speed(97.878, 224), autolykos2: speed(218.548, 180) },
    vastFloorUsd: 0.1089,
  },
  'RTX 3070': {
    name: 'NVIDIA GeForce RTX 3070',
    shortName: 'RTX 3070',
    vramMib: 8_192,
    computeCapability: 8.6,
    tdpWatts: 220,
    idleWatts: 13,
    pcieGeneration: 4,
    pcieLanes: 16,
    pciDeviceId: 0x248410de,
    maxGraphicsMhz: 2_100,
    maxMemoryMhz: 7_001,
    ecc: false,
    memoryCelsius: null,
    teraflops: 20.31,
    mining: { kawpow: speed(30.59, 150), etchash: speed(61.74, 118), autolykos2: speed(173.51, 120) },
    vastFloorUsd: 0.0696,
  },
  'RTX 2080 Ti': {
    name: 'NVIDIA GeForce RTX 2080 Ti',
    shortName: 'RTX 2080 Ti',
    vramMib: 11_264,
    computeCapability: 7.5,
    tdpWatts: 250,
    idleWatts: 17,
    pcieGeneration: 3,
    pcieLanes: 16,
    pciDeviceId: 0x1e0710de,
    maxGraphicsMhz: 2_100,
    maxMemoryMhz: 7_000,
    ecc: false,
    memoryCelsius: 86,
    teraflops: 13.45,
    mining: { kawpow: speed(27.4, 220) },
    vastFloorUsd: null,
  },
  'GTX 1660 Super': {
    name: 'NVIDIA GeForce GTX 1660 SUPER',
    shortName: 'GTX 1660 Super',
    vramMib: 6_144,
    computeCapability: 7.5,
    tdpWatts: 125,
    idleWatts: 9,
    pcieGeneration: 3,
    pcieLanes: 16,
    pciDeviceId: 0x21c410de,
    maxGraphicsMhz: 2_100,
    maxMemoryMhz: 7_001,
    ecc: false,
    memoryCelsius: null,
    teraflops: 5.03,
    mining: { kawpow: speed(10.1, 78), etchash: speed(31.74, 75), autolykos2: speed(62.86, 72) },
    vastFloorUsd: null,
  },
  'RTX A4000': {
    name: 'NVIDIA RTX A4000',
    shortName: 'RTX A4000',
    vramMib: 16_384,
    computeCapability: 8.6,
    tdpWatts: 140,
    idleWatts: 12,
    pcieGeneration: 4,
    pcieLanes: 16,
    pciDeviceId: 0x24b010de,
    maxGraphicsMhz: 2_100,
    maxMemoryMhz: 7_001,
    ecc: true,
    memoryCelsius: null,
    teraflops: 19.17,
    mining: { kawpow: speed(26.11, 139), etchash: speed(58.54, 120), autolykos2: speed(140.61, 139) },
    vastFloorUsd: 0.0779,
  },
  'RTX A5000': {
    name: 'NVIDIA RTX A5000',
    shortName: 'RTX A5000',
    vramMib: 24_576,
    computeCapability: 8.6,
    tdpWatts: 230,
    idleWatts: 19,
    pcieGeneration: 4,
    pcieLanes: 16,
    pciDeviceId: 0x223110de,
    maxGraphicsMhz: 2_100,
    maxMemoryMhz: 8_001,
    ecc: true,
    memoryCelsius: null,
    teraflops: 27.77,
    mining: { kawpow: speed(42.18, 229), etchash: speed(101.85, 217), autolykos2: speed(242.07, 229) },
    vastFloorUsd: 0.1889,
  },
  'CMP 90HX': {
    name: 'NVIDIA CMP 90HX',
    shortName: 'CMP 90HX',
    vramMib: 10_240,
    computeCapability: 8.6,
    tdpWatts: 320,
    idleWatts: 27,
    pcieGeneration: 1,
    pcieLanes: 4,
    pciDeviceId: 0x220d10de,
    maxGraphicsMhz: 2_100,
    maxMemoryMhz: 9_501,
    ecc: false,
    memoryCelsius: 94,
    teraflops: 21.89,
    mining: { kawpow: speed(37, 320), etchash: speed(100.16, 249) },
    vastFloorUsd: null,
  },
  'CMP 40HX': {
    name: 'NVIDIA CMP 40HX',
    shortName: 'CMP 40HX',
    vramMib: 8_192,
    computeCapability: 7.5,
    tdpWatts: 185,
    idleWatts: 15,
    pcieGeneration: 1,
    pcieLanes: 4,
    pciDeviceId: 0x1f0b10de,
    maxGraphicsMhz: 2_100,
    maxMemoryMhz: 7_001,
    ecc: false,
    memoryCelsius: null,
    teraflops: 7.18,
    mining: { etchash: speed(43, 135) },
    vastFloorUsd: null,
  },
  'CMP 170HX': {
    name: 'NVIDIA CMP 170HX',
    shortName: 'CMP 170HX',
    vramMib: 8_192,
    computeCapability: 8,
    tdpWatts: 250,
    idleWatts: 31,
    pcieGeneration: 1,
    pcieLanes: 4,
    pciDeviceId: 0x20c210de,
    maxGraphicsMhz: 1_410,
    maxMemoryMhz: 1_458,
    ecc: false,
    memoryCelsius: 78,
    teraflops: 0.41,
    mining: { etchash: speed(164, 240) },
    vastFloorUsd: null,
  },
} as const satisfies Record<string, CardModel>;
