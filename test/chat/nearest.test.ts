import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearest } from '../../src/chat/nearest.ts';

describe('nearest', () => {
  it.each([
    ['proft', 'profit'],
    ['PROFTI', 'profit'],
    ['rgs', 'rigs'],
    ['rig', 'rig'],
    ['redyness', 'readiness'],
    ['weather', null],
    ['x', null],
    ['', null],
  ])('%s -> %s', (typed, expected) => {
    expect(nearest(typed, ['status', 'rigs', 'rig', 'profit', 'readiness'])).toBe(expected);
  });

  it('keeps the spelling of the candidate', () => {
    expect(nearest('quebce', ['Quebec', 'Ontario'])).toBe('Quebec');
  });

  it('prefers the closest, whatever the order', () => {
    expect(nearest('rig-11', ['rig-12', 'rig-11', 'rig-1'])).toBe('rig-11');
  });

  it('finds any name with one letter missing', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{4,20}$/), fc.nat(19), (name, at) => {
        const typed = name.slice(0, at % name.length) + name.slice((at % name.length) + 1);
        expect(nearest(typed, ['§§§§§§§§§§', name])).toBe(name);
      }),
    );
  });

  it('does not compare endless words', () => {
    const endless = 'a'.repeat(100_000);
    expect(nearest(endless, [endless])).toBeNull();
  });
});
