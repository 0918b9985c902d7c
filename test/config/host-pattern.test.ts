import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostPattern, unknownGroup } from '../../src/config/host-pattern.ts';

describe('an expression over host names', () => {
  it.each([
    'rig-(\\d+)\\.farm\\.lan',
    '(?<site>qc|tx)-(\\d{1,3})(?:\\.lan)?',
    '[a-z]+-\\w+\\..*',
    '(.+)-(.+)',
    '10\\.(\\d+)\\.(\\d+)\\.(\\d+)',
    'a\\+b\\(c[+*)]d',
    '(?:ab){3}',
  ])('%s is taken', (source) => {
    expect(hostPattern(source)).toHaveProperty('pattern');
  });

  it.each([
    ['(a+)+', 'inside'],
    ['(a|a)*', 'inside'],
    ['((ab?)c)+', 'inside'],
    ['(?:a*){9}', 'inside'],
    ['(a)\\1', 'back-references'],
    ['(?<x>a)\\k<x>', 'back-references'],
    ['(?=a)b', 'look-around'],
    ['(?<!a)b', 'look-around'],
    ['.*.*.*.*.*', 'repetitions'],
    ['.{0,99}.{0,99}.{0,99}.{0,99}.{1,99}', 'repetitions'],
    [')(', 'regular expression'],
    ['a)|(b', 'regular expression'],
    ['[', 'regular expression'],
    ['a'.repeat(201), '200 characters'],
  ])('%s is refused', (source, refusal) => {
    expect(hostPattern(source)).toEqual({ refusal: expect.stringContaining(refusal) });
  });

  it('never takes long, whatever is accepted', () => {
    const piece = fc.constantFrom(
      'a',
      'b',
      '.',
      '\\d',
      '[ab]',
      '(',
      ')',
      '(?:',
      '|',
      '*',
      '+',
      '?',
      '{2,}',
      '{1,9}',
      '$',
      '^',
    );
    const sources = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(sources, fc.constantFrom('a', 'ab', 'a1'), (source, part) => {
        const compiled = hostPattern(source);
        if ('refusal' in compiled) return;
        const startedMs = performance.now();
        compiled.pattern.test(`${part.repeat(30)}!`);
        expect(performance.now() - startedMs).toBeLessThan(250);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a rig made of what an expression matched', () => {
  it.each([
    ['$1', null],
    ['r$2-$1$$', null],
    ['$<site>', null],
    ['$3', '$3'],
    ['$0', '$0'],
    ['$&', '$&'],
    ['cost$', '$'],
    ['$<rack>', '$<rack>'],
  ])('%s', (rig, unknown) => {
    expect(unknownGroup(rig, { groups: 2, names: ['site'] })).toBe(unknown);
  });
});
