import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCustomId, encodeCustomId } from '../../adapters/discord/custom-id.ts';
import { renderReply } from '../../adapters/discord/render-reply.ts';
import { escapeMarkdown } from '../../adapters/discord/safe-markdown.ts';
import { sayEnglish } from '../../src/chat/languages/say.ts';
import type { Reply, ReplyBlock, ReplyFile } from '../../src/chat/reply.ts';
import { withoutCharts } from '../../src/chat/without-charts.ts';
import { anyReply, letters, textsToFind } from '../support/any-reply.ts';
import { expectWithinDiscordLimits } from './discord-limits.ts';
import { discordText } from './discord-text.ts';

const presentation = { locale: 'en-US', timeZone: 'UTC', nowMs: 0, say: sayEnglish('en-US') };

function reply(...blocks: ReplyBlock[]): Reply {
  return { headline: 'Two rigs mine.', blocks, next: [] };
}

function rowsOf(count: number, cells: (row: number) => readonly string[], titles: readonly string[]): ReplyBlock {
  return {
    kind: 'table',
    title: 'Rigs',
    columns: titles.map((title) => ({ title, align: 'left' })),
    rows: Array.from({ length: count }, (_, row) => cells(row)),
    more: null,
  };
}

function customIdsOf(message: ReturnType<typeof renderReply>): string[] {
  return message.components.flatMap(({ components }) =>
    components.flatMap((component) => ('custom_id' in component ? [component.custom_id] : [])),
  );
}

describe('any reply on Discord', () => {
  const options = fc.record(
    {
      key: fc.stringMatching(/^[a-z0-9-]{1,40}$/),
      possibleRepeat: fc.boolean(),
      demo: fc.boolean(),
    },
    { requiredKeys: [] },
  );

  it('is within every limit, and carries its key', () => {
    fc.assert(
      fc.property(anyReply, options, (any, given) => {
        const message = renderReply(any, { presentation, ...given });
        expectWithinDiscordLimits(message);
        if (given.key !== undefined) {
          expect(customIdsOf(message).map((id) => decodeCustomId(id)?.key)).toContain(given.key);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('loses nothing: what is not in the message is in its files, and the message says so', () => {
    fc.assert(
      fc.property(anyReply, (any) => {
        const message = renderReply(withoutCharts(any), { presentation });
        const shown = discordText(message);
        const everything = letters([shown, ...message.files.map(({ text }) => text)].join('\n'));
        for (const text of textsToFind(withoutCharts(any))) expect(everything).toContain(letters(text));
        const own = new Set(any.files?.map(({ name }) => name));
        const above = [message.content, ...message.embeds.map(({ description }) => description)].join('\n');
        for (const { name } of message.files) if (!own.has(name)) expect(above).toContain(name);
      }),
      { numRuns: 80 },
    );
  });
});

describe('a table on Discord', () => {
  it('stands in columns where a telephone shows them, figures to the right', () => {
    const table: ReplyBlock = {
      kind: 'table',
      title: 'Per day',
      columns: [
        { title: '', align: 'left' },
        { title: 'GPU rental', align: 'right' },
      ],
      rows: [
        ['Net', '-$1.90'],
        ['Power `x`', '$10.08'],
      ],
      more: { count: 3, hint: 'rigs page:2' },
    };
    const [embed] = renderReply(reply(table), { presentation }).embeds;
    expect(embed?.description).toBe(
      [
        '**Per day**',
        '```',
        '           GPU rental',
        'Net            -$1.90',
        'Power ˋxˋ      $10.08',
        '```',
        'and 3 more: rigs page:2',
      ].join('\n'),
    );
  });

  it('breaks wide titles, and stands row under row where nothing else fits', () => {
    const narrow = rowsOf(1, () => ['$1.00', '$2.00', '$3.00', '$4.00'], [
      'Mining now',
      'GPU rental',
      'Mine while idle',
      'Off',
    ]);
    expect(renderReply(reply(narrow), { presentation }).embeds[0]?.description).toContain(
      '$1.00   $2.00   $3.00  $4.00',
    );
    const wide = rowsOf(1, () => ['rig_1', 'x'.repeat(30), '', 'y'.repeat(30)], ['Rig', 'Cards', 'Empty', 'State']);
    expect(renderReply(reply(wide), { presentation }).embeds[0]?.description).toBe(
      `**Rigs**\n**rig\\_1**\nCards ${'x'.repeat(30)} · State ${'y'.repeat(30)}`,
    );
  });

  it.each([
    ['in columns', ['Rig', 'Net'], (row: number) => [`rig${row}`, '$1.00']],
    ['row under row', ['Rig', 'Cards'], (row: number) => [`rig${row}`, 'six cards of a long name'.repeat(3)]],
  ])('counts the rows that have no room, %s', (_, titles, cells) => {
    const message = renderReply(reply(rowsOf(1_000, cells, titles)), { presentation });
    const text = discordText(message);
    const shown = new Set(text.match(/rig\d+/g)).size;
    const [, more] = /and ([\d,]+) more rows: the whole table is in table\.csv/.exec(text) ?? [];
    expect(shown).toBeGreaterThan(10);
    expect(shown + Number(more?.replace(',', ''))).toBe(1_000);
    expect(message.files.map(({ name }) => name)).toEqual(['table.csv']);
    expect(message.files[0]?.text.trimEnd().split('\r\n')).toHaveLength(1_001);
  });

  it('leaves room for what stands beside it', () => {
    const warning: ReplyBlock = { kind: 'notes', tone: 'warning', notes: ['half of the farm is not read'] };
    const table = rowsOf(1_000, (row) => [`rig${row}`, '$1.00'], ['Rig', 'Net']);
    const text = discordText(renderReply(reply(table, warning), { presentation }));
    expect(text).toContain('⚠ Warning: half of the farm is not read');
  });
});

describe('what can be done next on Discord', () => {
  it('is a button, a select, or text to type', () => {
    const long = `rig name:${'x'.repeat(100)}`;
    const message = renderReply(
      {
        ...reply(),
        next: [
          { label: 'Next page', command: 'rigs page:2', replaces: true },
          { label: 'Filter', command: 'rigs', form: true },
          { label: 'That rig', command: long },
        ],
        pick: { label: 'A rig', options: [{ label: 'a1', command: 'rig name:a1' }] },
      },
      { presentation, key: 'digest-1' },
    );
    expect(customIdsOf(message).map(decodeCustomId)).toEqual([
      { kind: 'replace', command: 'rigs page:2', key: null },
      { kind: 'form', command: 'rigs', key: null },
      { kind: 'pick', command: '', key: 'digest-1' },
    ]);
    const [select] = message.components[1]?.components ?? [];
    if (select?.type !== 3) throw new Error('no select');
    expect(decodeCustomId(select.options[0]?.value ?? '')).toEqual({ kind: 'run', command: 'rig name:a1', key: null });
    expect(message.embeds[0]?.description).toBe(`You can also type:\n\`${long}\` That rig`);
  });

  it('says in words what is a demo and what may be a repeat', () => {
    const { content } = renderReply(reply(), { presentation, demo: true, possibleRepeat: true });
    expect(content.split('\n')).toEqual([
      '**Two rigs mine.**',
      '-# ⚠ This may be a repeat: nobody could look whether it was said before.',
      '-# Demo: a simulated farm, illustrative prices.',
    ]);
  });

  it('shows a chart as a picture, or says it where there is none', () => {
    const chart: ReplyBlock = {
      kind: 'chart',
      title: 'GPU-hours',
      alt: 'rented 3, mining 4',
      form: 'bars',
      unit: 'GPU-hours',
      along: { kind: 'names', names: ['rented', 'mining'] },
      series: [{ name: 'GPU-hours', values: [3, 4] }],
    };
    const message = renderReply(reply(chart), { presentation });
    expect(message.embeds).toEqual([{ title: 'GPU-hours', image: { url: 'attachment://chart-1.png' } }]);
    expect(message.charts).toEqual([{ name: 'chart-1.png', chart }]);
    const words = renderReply(withoutCharts(reply(chart)), { presentation });
    expect(words.charts).toEqual([]);
    expect(words.embeds[0]?.description).toBe('GPU-hours\nrented 3, mining 4');
  });
});

describe('a custom_id', () => {
  it('comes back as it was, or does not fit', () => {
    const press = fc.record({
      kind: fc.constantFrom('run' as const, 'replace' as const, 'form' as const, 'pick' as const),
      command: fc.string({ unit: 'grapheme', maxLength: 120 }),
      key: fc.option(fc.stringMatching(/^[a-z0-9-]{1,40}$/)),
    });
    fc.assert(
      fc.property(press, (any) => {
        const id = encodeCustomId(any);
        if (id === null) expect(any.command.length + (any.key?.length ?? 0)).toBeGreaterThan(97);
        else expect(decodeCustomId(id)).toEqual(any);
      }),
    );
  });

  it.each(['', 'profit', 'x~~profit', 'r~'])('of another program is nothing: %j', (id) => {
    expect(decodeCustomId(id)).toBeNull();
  });
});

describe('untrusted text on Discord', () => {
  it.each([
    ['**bold** _it_ ~~no~~', '\\*\\*bold\\*\\* \\_it\\_ \\~\\~no\\~\\~'],
    ['||spoiler|| `code`', '\\|\\|spoiler\\|\\| \\`code\\`'],
    ['[click](https://example.com)', '\\[click\\](https:\u200b//example.com)'],
    ['@everyone @here', '@\u200beveryone @\u200bhere'],
    ['<@1> <@&2> <#3>', '<\u200b@1> <\u200b@&2> <\u200b#3>'],
    ['<t:1> </cmd:1> <a:b:2>', '<\u200bt:1> <\u200b/cmd:1> <\u200ba:\u200bb:2>'],
    ['<bob@example.com> <+15550100> < 5 %', '<\u200bbob@example.com> <\u200b+15550100> < 5 %'],
    [':smile: at 12:30:45', ':\u200bsmile: at 12:30:45'],
    ['discord.gg/abc', 'discord\u200b.gg/abc'],
    ['# big\n-# small\n- item\n1. one\n> said', '\\# big\n\\-# small\n\\- item\n1\\. one\n\\> said'],
    ['-$1.90 and -5 °C', '-$1.90 and -5 °C'],
    ['C:\\rigs', 'C:\\\\rigs'],
    ['a\u001b[2J\u202eb', 'a␛\\[2J\ufffdb'],
  ])('%j is shown as itself', (text, escaped) => {
    expect(escapeMarkdown(text)).toBe(escaped);
  });

  it('cannot end a code block', () => {
    const table = rowsOf(1, () => ['``` **out**', '@everyone'], ['Rig', 'Net']);
    const description = renderReply(reply(table), { presentation }).embeds[0]?.description ?? '';
    expect(description.match(/```/g)).toHaveLength(2);
    expect(description).not.toContain('@everyone');
  });
});

describe('files on Discord', () => {
  it('come along as many and as large as it takes, and the others are named', () => {
    const file = (name: string, text: string): ReplyFile => ({ name, mediaType: 'text/csv', text, description: name });
    const small = Array.from({ length: 11 }, (_, index) => file(`${index}.csv`, 'x'));
    const message = renderReply(
      { ...reply(), files: [file('huge.csv', 'x'.repeat(9_000_000)), ...small] },
      { presentation },
    );
    expect(message.files.map(({ name }) => name)).toEqual(small.slice(0, 10).map(({ name }) => name));
    expect(discordText(message)).toContain('Too many or too large to come along: huge.csv, 10.csv.');
  });
});
