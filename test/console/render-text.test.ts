import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderText } from '../../adapters/console/render-text.ts';
import { displayWidth } from '../../src/chat/display-width.ts';
import type { Reply, ReplyBlock, TableBlock } from '../../src/chat/reply.ts';

function reply(...blocks: ReplyBlock[]): Reply {
  return { headline: 'Two rigs mine.', blocks, next: [] };
}

const rigs: TableBlock = {
  kind: 'table',
  title: 'Rigs',
  columns: [
    { title: 'Rig', align: 'left' },
    { title: 'Site', align: 'left' },
    { title: 'Power', align: 'right' },
    { title: 'Net', align: 'right' },
  ],
  rows: [
    ['a1', 'québec', '1.25 kW', '$12.40'],
    ['東京-2', 'osaka', '320 W', '-$0.184'],
  ],
  more: null,
};

describe('a reply on a terminal', () => {
  it('stands in columns, figures to the right, whatever the letters', () => {
    const text = renderText(reply(rigs), { width: 80, color: false });
    expect(text).toBe(
      [
        'Two rigs mine.',
        '',
        'Rigs',
        'Rig     Site      Power      Net',
        'a1      québec  1.25 kW   $12.40',
        '東京-2  osaka     320 W  -$0.184',
      ].join('\n'),
    );
  });

  it('has all its parts', () => {
    const text = renderText(
      {
        headline: 'a1 draws 320 W.',
        blocks: [
          {
            kind: 'fields',
            title: 'Rig',
            fields: [
              { name: 'Site', value: 'quebec' },
              { name: 'Sampled', value: '12 s ago' },
            ],
          },
          { kind: 'text', text: 'rig a1\n    ^' },
          { kind: 'notes', tone: 'plain', notes: ['est., static prices'] },
          { kind: 'notes', tone: 'warning', notes: ['no tariff'] },
          { ...rigs, title: null, rows: [], more: { count: 23, hint: 'rigs page:2' } },
        ],
        next: [{ label: 'Why', command: 'why a1' }],
      },
      { width: 80, color: false },
    );
    expect(text).toBe(
      [
        'a1 draws 320 W.',
        '',
        'Rig',
        'Site     quebec',
        'Sampled  12 s ago',
        '',
        'rig a1',
        '    ^',
        '',
        '- est., static prices',
        '',
        '! no tariff',
        '',
        'Rig  Site  Power  Net',
        '(no rows)',
        'and 23 more: rigs page:2',
        '',
        '> why a1  (Why)',
      ].join('\n'),
    );
  });

  it('cuts text and never figures, and says so', () => {
    const long = { ...rigs, rows: [['a-rig-with-a-name-that-goes-on-and-on', 'quebec', '1.25 kW', '$1,212.40']] };
    const lines = renderText(reply(long), { width: 44, color: false }).split('\n');
    expect(lines[4]).toBe('a-rig-with-a-na…  quebec  1.25 kW  $1,212.40');
    expect(lines.slice(5).join(' ')).toBe('(… is text cut to 44 columns; a wider window shows it)');
  });

  it('cuts a narrow text before a wide figure', () => {
    const figure = '98,765,432,109.12 kW';
    const wide = { ...rigs, rows: [['a-rig-of-some-name', 'x', figure, '$1']] };
    const lines = renderText(reply(wide), { width: 44, color: false }).split('\n');
    expect(lines[4]).toBe(`a-rig-of-s…  x     ${figure}   $1`);
  });

  it('stacks what does not fit with its figures whole', () => {
    const wide: TableBlock = {
      ...rigs,
      columns: Array.from({ length: 8 }, (_, index) => ({ title: `day ${index}`, align: 'right' as const })),
      rows: [Array.from({ length: 8 }, (_, index) => `$1,234,567.${index}0`)],
    };
    const lines = renderText(reply(wide), { width: 40, color: false }).split('\n').slice(3);
    expect(lines[0]).toBe('* day 0: $1,234,567.00');
    expect(lines[7]).toBe('  day 7: $1,234,567.70');
  });

  it('cuts nothing through a pipe', () => {
    const name = 'x'.repeat(500);
    const text = renderText(reply({ ...rigs, rows: [[name, name, '1 W', '$2']] }), { width: Infinity, color: false });
    expect(text).toContain(`${name}  ${name}    1 W   $2`);
  });

  it('shows what a terminal would obey', () => {
    const evil = '\u001b[2J\u0007\u009b31mrig\u202e\r\n\u007f';
    const text = renderText(
      { headline: evil, blocks: [{ ...rigs, rows: [[evil, '', '', '']] }], next: [{ label: evil, command: evil }] },
      { width: 80, color: false },
    );
    expect(text).toContain('␛[2J␇\ufffd31mrig\ufffd');
    expect(text).toContain('␍␊␡');
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Control}|\u202e/u);
  });

  it('says in colour what it says without', () => {
    const colourful = reply(rigs, { kind: 'notes', tone: 'warning', notes: ['no tariff'] });
    const text = renderText(colourful, { width: 80, color: true });
    expect(text).toContain('\u001b[1mTwo rigs mine.\u001b[22m');
    expect(stripVTControlCharacters(text)).toBe(renderText(colourful, { width: 80, color: false }));
  });
});

const untrusted = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ unit: 'grapheme', maxLength: 120 }),
  fc.constantFrom(
    '\u001b]0;x\u0007',
    'e\u0301'.repeat(50),
    '東京'.repeat(40),
    '👩‍🚀 '.repeat(30),
    '\ud800',
    'a b\n\nc',
    '-',
  ),
);
const title = fc.option(untrusted);
const block: fc.Arbitrary<ReplyBlock> = fc.oneof(
  fc.record({
    kind: fc.constant('table' as const),
    title,
    columns: fc.array(fc.record({ title: untrusted, align: fc.constantFrom('left' as const, 'right' as const) }), {
      maxLength: 9,
    }),
    rows: fc.array(fc.array(untrusted, { maxLength: 9 }), { maxLength: 5 }),
    more: fc.option(fc.record({ count: fc.nat(), hint: untrusted })),
  }),
  fc.record({
    kind: fc.constant('fields' as const),
    title,
    fields: fc.array(fc.record({ name: untrusted, value: untrusted }), { maxLength: 5 }),
  }),
  fc.record({ kind: fc.constant('text' as const), text: untrusted }),
  fc.record({
    kind: fc.constant('notes' as const),
    tone: fc.constantFrom('plain' as const, 'warning' as const),
    notes: fc.array(untrusted, { maxLength: 4 }),
  }),
);
const anyReply: fc.Arbitrary<Reply> = fc.record({
  headline: untrusted,
  blocks: fc.array(block, { maxLength: 4 }),
  next: fc.array(fc.record({ label: untrusted, command: untrusted }), { maxLength: 3 }),
});

/** Letters and digits, which no rendering may swallow. */
function letters(text: string): string {
  return text.toWellFormed().replace(/[^\p{L}\p{N}]/gu, '');
}

describe('any reply', () => {
  it('keeps to the width and sends a terminal no commands', () => {
    fc.assert(
      fc.property(anyReply, fc.integer({ min: 1, max: 160 }), fc.boolean(), (any, width, color) => {
        const text = stripVTControlCharacters(renderText(any, { width, color }));
        const lines = text.split('\n');
        const widest = lines.reduce((most, line) => Math.max(most, displayWidth(line)), 0);
        expect(widest).toBeLessThanOrEqual(Math.max(40, width));
        expect(lines.join('')).not.toMatch(/\p{Control}/u);
      }),
      { numRuns: 300 },
    );
  });

  it('loses no letter where the width is enough', () => {
    fc.assert(
      fc.property(anyReply, (any) => {
        const text = letters(renderText(any, { width: Infinity, color: false }));
        const texts = any.blocks.flatMap((part) => {
          if (part.kind === 'table')
            return [part.title ?? '', ...part.rows.flat(), ...part.columns.map((column) => column.title)];
          if (part.kind === 'fields')
            return [part.title ?? '', ...part.fields.flatMap(({ name, value }) => [name, value])];
          if (part.kind === 'notes') return part.notes;
          return part.kind === 'text' ? [part.text] : [part.title, part.alt];
        });
        for (const wanted of [any.headline, ...texts, ...any.next.flatMap(({ label, command }) => [label, command])]) {
          expect(text).toContain(letters(wanted));
        }
      }),
    );
  });

  it('marks every cell that it cuts and drops no row', () => {
    const cells = fc.stringMatching(/^[a-z]{1,60}$/);
    const rows = fc.array(fc.tuple(cells, cells, fc.stringMatching(/^[1-9]{1,12}$/)), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(rows, fc.integer({ min: 40, max: 160 }), (some, width) => {
        const [name, site, power] = rigs.columns;
        const columns = [name!, site!, power!];
        const lines = renderText(reply({ ...rigs, columns, rows: some }), { width, color: false })
          .split('\n')
          .slice(4);
        for (const [index, row] of some.entries()) {
          const shown = lines[index]?.split(/ +/) ?? [];
          expect(shown[2]).toBe(row[2]);
          for (const column of [0, 1] as const) {
            const cell = shown[column] ?? '';
            expect(cell === row[column] || (cell.endsWith('…') && row[column].startsWith(cell.slice(0, -1)))).toBe(
              true,
            );
          }
        }
      }),
    );
  });
});

describe('on a terminal', () => {
  it('a chart is drawn where there is a width and said in words in a pipe; choices and files are there', () => {
    const any: Reply = {
      headline: 'Two rigs mine.',
      blocks: [
        {
          kind: 'chart',
          title: 'GPU-hours',
          alt: 'rented 3, mining 4',
          form: 'bars',
          unit: 'GPU-hours',
          along: { kind: 'names', names: ['rented', 'mining'] },
          series: [{ name: 'GPU-hours', values: [3, 4] }],
        },
      ],
      next: [],
      pick: { label: 'A rig', options: [{ label: 'a1', command: 'rig name:a1' }] },
      files: [{ name: 'rigs.csv', mediaType: 'text/csv', text: 'rig\r\na1\r\n', description: 'all rigs' }],
    };
    const drawn = renderText(any, { width: 80, color: false });
    expect(drawn).toMatch(/mining +4 +█/);
    expect(renderText(any, { width: Infinity, color: false })).toBe(
      'Two rigs mine.\n\nGPU-hours\nrented 3, mining 4\n\nrigs.csv: all rigs\nrig\na1\n\nA rig\n> rig name:a1  (a1)',
    );
  });

  it('a long file is cut where somebody reads it, and whole in a pipe', () => {
    const file = { name: 'a.csv', mediaType: 'text/csv' as const, text: 'row\n'.repeat(50), description: 'rows' };
    const whole: Reply = { ...reply(), files: [file] };
    expect(renderText(whole, { width: 80, color: false })).toContain('and 30 more lines: ask through a pipe');
    expect(renderText(whole, { width: Infinity, color: false }).match(/^row$/gm)).toHaveLength(50);
  });
});
