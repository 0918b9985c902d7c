import fc from 'fast-check';
import type { ChartBlock, Reply, ReplyBlock, ReplyFile, Suggestion, TableBlock } from '../../src/chat/reply.ts';

/** What a rig, a label or an exporter may hold: nothing, markup, mentions, other scripts, half characters, endless words. */
const nasty = [
  '',
  ' ',
  '\u200b',
  '```',
  '**bold** _it_ ~~no~~ ||spoiler||',
  '@everyone <@1> <#2> <@&3> <t:1> </cmd:4> <:emoji:5>',
  '<!channel> <@U1> @here :smile: https://example.com a@example.com',
  '&amp; & < > "quoted" \\',
  '# heading\n- list\n> quote\n1. one',
  'a\u0000b\u001b[2Jc\u202ed\u2066',
  '東京の採掘機',
  '🧑🏽‍🚀👩‍👩‍👧‍👦',
  '\ud800',
  'e\u0301'.repeat(60),
  '  indented\n    ^',
  'x'.repeat(300),
];

const word = fc.oneof(
  { weight: 6, arbitrary: fc.stringMatching(/^[A-Za-z0-9 $.,%-]{0,24}$/) },
  { weight: 3, arbitrary: fc.constantFrom(...nasty) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 40 }) },
);
const longText = fc.tuple(word, fc.constantFrom(1, 40, 400)).map(([text, times]) => `${text} `.repeat(times));
const text = fc.oneof({ weight: 9, arbitrary: word }, { weight: 1, arbitrary: longText });

const align = fc.constantFrom('left' as const, 'right' as const);

const smallTable: fc.Arbitrary<TableBlock> = fc.record({
  kind: fc.constant('table' as const),
  title: fc.option(text),
  columns: fc.array(fc.record({ title: word, align }), { maxLength: 6 }),
  rows: fc.array(fc.array(word, { maxLength: 7 }), { maxLength: 8 }),
  more: fc.option(fc.record({ count: fc.nat(), hint: text })),
});

/** Up to 1,000 rows of 60 columns; each cell names its place. */
const hugeTable: fc.Arbitrary<TableBlock> = fc
  .record({
    rows: fc.constantFrom(30, 200, 1_000),
    columns: fc.constantFrom(1, 3, 8, 60),
    title: fc.option(word),
    cell: word,
  })
  .map(({ rows, columns, title, cell }) => ({
    kind: 'table',
    title,
    columns: Array.from({ length: columns }, (_, column) => ({
      title: `c${column}`,
      align: column % 2 === 0 ? ('left' as const) : ('right' as const),
    })),
    rows: Array.from({ length: rows }, (_, row) =>
      Array.from({ length: columns }, (__, column) => `r${row}c${column}${column === 0 ? cell : ''}`),
    ),
    more: null,
  }));

const chart: fc.Arbitrary<ChartBlock> = fc.record({
  kind: fc.constant('chart' as const),
  title: text,
  alt: text,
  form: fc.constantFrom('bars' as const, 'stacked bars' as const, 'lines' as const),
  unit: word,
  along: fc.constant({ kind: 'names' as const, names: ['a', 'b'] }),
  series: fc.array(fc.record({ name: word, values: fc.array(fc.option(fc.double()), { maxLength: 2 }) }), {
    maxLength: 3,
  }),
});

const smallBlock: fc.Arbitrary<ReplyBlock> = fc.oneof(
  { weight: 3, arbitrary: smallTable },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('fields' as const),
      title: fc.option(text),
      fields: fc.oneof(
        fc.array(fc.record({ name: text, value: text }), { maxLength: 6 }),
        fc.array(fc.record({ name: word, value: word }), { minLength: 20, maxLength: 90 }),
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('text' as const), text }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('notes' as const),
      tone: fc.constantFrom('plain' as const, 'warning' as const),
      notes: fc.oneof(fc.array(text, { maxLength: 5 }), fc.array(word, { minLength: 20, maxLength: 60 })),
    }),
  },
  { weight: 1, arbitrary: chart },
);

const block = fc.oneof({ weight: 9, arbitrary: smallBlock }, { weight: 1, arbitrary: hugeTable });

const suggestion: fc.Arbitrary<Suggestion> = fc
  .record({
    label: text,
    command: fc.oneof(fc.constantFrom('rigs page:2', 'rig name:"a b"', `rig name:${'y'.repeat(120)}`), text),
    replaces: fc.boolean(),
    form: fc.boolean(),
  })
  .map(({ label, command, replaces, form }) => ({
    label,
    command,
    ...(replaces ? { replaces: true as const } : {}),
    ...(form ? { form: true as const } : {}),
  }));
const suggestions = fc.oneof(
  { weight: 4, arbitrary: fc.array(suggestion, { maxLength: 6 }) },
  { weight: 1, arbitrary: fc.array(suggestion, { minLength: 30, maxLength: 200 }) },
);

const file: fc.Arbitrary<ReplyFile> = fc.record({
  name: fc.constantFrom('table.csv', 'answer.txt', 'rigs.csv', 'x.json'),
  mediaType: fc.constant('text/csv' as const),
  text: word,
  description: text,
});

/** Any document that a command could hand over, and many that none ever would. */
export const anyReply: fc.Arbitrary<Reply> = fc.record(
  {
    headline: text,
    blocks: fc.oneof(
      { weight: 4, arbitrary: fc.array(block, { maxLength: 6 }) },
      { weight: 1, arbitrary: fc.array(smallBlock, { minLength: 10, maxLength: 40 }) },
    ),
    next: suggestions,
    pick: fc.record({ label: text, options: suggestions }),
    files: fc.uniqueArray(file, { maxLength: 3, selector: ({ name }) => name }),
  },
  { requiredKeys: ['headline', 'blocks', 'next'] },
);

/** Letters and digits, which no rendering may swallow; what stands for a backtick is none. */
export function letters(value: string): string {
  return value.toWellFormed().replace(/[^\p{L}\p{N}]|ˋ/gu, '');
}

/** Every text of a reply that a reader must be able to find, in the message or in its files. */
export function textsToFind(reply: Reply): readonly string[] {
  // Nothing is picked where there is nothing to choose from.
  const pick =
    reply.pick === undefined || reply.pick.options.length === 0
      ? []
      : [reply.pick.label, ...reply.pick.options.map(({ label }) => label)];
  return [reply.headline, ...reply.blocks.flatMap(blockTexts), ...reply.next.map(({ label }) => label), ...pick];
}

function blockTexts(shown: ReplyBlock): readonly string[] {
  switch (shown.kind) {
    case 'table': {
      // A title may be broken over lines. Where rows stand one under the other, the first column's is left out, since its
      // cells name the rows, and so are those of columns without any cell.
      const titles = shown.columns.flatMap(({ title }, index) =>
        index > 0 && shown.rows.some((row) => (row[index] ?? '') !== '') ? title.split(' ') : [],
      );
      return [shown.title ?? '', ...titles, ...someRows(shown).flat(), shown.more?.hint ?? ''];
    }
    case 'fields':
      return [shown.title ?? '', ...shown.fields.flatMap(({ name, value }) => [name, value])];
    case 'text':
      return [shown.text];
    case 'notes':
      return shown.notes;
    case 'chart':
      return [shown.title];
  }
}

/** Of a huge table a row here and there, and the last: all of them would take minutes to find. */
function someRows({ rows }: TableBlock): TableBlock['rows'] {
  return rows.filter((_, index) => rows.length <= 50 || index % 97 === 0 || index === rows.length - 1);
}
