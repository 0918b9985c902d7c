import { expect, it } from 'vitest';
import { lineOfMention, typedText } from '../../adapters/slack/message-text.ts';

it.each([
  ['<@U0BOT> profit site:quebec', 'profit site:quebec'],
  ['  <@U0BOT|rigshift>  rig a1 ', 'rig a1'],
  ['<@U0BOT>', ''],
  ['<@U0BOT> note text:"a &lt; b &amp;&amp; c"', 'note text:"a < b && c"'],
  ['<@U0BOT> two\nlines', 'two\nlines'],
  ['thanks <@U0BOT>', null],
  ['<@U0ALICE> ask <@U0BOT> profit', null],
  ['profit', null],
])('%j asks %j', (text, line) => {
  expect(lineOfMention(text, 'U0BOT')).toBe(line);
});

it('reads what is no link to its end only once', () => {
  const beganMs = performance.now();
  typedText('<https://'.repeat(20_000));
  expect(performance.now() - beganMs).toBeLessThan(500);
});

it('takes any mention for its own before it knows who it is', () => {
  expect(lineOfMention('<@U0BOT> rig a1', null)).toBe('rig a1');
});

it.each([
  ['rig <http://rig1.example.com|rig1.example.com>', 'rig rig1.example.com'],
  ['note <https://example.com/a?b=1&amp;c=2>', 'note https://example.com/a?b=1&c=2'],
  ['mail <mailto:ops@example.com|ops@example.com>', 'mail ops@example.com'],
  ['ack &amp;lt;', 'ack &lt;'],
  ['name:a<b', 'name:a<b'],
])('%j was typed as %j', (text, typed) => {
  expect(typedText(text)).toBe(typed);
});
