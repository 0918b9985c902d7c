import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeClick, encodeValue } from '../../adapters/slack/action-id.ts';
import { renderReply, withPictures } from '../../adapters/slack/render-reply.ts';
import { escapeMrkdwn, inertText } from '../../adapters/slack/safe-text.ts';
import { sayEnglish } from '../../src/chat/languages/say.ts';
import type { ChartBlock, Reply, ReplyBlock } from '../../src/chat/reply.ts';
import { withoutCharts } from '../../src/chat/without-charts.ts';
import { anyReply, letters, textsToFind } from '../support/any-reply.ts';
import { expectWithinSlackLimits } from './slack-limits.ts';
import { slackText } from './slack-text.ts';

const presentation = { locale: 'en-US', timeZone: 'UTC', nowMs: 0, say: sayEnglish('en-US') };

function reply(...blocks: ReplyBlock[]): Reply {
  return { headline: 'Two rigs mine.', blocks, next: [] };
}

const chart: ChartBlock = {
  kind: 'chart',
  title: 'GPU-hours',
  alt: 'rented 3, mining 4',
  form: 'bars',
  unit: 'GPU-hours',
  along: { kind: 'names', names: ['rented', 'mining'] },
  series: [{ name: 'GPU-hours', values: [3, 4] }],
};

describe('any reply on Slack', () => {
  const options = fc.record({ possibleRepeat: fc.boolean(), demo: fc.boolean() }, { requiredKeys: [] });

  it('is within every limit, with its pictures and without', () => {
    fc.assert(
      fc.property(anyReply, options, (any, given) => {
        const message = renderReply(any, { presentation, ...given });
        expectWithinSlackLimits(message.text, message.blocks);
        const names = [...message.files, ...message.charts].map(({ name }) => name);
        expect(new Set(names).size).toBe(names.length);
        expect(names.length).toBeLessThanOrEqual(10);
        const ids = new Map(message.charts.map(({ name }) => [name, `F-${name}`]));
        expectWithinSlackLimits(message.text, withPictures(message, ids).blocks);
      }),
      { numRuns: 150 },
    );
  });

  it('loses nothing: what is not in the message is in its files, and the message says so', () => {
    fc.assert(
      fc.property(anyReply, (any) => {
        const message = renderReply(withoutCharts(any), { presentation });
        const shown = slackText({ ...message, files: [] });
        const everything = letters([shown, ...message.files.map(({ text }) => text)].join('\n'));
        for (const text of textsToFind(withoutCharts(any))) expect(everything).toContain(letters(text));
        const own = new Set(any.files?.map(({ name }) => name));
        for (const { name } of message.files) if (!own.has(name)) expect(shown).toContain(name);
      }),
      { numRuns: 80 },
    );
  });
});

describe('a reply on Slack', () => {
  it('counts the rows that have no room', () => {
    const table: ReplyBlock = {
      kind: 'table',
      title: 'Rigs',
      columns: [
        { title: 'Rig', align: 'left' },
        { title: 'Net', align: 'right' },
      ],
      rows: Array.from({ length: 1_000 }, (_, row) => [`rig${row}`, '$1.00']),
      more: null,
    };
    const message = renderReply(reply(table), { presentation });
    const text = slackText(message);
    const shown = new Set(text.match(/rig\d+/g)).size;
    const [, more] = /and ([\d,]+) more rows: the whole table is in table\.csv/.exec(text) ?? [];
    expect(shown).toBeGreaterThan(50);
    expect(shown + Number(more?.replace(',', ''))).toBe(1_000);
    expect(message.files.map(({ name }) => name)).toEqual(['table.csv']);
  });

  it('stands in columns, figures to the right', () => {
    const table: ReplyBlock = {
      kind: 'table',
      title: null,
      columns: [
        { title: '', align: 'left' },
        { title: 'Mine', align: 'right' },
      ],
      rows: [
        ['Net', '-$1.90'],
        ['Power', '$10.08'],
      ],
      more: { count: 3, hint: 'rigs page:2' },
    };
    expect(slackText(renderReply(reply(table), { presentation })).split('\n')).toEqual([
      'Two rigs mine.',
      '│          Mine',
      '│ Net    -$1.90',
      '│ Power  $10.08',
      'and 3 more: rigs page:2',
    ]);
  });

  it('has buttons and a select that say what they ask', () => {
    const message = renderReply(
      {
        ...reply(),
        next: [
          { label: 'Next page', command: 'rigs page:2', replaces: true },
          { label: 'Filter', command: 'rigs', form: true },
        ],
        pick: { label: 'A rig', options: [{ label: 'a1', command: 'rig name:a1' }] },
      },
      { presentation },
    );
    const elements = message.blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));
    const clicks = elements.map((element) => {
      if (element.type === 'button') return decodeClick({ action_id: element.action_id ?? '', value: element.value });
      if (element.type !== 'static_select') return null;
      const [option] = element.options ?? [];
      return decodeClick({ action_id: '', selected_option: { value: option?.value ?? '' } });
    });
    expect(clicks).toEqual([
      { kind: 'replace', command: 'rigs page:2' },
      { kind: 'form', command: 'rigs' },
      { kind: 'run', command: 'rig name:a1' },
    ]);
  });

  it('shows a chart in words until there is a picture', () => {
    const message = renderReply(reply(chart), { presentation });
    expect(message.charts).toEqual([{ name: 'chart-1.png', chart }]);
    expect(slackText(message)).toContain('rented 3, mining 4');
    expect(withPictures(message, new Map()).blocks).toEqual(message.blocks);
    const [, picture] = withPictures(message, new Map([['chart-1.png', 'F1']])).blocks;
    expect(picture).toMatchObject({ type: 'image', slack_file: { id: 'F1' }, alt_text: 'rented 3, mining 4' });
  });

  it('says in words what is a demo and what may be a repeat, in its notification too', () => {
    const { text } = renderReply(reply(), { presentation, demo: true, possibleRepeat: true });
    expect(text.split('\n')).toEqual([
      'Two rigs mine.',
      '⚠ This may be a repeat: nobody could look whether it was said before.',
      'Demo: a simulated farm, illustrative prices.',
    ]);
  });
});

describe('far too much for Slack', () => {
  it('stays below what all blocks may hold, and each block says what of it is in the file', () => {
    const texts = Array.from({ length: 10 }, (): ReplyBlock => ({ kind: 'text', text: 'many words '.repeat(500) }));
    const message = renderReply(reply(...texts), { presentation });
    expectWithinSlackLimits(message.text, message.blocks);
    const text = slackText(message);
    expect(text.match(/the rest is in answer\.txt/g)).toHaveLength(9);
    expect(text).toContain('and 1 more part: the whole answer is in answer.txt');
    expect(message.files[0]?.text.match(/many words/g)).toHaveLength(5_000);
  });

  it('counts the notes that have no room', () => {
    const notes = Array.from({ length: 60 }, (_, index) => `note${index} ${'word '.repeat(40)}`);
    const message = renderReply(reply({ kind: 'notes', tone: 'plain', notes }), { presentation });
    const text = slackText(message);
    const [, more] = /and (\d+) more notes: all of them are in answer\.txt/.exec(text) ?? [];
    expect((text.match(/note\d+/g) ?? []).length + Number(more)).toBe(60);
    expect(message.files[0]?.text).toContain('note59');
  });
});

describe('a value', () => {
  it('comes back as it was, or does not fit', () => {
    const kind = fc.constantFrom('run' as const, 'replace' as const, 'form' as const);
    fc.assert(
      fc.property(kind, fc.string({ unit: 'grapheme', maxLength: 200 }), (pressed, command) => {
        const value = encodeValue({ kind: pressed, command }, 150);
        if (value === null) expect(command.length).toBeGreaterThan(140);
        else expect(decodeClick({ action_id: 'x', value })).toEqual({ kind: pressed, command });
      }),
    );
  });

  it.each([undefined, '', 'profit', 'drop everything'])('of another program is nothing: %j', (value) => {
    expect(decodeClick({ action_id: 'x', value })).toBeNull();
  });
});

describe('untrusted text on Slack', () => {
  it.each([
    ['<!channel> <@U1> <#C1>', '<\u200b!channel> <\u200b@U1> <\u200b#C1>'],
    ['@here @channel @everyone', '@\u200bhere @\u200bchannel @\u200beveryone'],
    ['https://example.com', 'https:\u200b//example.com'],
    ['a@example.com', 'a@\u200bexample.com'],
    [':smile: at 12:30:45', ':\u200bsmile: at 12:30:45'],
    [':+1: :1234: :日本:', ':\u200b+1: :\u200b1234: :\u200b日本:'],
    ['-$1.90', '-$1.90'],
    ['a\u001b[2J\u202eb', 'a␛[2J\ufffdb'],
  ])('%j is shown as itself where nothing is formatted', (text, inert) => {
    expect(inertText(text)).toBe(inert);
  });

  it.each([
    ['a & b < c > d', 'a &amp; b &lt; c &gt; d'],
    ['<!channel>', '&lt;\u200b!channel&gt;'],
    ['*b* _i_ ~s~ `c`', '*\u200bb*\u200b _\u200bi_\u200b ~\u200bs~\u200b `\u200bc`\u200b'],
    ['> quote', '\u200b&gt; quote'],
  ])('%j is shown as itself where text is formatted', (text, escaped) => {
    expect(escapeMrkdwn(text)).toBe(escaped);
  });

  it.each([`:${'a'.repeat(100_000)}`, ':a'.repeat(50_000), '<@'.repeat(50_000), 'a@'.repeat(50_000)])(
    'of any length is read once (%#)',
    (text) => {
      const beganMs = performance.now();
      escapeMrkdwn(text);
      expect(performance.now() - beganMs).toBeLessThan(500);
    },
  );

  it('stands in no text that Slack formats', () => {
    const rigs: ReplyBlock = { kind: 'fields', title: '*x*', fields: [{ name: '<!here>', value: '`y`' }] };
    const { blocks } = renderReply(reply(rigs), { presentation });
    expect(JSON.stringify(blocks)).not.toContain('mrkdwn');
  });
});
