import { type Algorithm, type CardModel, cardModels, speed } from './cards.ts';

/**
 * AMD's. Vendor specifications; hashrates and watts of the RX 6800 as hashrate tables had them in 2022. Instinct cards do
 * not mine.
 */
const amdModels = {
  'RX 6800': {
    name: 'AMD Radeon RX 6800',
    shortName: 'RX 6800',
    vramMib: 16_368,
    computeCapability: 0,
    tdpWatts: 250,
    idleWatts: 7,
    pcieGeneration: 4,
    pcieLanes: 16,
    pciDeviceId: 0x73bf1002,
    maxGraphicsMhz: 2_105,
    maxMemoryMhz: 1_000,
    ecc: false,
    memoryCelsius: 80,
    teraflops: 16.17,
    mining: { etchash: speed(61.4, 118), kawpow: speed(31.2, 158) },
    vastFloorUsd: null,
  },
  MI210: {
    name: 'AMD Instinct MI210',
    shortName: 'MI210',
    vramMib: 65_520,
    computeCapability: 0,
    tdpWatts: 300,
    idleWatts: 41,
    pcieGeneration: 4,
    pcieLanes: 16,
    pciDeviceId: 0x740f1002,
    maxGraphicsMhz: 1_700,
    maxMemoryMhz: 1_600,
    ecc: true,
    memoryCelsius: 62,
    teraflops: 22.6,
    mining: {},
    vastFloorUsd: null,
  },
  MI300X: {
    name: 'AMD Instinct MI300X',
    shortName: 'MI300X',
    vramMib: 196_592,
    computeCapability: 0,
    tdpWatts: 750,
    idleWatts: 140,
    pcieGeneration: 5,
    pcieLanes: 16,
    pciDeviceId: 0x74a11002,
    maxGraphicsMhz: 2_100,
    maxMemoryMhz: 1_300,
    ecc: true,
    memoryCelsius: 58,
    teraflops: 163.4,
    mining: {},
    vastFloorUsd: null,
  },
} as const satisfies Record<string, CardModel>;

/** Something that mines and is no card: what only cards have is 0. */
function machine(
  name: string,
  algorithm: Algorithm,
  { megahashes, watts, idleWatts }: { readonly megahashes: number; readonly watts: number; readonly idleWatts: number },
): CardModel {
  return {
    name,
    shortName: name,
    vramMib: 0,
    computeCapability: 0,
    tdpWatts: watts,
    idleWatts,
    pcieGeneration: 0,
    pcieLanes: 0,
    pciDeviceId: 0,
    maxGraphicsMhz: 0,
    maxMemoryMhz: 0,
    ecc: false,
    memoryCelsius: null,
    teraflops: 0,
    mining: { [algorithm]: speed(megahashes, watts) },
    vastFloorUsd: null,
  };
}

/** Vendors' figures of the ASICs; the processor's as benchmarks of XMRig have them. */
const machineModels = {
  'Antminer S9': machine('Antminer S9', 'sha256d', { megahashes: 13.5e6, watts: 1_323, idleWatts: 45 }),
  'Antminer S19j Pro': machine('Antminer S19j Pro', 'sha256d', { megahashes: 104e6, watts: 3_068, idleWatts: 60 }),
  'Antminer S21': machine('Antminer S21', 'sha256d', { megahashes: 200e6, watts: 3_500, idleWatts: 70 }),
  'Ryzen 9 5950X': machine('AMD Ryzen 9 5950X', 'randomx', { megahashes: 0.0175, watts: 142, idleWatts: 38 }),
} as const;

/** Everything that computes in a simulated farm. */
export const models = { ...cardModels, ...amdModels, ...machineModels };

export type CardModelName = keyof typeof models;
