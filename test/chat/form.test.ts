import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bindWords, splitLine } from '../../src/chat/command-line.ts';
import { formOf, lineOfForm } from '../../src/chat/form.ts';
import { writeLine } from '../../src/chat/write-line.ts';
import { anyCommand } from '../support/any-command.ts';

const rigs = {
  ...anyCommand('rigs', [
    { name: 'site', description: 'one site', required: false, kind: 'site' as const, positional: true },
    { name: 'sort', description: 'by what', required: false, kind: 'choice' as const, choices: ['name', 'temp'] },
    { name: 'page', description: 'which page', required: false, kind: 'number' as const },
  ]),
  shorthands: { temps: 'rigs sort:temp' },
};

describe('a form', () => {
  it.each([
    ['rigs', [null, null, null]],
    ['rigs quebec page:2', ['quebec', null, '2']],
    ['/fleet temps', [null, 'temp', null]],
    ['temps sort:name', [null, 'name', null]],
  ])('of %j holds what is given', (line, values) => {
    expect(formOf(line, [rigs])?.fields.map(({ value }) => value)).toEqual(values);
  });

  it.each(['nothing', 'rigs sort:heat', 'rigs site:"open'])('is none for %j', (line) => {
    expect(formOf(line, [rigs])).toBeNull();
  });

  it('leaves out what was left empty', () => {
    expect(lineOfForm('rigs', { site: '  ', sort: null, page: ' 2 ' })).toBe('rigs page:2');
  });
});

describe('a written line', () => {
  it('is read as the values that it was written from', () => {
    const value = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(value, value, (site, page) => {
        const [, ...words] = splitLine(writeLine('rigs', { site, page }));
        expect(bindWords('', words, rigs.options)).toEqual({ site, page });
      }),
    );
  });

  it('takes numbers and truths as they are typed', () => {
    expect(writeLine('x', { a: 1.5, b: false, c: '', d: 'a b' })).toBe('x a:1.5 b:false d:"a b"');
  });
});
