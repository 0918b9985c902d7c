import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Conversion } from '../../src/domain/dialect.ts';
import { normaliseModel } from '../../src/domain/model-name.ts';
import { convert, normaliseBus, normaliseUuid } from '../../src/domain/observation/raw-values.ts';

describe('normaliseModel', () => {
  it.each([
    ['NVIDIA GeForce RTX 3090', 'RTX 3090'],
    ['GeForce RTX 3090', 'RTX 3090'],
    ['RTX 3090', 'RTX 3090'],
    ['rtx 3090', 'RTX 3090'],
    ['RTX3090', 'RTX 3090'],
    ['  NVIDIA   RTX  3090 ', 'RTX 3090'],
    ['NVIDIA GeForce RTX 2080 SUPER', 'RTX 2080 Super'],
    ['GTX 1660 super', 'GTX 1660 Super'],
    ['NVIDIA GeForce RTX 3080 Ti', 'RTX 3080 Ti'],
    ['RTX 3080 TI', 'RTX 3080 Ti'],
    ['GeForce GTX 1060 6 GB', 'GTX 1060 6GB'],
    ['NVIDIA RTX A4000', 'RTX A4000'],
    ['NVIDIA H100 80GB HBM3', 'H100 80GB HBM3'],
    ['NVIDIA CMP 170HX', 'CMP 170HX'],
    ['AMD Radeon RX 6800', 'RX 6800'],
    ['Radeon RX 580', 'RX 580'],
    ['Radeon VII', 'Radeon VII'],
    ['Advanced Micro Devices, Inc. RX 570', 'RX 570'],
    ['NVIDIA(R) GeForce(TM) GTX 1070', 'GTX 1070'],
    ['[N/A]', null],
    ['', null],
    ['  ', null],
  ])('%j is %j', (raw, model) => {
    expect(normaliseModel(raw)).toBe(model);
  });

  it('changes nothing the second time', () => {
    const words = fc.constantFrom(
      'NVIDIA',
      'GeForce',
      'AMD',
      'Radeon',
      'rtx',
      'RTX',
      '3090',
      'ti',
      'SUPER',
      '12',
      'GB',
      'A100',
    );
    fc.assert(
      fc.property(fc.array(words, { minLength: 1, maxLength: 6 }), (parts) => {
        const once = normaliseModel(parts.join(' '));
        expect(once === null ? null : normaliseModel(once)).toBe(once);
      }),
    );
  });
});

describe('normaliseUuid', () => {
  it.each([
    ['GPU-604AC76C-d9cf-fef3-62e9-d92044ab6e52', '604ac76c-d9cf-fef3-62e9-d92044ab6e52'],
    ['604ac76c-d9cf-fef3-62e9-d92044ab6e52', '604ac76c-d9cf-fef3-62e9-d92044ab6e52'],
    ['00000000-0000-0000-0000-000000000000', null],
    ['GPU-00000000-0000-0000-0000-000000000000', null],
    ['[N/A]', null],
    ['', null],
    [undefined, null],
  ])('%j is %j', (raw, uuid) => {
    expect(normaliseUuid(raw)).toBe(uuid);
  });
});

describe('normaliseBus', () => {
  it.each([
    ['00000000:0C:00.0', '0000:0c:00.0'],
    ['0000:0c:00.0', '0000:0c:00.0'],
    ['0c:00.0', '0000:0c:00.0'],
    ['0C:00', '0000:0c:00.0'],
    ['1:0', '0000:01:00.0'],
    // Bus 13 (hexadecimal) as lolMiner 1.47 prints it, or bus 19.
    ['19:0', null],
    ['10:0', null],
    ['129:0', null],
    ['10:00', null],
    ['0:12:0', null],
    ['0000:1:10', null],
    ['1:1f', '0000:01:1f.0'],
    ['10:00.0', '0000:10:00.0'],
    ['10000:01:00.0', '10000:01:00.0'],
    ['0000:0c:00.1', '0000:0c:00.1'],
    ['undefined:undefined:undefined.undefined', null],
    ['[N/A]', null],
    ['', null],
    [undefined, null],
  ])('%j is %j', (raw, bus) => {
    expect(normaliseBus(raw)).toBe(bus);
  });
});

describe('convert', () => {
  const notSupported = { unknown: [0], unknownFrom: 9.2e18 };
  it.each<[number, Partial<Conversion>, number | null]>([
    [294, {}, 294],
    [0, {}, 0],
    [1500, { unit: 'mW' }, 1.5],
    [0, notSupported, null],
    [61, notSupported, 61],
    [Number('9223372036854775794'), notSupported, null],
    [Number('9223372036854775807'), { unit: 'mW', ...notSupported }, null],
    [Number.NaN, {}, null],
    [Number.POSITIVE_INFINITY, {}, null],
    [Number.NEGATIVE_INFINITY, { unit: 'kW' }, null],
  ])('%s with %j is %s', (raw, conversion, known) => {
    expect(convert(raw, { unit: 'W', ...conversion })).toBe(known);
  });
});
