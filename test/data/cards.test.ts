import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { cards, findCard } from '../../src/data/cards.ts';
import { referenceAlgorithms } from '../../src/domain/readiness/card.ts';
import { missingSamples, sampleText } from '../support/samples.ts';

const GIB = 2 ** 30;

describe('findCard', () => {
  it.each([
    ['RTX 3090', null, 'RTX 3090'],
    ['NVIDIA GeForce RTX 3090', null, 'RTX 3090'],
    ['rtx 3090', null, 'RTX 3090'],
    ['RTX 2080 SUPER', null, 'RTX 2080 Super'],
    ['H100 80GB HBM3', 79.6, 'H100 SXM'],
    ['A100-PCIE-40GB', 40, 'A100 40GB'],
    ['A100-SXM4-80GB', 80, 'A100 80GB SXM'],
    ['Tesla V100-SXM2-16GB', 16, 'V100 16GB SXM2'],
    ['AMD Instinct MI210', 64, 'Instinct MI210'],
    // One name, several cards: the VRAM tells.
    ['RTX 3080', 10, 'RTX 3080 10GB'],
    ['RTX 3080', 11.9, 'RTX 3080 12GB'],
    ['RTX 3060', 12, 'RTX 3060 12GB'],
    ['RTX 3060', 8, null],
    ['GTX 1060', 2.95, 'GTX 1060 3GB'],
    ['GeForce GTX 1060 6GB', null, 'GTX 1060 6GB'],
    ['Radeon RX 580 Series', 8, 'RX 580 8GB'],
    // Exact names alone.
    ['RTX 3090 Laptop GPU', 16, null],
    ['RTX 309', null, null],
    ['', null, null],
    ['constructor', null, null],
  ])('%s with %s GiB: %s', (model, vramGib, expected) => {
    expect(findCard(model, vramGib === null ? null : vramGib * GIB)?.model ?? null).toBe(expected);
  });

  it('knows of an ambiguous name only what its cards share', () => {
    expect(findCard('RTX 2060')).toMatchObject({ vramGb: null, ceiling: null, computeCapability: 7.5, tdpWatts: null });
    expect(findCard('RTX 3080')).toMatchObject({ vramGb: null, ceiling: 'T2', computeCapability: 8.6 });
  });

  it('does not take the VRAM of the one variant in the table for that of a name with others', () => {
    expect(findCard('RTX 3060')?.vramGb).toBeNull();
  });
});

describe('the card table', () => {
  it('names every card once', () => {
    expect(new Set(cards.map((card) => card.model)).size).toBe(cards.length);
  });

  it('gives every card exactly the architecture of its vendor', () => {
    for (const card of cards) {
      expect([card.model, card.computeCapability !== null, card.gfxTarget !== null]).toEqual([
        card.model,
        card.vendor === 'NVIDIA',
        card.vendor === 'AMD',
      ]);
    }
  });

  it('marks the CMP series as crippled, and nothing else', () => {
    for (const card of cards) expect(card.crippled).toBe(/^CMP/.test(card.model));
  });
});

describe.skipIf(missingSamples())('the card table beside the recorded one', () => {
  const rows = missingSamples() ? [] : parse<Record<string, string>>(sampleText('gpus.csv'), { columns: true });
  const numberOf = (text: string | undefined) => (text === undefined || text === '' ? null : Number(text));
  const textOf = (text: string | undefined) => (text === undefined || text === '' ? null : text);

  it('has all 59 cards', () => expect(rows).toHaveLength(59));

  it.each(rows.map((row) => [row['model'] ?? '', row] as const))('%s', (model, row) => {
    const ecc = textOf(row['ecc']);
    expect(findCard(model)).toMatchObject({
      model,
      vendor: row['vendor'],
      arch: row['arch'],
      vramGb: numberOf(row['vram_gb']),
      memory: textOf(row['mem_type']),
      fp32Tflops: numberOf(row['fp32_tflops']),
      computeCapability: numberOf(row['compute_capability']),
      gfxTarget: textOf(row['gfx_target']),
      pcieGen: numberOf(row['pcie_gen']),
      pcieLanes: numberOf(row['pcie_lanes']),
      ecc: ecc === null ? null : ecc === 'yes',
      tdpWatts: numberOf(row['tdp_w']),
    });
    for (const algorithm of referenceAlgorithms) {
      const megahashes = numberOf(row[`${algorithm}_mhs`]);
      const known = findCard(model)?.hashrates[algorithm] ?? null;
      if (megahashes === null) {
        expect(known).toBeNull();
        continue;
      }
      expect(known?.hashrate).toBeCloseTo(megahashes * 1e6, 3);
      expect(known?.watts).toBe(numberOf(row[`${algorithm}_w`]));
    }
  });
});
