import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countFitting } from '../../../src/chat/layout/count-fitting.ts';
import { cutText } from '../../../src/chat/layout/cut-text.ts';
import { shareRoom } from '../../../src/chat/layout/share-room.ts';
import { tableCsv } from '../../../src/chat/layout/table-csv.ts';
import { textRuns } from '../../../src/chat/layout/text-runs.ts';

const needs = fc.array(fc.nat({ max: 10_000 }), { maxLength: 40 });

describe('room that is shared', () => {
  it('is never more than there is, nor more than is needed, and none is left while somebody needs it', () => {
    fc.assert(
      fc.property(needs, fc.nat({ max: 20_000 }), (wanted, room) => {
        const shares = shareRoom(wanted, room);
        const sum = shares.reduce((total, share) => total + share, 0);
        expect(sum).toBeLessThanOrEqual(room);
        expect(shares.every((share, index) => share <= (wanted[index] ?? 0))).toBe(true);
        const unmet = shares.some((share, index) => share < (wanted[index] ?? 0));
        if (unmet) expect(room - sum).toBeLessThan(wanted.length);
      }),
    );
  });

  it.each([
    [[10, 5_000, 20], 1_000, [10, 970, 20]],
    [[600, 600], 1_000, [500, 500]],
    [[], 10, []],
  ])('%j in %i', (wanted, room, shares) => {
    expect(shareRoom(wanted, room)).toEqual(shares);
  });
});

describe('what fits', () => {
  it.each([
    ['all of it, without the reserve', [3, 3, 4], 10, 5, 3],
    ['as much as leaves the reserve', [3, 3, 5], 10, 5, 1],
    ['nothing', [3, 3, 5], 10, 9, 0],
    ['nothing of nothing', [], 0, 9, 0],
  ])('%s', (_, sizes, room, reserve, count) => {
    expect(countFitting(sizes, room, reserve)).toBe(count);
  });
});

describe('a cut text', () => {
  it.each([
    ['whole', 5, 'whole'],
    ['shorter', 5, 'shor…'],
    ['ab👩‍👩‍👧‍👦', 6, 'ab…'],
    ['any', 0, ''],
  ])('%j in %i', (text, length, cut) => {
    expect(cutText(text, length)).toBe(cut);
  });

  it('is never longer, and never half a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat({ max: 40 }), (text, length) => {
        const cut = cutText(text, length);
        expect(cut.length).toBeLessThanOrEqual(length);
        expect(cut.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe('a table as CSV', () => {
  const cellOf = (cell: string): string =>
    tableCsv({ kind: 'table', title: null, columns: [], rows: [[cell]], more: null }).split('\r\n')[1] ?? '';

  it.each([
    ['-$0.184', '-$0.184'],
    ['-CA$5', '-CA$5'],
    ['a,b', '"a,b"'],
    ['say "x"', '"say ""x"""'],
    ['=1+1', `"'=1+1"`],
    ['@x', `"'@x"`],
    ['-cmd|x', `"'-cmd|x"`],
    ['-SUM(A1)', `"'-SUM(A1)"`],
    ['a\nb', 'a b'],
    [' x', '" x"'],
  ])('%j is %s', (cell, csv) => {
    expect(cellOf(cell)).toBe(csv);
  });
});

describe('runs of a text', () => {
  it('keep what points at the line above together with it', () => {
    expect(textRuns('profit windo:7d\n       ^\nIt takes rig:RIG.')).toEqual([
      { aligned: true, lines: ['profit windo:7d', '       ^'] },
      { aligned: false, lines: ['It takes rig:RIG.'] },
    ]);
  });
});
