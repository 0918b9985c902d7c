import { normaliseModel } from '../domain/model-name.ts';
import { BYTES_PER_GIB } from '../domain/quantities.ts';
import {
  type Card,
  type FindCard,
  type ReferenceAlgorithm,
  type ReferenceHashrate,
  referenceAlgorithms,
} from '../domain/readiness/card.ts';
import type { Tier } from '../domain/readiness/tier.ts';

/**
 * The card table, as of 2026-11-22. Sources: bus, VRAM, memory, FP32 and TDP from voidful/gpu-info-api branch gpu-data @
 * 03a6b34 (Wikipedia, 2025-06-16), corrected from Lightning-AI/pytorch-lightning throughput.py (V100, T4, A10, A100, H100) and
 * the vendor's L40/L40S sheet; compute capability from dstackai/gpuhunt constraints.py, Pascal and CMP unverified; gfx
 * targets from AMD's ROCm specifications for Instinct, Polaris and RDNA unverified; the bus of mining cards from press and
 * owners' reports; ECC is common knowledge. The ceiling is the best tier that the silicon allows; null where nothing states one.
 */
type Row<Architecture> = readonly [
  model: string,
  arch: string | null,
  vramGb: number | null,
  memory: string | null,
  fp32Tflops: number | null,
  architecture: Architecture | null,
  pcieGen: number | null,
  pcieLanes: number | null,
  ecc: boolean | null,
  tdpWatts: number | null,
  ceiling: Tier | null,
];

/** Architecture: compute capability. */
const nvidia: readonly Row<number>[] = [
  ['GTX 1060 6GB', 'Pascal', 6, 'GDDR5', 4.4, 6.1, 3, 16, false, 120, 'T1'],
  ['GTX 1070', 'Pascal', 8, 'GDDR5', 6.5, 6.1, 3, 16, false, 150, 'T1'],
  ['GTX 1080 Ti', 'Pascal', 11, 'GDDR5X', 11.3, 6.1, 3, 16, false, 250, 'T1'],
  ['GTX 1660 Super', 'Turing', 6, 'GDDR6', 5.03, 7.5, 3, 16, false, 125, 'T1'],
  ['RTX 2060 6GB', 'Turing', 6, 'GDDR6', 6.45, 7.5, 3, 16, false, 160, 'T1'],
  ['RTX 2070', 'Turing', 8, 'GDDR6', 7.47, 7.5, 3, 16, false, 175, 'T2'],
  ['RTX 2080 Ti', 'Turing', 11, 'GDDR6', 13.45, 7.5, 3, 16, false, 250, 'T2'],
  ['RTX 3060 12GB', 'Ampere', 12, 'GDDR6', 12.74, 8.6, 4, 16, false, 170, 'T2'],
  ['RTX 3060 Ti', 'Ampere', 8, 'GDDR6', 16.2, 8.6, 4, 16, false, 200, 'T2'],
  ['RTX 3070', 'Ampere', 8, 'GDDR6', 20.31, 8.6, 4, 16, false, 220, 'T2'],
  ['RTX 3080 10GB', 'Ampere', 10, 'GDDR6X', 29.77, 8.6, 4, 16, false, 320, 'T2'],
  ['RTX 3080 Ti', 'Ampere', 12, 'GDDR6X', 34.1, 8.6, 4, 16, false, 350, 'T2'],
  ['RTX 3090', 'Ampere', 24, 'GDDR6X', 35.58, 8.6, 4, 16, false, 350, 'T3'],
  ['RTX 4060 Ti 16GB', 'Ada', 16, 'GDDR6', 22.1, 8.9, 4, 8, false, 160, null],
  ['RTX 4070', 'Ada', 12, 'GDDR6X', 29.1, 8.9, 4, 16, false, 200, null],
  ['RTX 4080', 'Ada', 16, 'GDDR6X', 48.7, 8.9, 4, 16, false, 320, 'T3'],
  ['RTX 4090', 'Ada', 24, 'GDDR6X', 82.6, 8.9, 4, 16, false, 450, 'T3'],
  ['RTX 5070 Ti', 'Blackwell', 16, 'GDDR7', 44.35, 12, 5, 16, false, 300, null],
  ['RTX 5080', 'Blackwell', 16, 'GDDR7', 56.28, 12, 5, 16, false, 360, null],
  ['RTX 5090', 'Blackwell', 32, 'GDDR7', 104.8, 12, 5, 16, false, 575, 'T3'],
  ['P106-100', 'Pascal', 6, 'GDDR5', 4.37, 6.1, null, null, false, null, 'T1'],
  ['P104-100', 'Pascal', 4, 'GDDR5X', 6.65, 6.1, null, 4, false, null, null],
  ['P102-100', 'Pascal', 5, 'GDDR5X', 10.77, 6.1, null, 4, false, null, 'T1'],
  ['CMP 30HX', 'Turing', 6, 'GDDR6', 5.03, 7.5, 1.1, 4, false, null, 'T1'],
  ['CMP 40HX', 'Turing', 8, 'GDDR6', 7.18, 7.5, 1.1, 4, false, 185, 'T1'],
  ['CMP 50HX', 'Turing', 10, 'GDDR6', null, 7.5, null, 4, false, 225, 'T1'],
  ['CMP 90HX', 'Ampere', 10, 'GDDR6X', 21.89, 8.6, 1.1, 4, false, 320, 'T1'],
  ['CMP 170HX 8GB', 'Ampere', 8, 'HBM2e', 0.41, 8, 1.1, 4, false, 250, 'T1'],
  ['RTX A2000 12GB', 'Ampere', 12, 'GDDR6', 7.99, 8.6, 4, 16, true, 70, null],
  ['RTX A4000', 'Ampere', 16, 'GDDR6', 19.17, 8.6, 4, 16, true, 140, 'T3'],
  ['RTX A5000', 'Ampere', 24, 'GDDR6', 27.77, 8.6, 4, 16, true, 230, 'T3'],
  ['RTX A6000', 'Ampere', 48, 'GDDR6', 38.71, 8.6, 4, 16, true, 300, 'T3'],
  ['A10', 'Ampere', 24, 'GDDR6', 31.24, 8.6, 4, 16, true, 150, null],
  ['A40', 'Ampere', 48, 'GDDR6', 37.42, 8.6, 4, 16, true, 300, null],
  ['A100 40GB', 'Ampere', 40, 'HBM2', 19.5, 8, 4, 16, true, 250, 'T4'],
  ['A100 80GB PCIe', 'Ampere', 80, 'HBM2e', 19.5, 8, 4, 16, true, null, 'T4'],
  ['L4', 'Ada', 24, 'GDDR6', 30.3, 8.9, 4, 16, true, 72, null],
  ['L40', 'Ada', 48, 'GDDR6', 90.5, 8.9, 4, 16, true, 300, null],
  ['L40S', 'Ada', 48, 'GDDR6', 91.6, 8.9, 4, 16, true, 350, null],
  ['H100 PCIe', 'Hopper', 80, 'HBM2e', 51.2, 9, 5, 16, true, 350, 'T4'],
  ['H100 SXM', 'Hopper', 80, 'HBM3', 66.9, 9, 5, 16, true, 700, 'T4'],
  ['H200 SXM', 'Hopper', 141, 'HBM3e', 66.9, 9, 5, 16, true, 700, 'T4'],
  ['V100 16GB SXM2', 'Volta', 16, 'HBM2', 15.7, 7, 3, 16, true, 300, null],
  ['T4', 'Turing', 16, 'GDDR6', 8.1, 7.5, 3, 16, true, 70, null],
];

/** Architecture: gfx target. */
const amd: readonly Row<string>[] = [
  ['RX 470 8GB', 'Polaris', 8, 'GDDR5', 4.94, 'gfx803', 3, 16, false, 120, 'T0'],
  ['RX 480 8GB', 'Polaris', 8, 'GDDR5', 5.83, 'gfx803', 3, 16, false, 150, 'T0'],
  ['RX 570 8GB', 'Polaris', 8, 'GDDR5', 5.1, 'gfx803', 3, 16, false, 150, 'T0'],
  ['RX 580 8GB', 'Polaris', 8, 'GDDR5', 6.18, 'gfx803', 3, 16, false, 185, 'T0'],
  ['RX 5700 XT', 'RDNA1', 8, 'GDDR6', 9.75, 'gfx1010', 4, 16, false, 225, 'T1'],
  ['RX 6600 XT', 'RDNA2', 8, 'GDDR6', 10.6, 'gfx1032', 4, 8, false, 160, 'T1'],
  ['RX 6700 XT', 'RDNA2', 12, 'GDDR6', 13.2, 'gfx1031', 4, 16, false, 230, 'T1'],
  ['RX 6800', 'RDNA2', 16, 'GDDR6', 16.2, 'gfx1030', 4, 16, false, 250, 'T1'],
  ['RX 6900 XT', 'RDNA2', 16, 'GDDR6', 23, 'gfx1030', 4, 16, false, 300, 'T1'],
  ['RX 7900 XTX', 'RDNA3', 24, 'GDDR6', 61.4, 'gfx1100', 4, 16, false, 355, 'T2'],
  ['Radeon VII', 'Vega20', 16, 'HBM2', null, 'gfx906', null, 16, null, null, 'T1'],
  ['Instinct MI50', 'Vega20', 16, 'HBM2', 13.25, 'gfx906', 4, 16, true, 300, 'T1'],
  ['Instinct MI100', 'CDNA1', 32, 'HBM2', 23.07, 'gfx908', 4, 16, true, 300, null],
  ['Instinct MI210', 'CDNA2', 64, 'HBM2e', 22.63, 'gfx90a', 4, 16, true, 300, null],
  ['Instinct MI300X', 'CDNA3', 192, 'HBM3', null, 'gfx942', 5, 16, true, 750, null],
];

/**
 * Cards of which only the capability is known: compute capability from developer.nvidia.com/cuda-gpus, VRAM and FP32
 * vendor figures that nobody re-checked.
 */
const nvidiaCapabilityOnly: readonly Row<number>[] = [
  ['GTX 1060 3GB', 'Pascal', 3, null, 4.4, 6.1, null, null, null, null, 'T0'],
  ['GTX 1070 Ti', 'Pascal', 8, null, 8.2, 6.1, null, null, null, null, 'T1'],
  ['GTX 1080', 'Pascal', 8, null, 8.9, 6.1, null, null, null, null, 'T1'],
  ['GTX 1660 Ti', 'Turing', 6, null, 5.4, 7.5, null, null, null, null, 'T1'],
  ['RTX 2060 12GB', 'Turing', 12, null, 6.5, 7.5, null, null, null, null, 'T2'],
  ['RTX 2060 Super', 'Turing', 8, null, 7.2, 7.5, null, null, null, null, 'T2'],
  ['RTX 2070 Super', 'Turing', 8, null, null, 7.5, null, null, null, null, 'T2'],
  ['RTX 2080', 'Turing', 8, null, null, 7.5, null, null, null, null, 'T2'],
  ['RTX 2080 Super', 'Turing', 8, null, 11.2, 7.5, null, null, null, null, 'T2'],
  ['RTX 3070 Ti', 'Ampere', 8, null, 22, 8.6, null, null, null, null, 'T2'],
  ['RTX 3080 12GB', 'Ampere', 12, 'GDDR6X', null, 8.6, null, null, null, null, 'T2'],
  ['RTX 3090 Ti', 'Ampere', 24, 'GDDR6X', 40, 8.6, null, 16, null, null, 'T3'],
  ['RTX 4070 Ti Super', 'Ada', 16, null, 44, 8.9, null, 16, null, null, 'T3'],
  ['RTX 4080 Super', 'Ada', 16, null, 52, 8.9, null, 16, null, null, 'T3'],
  ['A100 40GB SXM', 'Ampere', 40, null, null, 8, null, 16, true, null, 'T4'],
  ['A100 80GB SXM', 'Ampere', 80, null, null, 8, null, 16, true, null, 'T4'],
  ['CMP 70HX', 'Ampere', 8, null, null, 8.6, null, null, null, null, 'T1'],
  ['CMP 100-210', 'Volta', 16, null, null, 7, 1, 1, null, null, 'T1'],
];

const amdCapabilityOnly: readonly Row<string>[] = [
  ['RX 470 4GB', 'Polaris', 4, null, null, 'gfx803', null, null, null, null, 'T0'],
  ['RX 480 4GB', 'Polaris', 4, null, null, 'gfx803', null, null, null, null, 'T0'],
  ['RX 570 4GB', 'Polaris', 4, null, null, 'gfx803', null, null, null, null, 'T0'],
  ['RX 580 4GB', 'Polaris', 4, null, null, 'gfx803', null, null, null, null, 'T0'],
  ['RX 590', 'Polaris', 8, null, null, 'gfx803', null, null, null, null, 'T0'],
  ['RX Vega 56', 'Vega', 8, null, null, 'gfx900', null, null, null, null, 'T1'],
  ['RX Vega 64', 'Vega', 8, null, null, 'gfx900', null, null, null, null, 'T1'],
  ['RX 5600 XT', 'RDNA1', 6, null, null, 'gfx1010', null, null, null, null, 'T1'],
  ['RX 5700', 'RDNA1', 8, null, null, 'gfx1010', null, null, null, null, 'T1'],
  ['RX 6600', 'RDNA2', 8, null, null, 'gfx1032', null, null, null, null, 'T1'],
  ['RX 6800 XT', 'RDNA2', 16, null, null, 'gfx1030', null, null, null, null, 'T1'],
  ['RX 6950 XT', 'RDNA2', 16, null, null, 'gfx1030', null, null, null, null, 'T1'],
  ['RX 7900 XT', 'RDNA3', 20, null, 52, 'gfx1100', null, 16, null, null, 'T2'],
];

type Hashrates = Partial<Record<ReferenceAlgorithm, readonly [megahashesPerSecond: number, watts: number | null]>>;

/**
 * MH/s and watts at the card. From najocar/Hashrate-table js/data.js (2022-06-17; obvious copy errors dropped), RTX 3080
 * from minerstat, CMP 90HX and RX 570 octopus from a NiceHash dump of 2021. kHeavyHash is empty: the one table contradicts itself.
 */
const hashrates: Readonly<Record<string, Hashrates>> = {
  'GTX 1060 6GB': { ethash: [22, 85] },
  'GTX 1070': { ethash: [28, 120] },
  'GTX 1080 Ti': { ethash: [43.23, 198], etchash: [51.2, 170] },
  'GTX 1660 Super': { ethash: [31.74, 75], etchash: [31.74, 75], kawpow: [10.1, 78], autolykos2: [62.86, 72] },
  'RTX 2060 6GB': { ethash: [33.85, 81], etchash: [33.88, 81], kawpow: [17.76, 125], autolykos2: [66.15, 75] },
  'RTX 2070': { ethash: [45.13, 103], etchash: [42.47, 99], kawpow: [21.15, 148] },
  'RTX 2080 Ti': { ethash: [57.46, 160] },
  'RTX 3060 12GB': { ethash: [41.66, 110], etchash: [25.53, 100], kawpow: [24.09, 140], autolykos2: [122.09, 98] },
  'RTX 3060 Ti': { ethash: [62.42, 125], kawpow: [30.52, 149], autolykos2: [173.24, 139] },
  'RTX 3070': { ethash: [62.34, 115], etchash: [61.74, 118], kawpow: [30.59, 150], autolykos2: [173.51, 120] },
  'RTX 3080 10GB': {
    ethash: [101.58, 224],
    etchash: [97.878, 224],
    kawpow: [46.448, 279],
    autolykos2: [218.548, 180],
    octopus: [78.62, 235],
  },
  'RTX 3080 Ti': { ethash: [93.01, 275], kawpow: [58.7, 354], autolykos2: [269.08, 232] },
  'RTX 3090': { ethash: [124.09, 294], etchash: [120.26, 319], kawpow: [61.17, 362], autolykos2: [268.31, 263] },
  'P106-100': { ethash: [24.04, 86], etchash: [23.25, 89], kawpow: [11.13, 119], autolykos2: [46.44, 85] },
  'P104-100': { ethash: [36.27, 135], etchash: [37.81, 129], kawpow: [17.92, 163], autolykos2: [75.92, 129] },
  'P102-100': { ethash: [45, 190] },
  'CMP 40HX': { ethash: [43, 135] },
  'CMP 50HX': { ethash: [45, 225] },
  'CMP 90HX': { ethash: [100.16, 249], kawpow: [37, 320], octopus: [36, 320] },
  'CMP 170HX 8GB': { ethash: [164, 250] },
  'RTX A2000 12GB': { ethash: [43.25, 67], etchash: [39.77, 65], kawpow: [15.05, 69], autolykos2: [100.15, 69] },
  'RTX A4000': { ethash: [62.03, 124], etchash: [58.54, 120], kawpow: [26.11, 139], autolykos2: [140.61, 139] },
  'RTX A5000': { ethash: [101.78, 215], etchash: [101.85, 217], kawpow: [42.18, 229], autolykos2: [242.07, 229] },
  'RX 470 8GB': { ethash: [31, 130], kawpow: [14.22, 135] },
  'RX 480 8GB': { ethash: [28, 135] },
  'RX 570 8GB': {
    ethash: [32.32, 135],
    etchash: [29.57, 130],
    kawpow: [13.98, 148],
    autolykos2: [61.78, 120],
    octopus: [2.3, null],
  },
  'RX 580 8GB': { ethash: [32.22, 135], kawpow: [13.98, 140], autolykos2: [57.33, 72] },
  'RX 5700 XT': { ethash: [56.44, 125], etchash: [54.74, 120] },
  'RX 6600 XT': { ethash: [31.88, 68], kawpow: [16.39, 94], autolykos2: [60, 74] },
  'RX 6700 XT': { ethash: [46.95, 98], kawpow: [21.97, 103], autolykos2: [92.02, 89] },
  'RX 6800': { ethash: [61.01, 108], kawpow: [33.48, 143], autolykos2: [120.72, 111] },
  'RX 6900 XT': { ethash: [62.91, 143], etchash: [63.95, 143], kawpow: [33.56, 166], autolykos2: [121.9, 129] },
  'Radeon VII': { ethash: [108.5, 236] },
};

function hashratesOf(model: string): Card['hashrates'] {
  const known = hashrates[model] ?? {};
  const entries = referenceAlgorithms.map((algorithm): [ReferenceAlgorithm, ReferenceHashrate | null] => {
    const row = known[algorithm];
    // Rounded: 97.878 MH/s times a million is not whole in binary.
    return [algorithm, row === undefined ? null : { hashrate: Math.round(row[0] * 1e6), watts: row[1] }];
  });
  return Object.fromEntries(entries) as Card['hashrates'];
}

function cardOf(vendor: Card['vendor'], row: Row<number | string>): Card {
  const [model, arch, vramGb, memory, fp32Tflops, architecture, pcieGen, pcieLanes, ecc, tdpWatts, ceiling] = row;
  return {
    model,
    vendor,
    arch,
    vramGb,
    memory,
    fp32Tflops,
    computeCapability: typeof architecture === 'number' ? architecture : null,
    gfxTarget: typeof architecture === 'string' ? architecture : null,
    pcieGen,
    pcieLanes,
    ecc,
    tdpWatts,
    ceiling,
    crippled: model.startsWith('CMP '),
    hashrates: hashratesOf(model),
  };
}

export const cards: readonly Card[] = [
  ...[...nvidia, ...nvidiaCapabilityOnly].map((row) => cardOf('NVIDIA', row)),
  ...[...amd, ...amdCapabilityOnly].map((row) => cardOf('AMD', row)),
];

/** Other names of exactly one card: as drivers print it. */
const aliases: Readonly<Record<string, string>> = {
  'A100-PCIE-40GB': 'A100 40GB',
  'A100-SXM4-40GB': 'A100 40GB SXM',
  'A100-PCIE-80GB': 'A100 80GB PCIe',
  'A100-SXM4-80GB': 'A100 80GB SXM',
  'H100 80GB HBM3': 'H100 SXM',
  H200: 'H200 SXM',
  'Tesla T4': 'T4',
  'Tesla V100-SXM2-16GB': 'V100 16GB SXM2',
  MI50: 'Instinct MI50',
  MI100: 'Instinct MI100',
  MI210: 'Instinct MI210',
  MI300X: 'Instinct MI300X',
  'RX 590 Series': 'RX 590',
};

/** Names that drivers give to cards of different VRAM; VRAM tells them apart. */
const variants: Readonly<Record<string, readonly string[]>> = {
  'GTX 1060': ['GTX 1060 3GB', 'GTX 1060 6GB'],
  'RTX 2060': ['RTX 2060 6GB', 'RTX 2060 12GB'],
  'RTX 3060': ['RTX 3060 12GB'],
  'RTX 3080': ['RTX 3080 10GB', 'RTX 3080 12GB'],
  'RTX 4060 Ti': ['RTX 4060 Ti 16GB'],
  'RTX A2000': ['RTX A2000 12GB'],
  'CMP 170HX': ['CMP 170HX 8GB'],
  'RX 470': ['RX 470 4GB', 'RX 470 8GB'],
  'RX 470 Series': ['RX 470 4GB', 'RX 470 8GB'],
  'RX 480': ['RX 480 4GB', 'RX 480 8GB'],
  'RX 480 Series': ['RX 480 4GB', 'RX 480 8GB'],
  'RX 570': ['RX 570 4GB', 'RX 570 8GB'],
  'RX 570 Series': ['RX 570 4GB', 'RX 570 8GB'],
  'RX 580': ['RX 580 4GB', 'RX 580 8GB'],
  'RX 580 Series': ['RX 580 4GB', 'RX 580 8GB'],
};

const byName = new Map(cards.map((card) => [card.model.toLowerCase(), card]));
for (const [alias, model] of Object.entries(aliases)) byName.set(alias.toLowerCase(), named(model));

const variantsByName = new Map(
  Object.entries(variants).map(([name, models]) => {
    const candidates = models.map(named);
    return [name.toLowerCase(), { candidates, whole: whatTheyShare(name, candidates) }];
  }),
);

function named(model: string): Card {
  const card = byName.get(model.toLowerCase());
  if (card === undefined) throw new Error(`no card ${model} in the table`);
  return card;
}

/** A card of a name whose variant is unknown: what all variants have in common, never the VRAM (others may exist). */
function whatTheyShare(model: string, candidates: readonly Card[]): Card {
  const [first, ...others] = candidates;
  if (first === undefined) throw new Error(`no variants of ${model}`);
  const shared = <Key extends keyof Card>(key: Key): Card[Key] | null =>
    others.every((other) => other[key] === first[key]) ? first[key] : null;
  return {
    ...first,
    model,
    vramGb: null,
    memory: shared('memory'),
    fp32Tflops: shared('fp32Tflops'),
    pcieGen: shared('pcieGen'),
    pcieLanes: shared('pcieLanes'),
    tdpWatts: shared('tdpWatts'),
    ceiling: shared('ceiling'),
    hashrates: hashratesOf(model),
  };
}

/** VRAM as reported is a little less than as sold. */
const VRAM_TOLERANCE = 0.1;

/** A card of the table by its exact normalised name, or by the VRAM where one name means several; null for any other. */
export const findCard: FindCard = (model, vramBytes = null) => {
  // Models of a snapshot are normalised already; the second look is for names that come from elsewhere.
  return lookUp(model.toLowerCase(), vramBytes) ?? lookUp(normaliseModel(model)?.toLowerCase() ?? '', vramBytes);
};

function lookUp(name: string, vramBytes: number | null): Card | null {
  const card = byName.get(name);
  if (card !== undefined) return card;
  const family = variantsByName.get(name);
  if (family === undefined) return null;
  if (vramBytes === null) return family.whole;
  const vramGib = vramBytes / BYTES_PER_GIB;
  const fits = ({ vramGb }: Card) => vramGb !== null && Math.abs(vramGib - vramGb) <= VRAM_TOLERANCE * vramGb;
  return family.candidates.find(fits) ?? null;
}
