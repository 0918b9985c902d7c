import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvText } from '../../src/chat/csv.ts';

describe('a list for spreadsheets', () => {
  it('has a header, points in numbers and nothing where nothing is known', () => {
    expect(
      csvText(
        ['rig', 'watts'],
        [
          ['a1', 294.5],
          ['b1', null],
          ['c1', 0],
        ],
      ),
    ).toBe('rig,watts\r\na1,294.5\r\nb1,\r\nc1,0\r\n');
  });

  it.each([
    ['=1+2', `"'=1+2"`],
    ['+41', `"'+41"`],
    ['-rig', `"'-rig"`],
    ['@sum', `"'@sum"`],
    ['\tx', `"'\tx"`],
    ['-SUM(A1)', `"'-SUM(A1)"`],
    ['-A1', `"'-A1"`],
    ['-1+A1', `"'-1+A1"`],
    ['-1|calc', `"'-1|calc"`],
    ['-5.5', '-5.5'],
    ['-$0.184', '-$0.184'],
    ['-CA$5.00 per day', '-CA$5.00 per day'],
    ['-1.16 kW', '-1.16 kW'],
    [' x', '" x"'],
    ['a,b', '"a,b"'],
    ['a"b', '"a""b"'],
    ['=a,"b"', `"'=a,""b"""`],
    ['two\nlines', '"two\nlines"'],
  ])('%j is %j', (cell, expected) => expect(csvText([cell], [])).toBe(`${expected}\r\n`));

  it('never prints what is no number as one', () => {
    expect(csvText([], [[Number.NaN, Number.POSITIVE_INFINITY]])).toBe('\r\n,\r\n');
  });

  it('is read back as it was written', () => {
    const cell = fc.string({ minLength: 1 }).filter((text) => !/^[=+\-@\t\r]/.test(text));
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1 }), (rows) => {
        expect(parse(csvText(['a', 'b'], rows), { from_line: 2, record_delimiter: '\r\n' })).toEqual(rows);
      }),
    );
  });
});
