import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeFormContext, encodeFormContext } from '../../adapters/slack/form-context.ts';
import { suggestionsFor } from '../../adapters/slack/suggestions.ts';

const context = fc.record({
  command: fc.string({ maxLength: 40 }),
  channel: fc.option(fc.string({ maxLength: 12 })),
  thread: fc.option(fc.string({ maxLength: 20 })),
  isDirect: fc.boolean(),
  isPrivate: fc.boolean(),
  responseUrl: fc.option(fc.string({ maxLength: 100 })),
});

it('what a form keeps comes back as it was', () => {
  fc.assert(
    fc.property(context, (kept) => {
      expect(decodeFormContext(encodeFormContext(kept))).toEqual(kept);
    }),
  );
});

it('what is too long for Slack is answered without its response_url', () => {
  const kept = { command: 'rigs', channel: 'C1', thread: null, isDirect: false, isPrivate: false };
  const text = encodeFormContext({ ...kept, responseUrl: `https://${'x'.repeat(3_000)}` });
  expect(text.length).toBeLessThanOrEqual(3_000);
  expect(decodeFormContext(text)).toEqual({ ...kept, responseUrl: null });
});

it.each(['', 'rigs', '{}', '{"command":1}', 'null'])('%j is of another version', (text) => {
  expect(decodeFormContext(text)).toBeNull();
});

it('offers the likeliest names, within what Slack takes', () => {
  const names = ['north quebec', 'quebec', 'quebec', 'x'.repeat(151), `${'q'.repeat(149)}`, ''];
  const offered = suggestionsFor('site', 'Q', { complete: () => names });
  expect(offered.map(({ value }) => value)).toEqual(['quebec', 'q'.repeat(149), 'north quebec']);
  expect(offered.map(({ text }) => text.text.length)).toEqual([6, 75, 12]);
});

it('offers at most a hundred, and nothing of kinds that nobody can name', () => {
  const complete = () => Array.from({ length: 500 }, (_, index) => `rig${index}`);
  expect(suggestionsFor('rig', '', { complete })).toHaveLength(100);
  expect(suggestionsFor('number', '', { complete })).toEqual([]);
});
