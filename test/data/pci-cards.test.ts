import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findPciCard, modelsOnPci } from '../../src/data/pci-cards.ts';
import { normaliseModel } from '../../src/domain/model-name.ts';

describe('findPciCard', () => {
  it.each([
    ['0x1002', '0x67df', '0xe7', 'RX 580'],
    ['0x1002', '0x67df', '0xef', 'RX 570'],
    ['1002', '67DF', 'CF', 'RX 470'],
    ['0x1002', '0x6fdf', '0xef', 'RX 580 2048SP'],
    ['0x1002', '0x731f', '0xc4', 'RX 5700'],
    ['0x1002', '0x73bf', '0xc3', 'RX 6800'],
    ['0x1002', '0x744c', '0xc8', 'RX 7900 XTX'],
    ['0x1002', '0x66af', null, 'Radeon VII'],
    ['0x10de', '0x2204', '0xa1', 'RTX 3090'],
    ['0x10de', '0x1c07', null, 'P106-100'],
  ])('%s:%s revision %s is %s', (vendor, device, revision, model) => {
    expect(findPciCard(vendor, device, revision)).toMatchObject({ model, possibleModels: [model] });
  });

  it('says which models are open where the revision does not tell', () => {
    for (const revision of [null, '0xe3']) {
      const card = findPciCard('0x1002', '0x67df', revision);
      expect(card?.model).toBeNull();
      expect(card?.possibleModels).toEqual(expect.arrayContaining(['RX 470', 'RX 570', 'RX 580']));
    }
    expect(findPciCard('0x1002', '0x687f', '0xc1')).toEqual({
      family: 'Vega 10',
      model: null,
      possibleModels: ['RX Vega 56', 'RX Vega 64'],
    });
  });

  it.each([
    ['0x8086', '0x67df'],
    ['0x1002', '0xffff'],
    ['', ''],
    ['constructor', 'constructor'],
  ])('knows nothing of %s:%s', (vendor, device) => {
    expect(findPciCard(vendor, device, null)).toBeNull();
  });

  it("names models as every exporter's names are normalised", () => {
    for (const device of [
      '66af',
      '67df',
      '67ef',
      '67ff',
      '6fdf',
      '687f',
      '731f',
      '7340',
      '73a5',
      '73bf',
      '73df',
      '744c',
    ]) {
      for (const model of findPciCard('1002', device, null)?.possibleModels ?? []) {
        expect(normaliseModel(`AMD ${model}`)).toBe(model);
      }
    }
    for (const device of ['1b06', '1c03', '1e09', '1e81', '2182', '21c4', '2204', '2208', '220a', '2489', '2782']) {
      for (const model of findPciCard('10de', device, null)?.possibleModels ?? []) {
        expect(normaliseModel(`NVIDIA GeForce ${model}`)).toBe(model);
      }
    }
  });

  it('never names a model that its number does not allow', () => {
    const hex = fc.integer({ min: 0, max: 255 }).map((value) => `0x${value.toString(16).padStart(2, '0')}`);
    fc.assert(
      fc.property(
        fc.constantFrom('67df', '67ef', '67ff', '731f', '7340', '73bf', '73df', '73ff', '744c'),
        hex,
        (device, revision) => {
          const all = findPciCard('1002', device, null)?.possibleModels ?? [];
          const card = findPciCard('1002', device, revision);
          expect(all).toEqual(expect.arrayContaining([...(card?.possibleModels ?? ['none'])]));
          expect(card?.model === null).toBe((card?.possibleModels.length ?? 0) > 1);
        },
      ),
    );
  });
});

describe('modelsOnPci', () => {
  it.each([
    ['a card', '1002', '67df', 'ef', ['RX 570']],
    ['a card of one of two models', '1002', '687f', 'c1', ['RX Vega 56', 'RX Vega 64']],
    ['a card that is not in the table', '1002', '7550', 'c0', [null]],
    ['a card of NVIDIA that is not in the table', '10de', '1638', 'a1', [null]],
    ['graphics of a Ryzen 5700G', '1002', '1638', 'c8', null],
    ['graphics of an A10', '1002', '9901', '00', null],
  ])('%s', (_, vendor, device, revision, models) => {
    expect(modelsOnPci({ vendor, device, revision })).toEqual(models);
  });
});
