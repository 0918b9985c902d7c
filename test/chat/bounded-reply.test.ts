import fc from 'fast-check';
import { expect, it } from 'vitest';
import { boundedReply } from '../../src/chat/bounded-reply.ts';
import { sayEnglish } from '../../src/chat/languages/say.ts';
import type { Reply } from '../../src/chat/reply.ts';
import { anyReply } from '../support/any-reply.ts';

const english = { say: sayEnglish('en') };
const MOST = 2_000 + ' (1,000,000,000 more characters)'.length;

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

it('leaves what can be shown as it is', () => {
  const reply: Reply = {
    headline: 'x'.repeat(2_000),
    blocks: [{ kind: 'notes', tone: 'plain', notes: ['a', 'b'] }],
    next: [{ label: 'Rig', command: 'rig a1' }],
  };
  expect(boundedReply(reply, english)).toEqual(reply);
});

it('counts what it cuts', () => {
  const { headline } = boundedReply({ headline: 'ab'.repeat(20_000), blocks: [], next: [] }, english);
  expect(headline).toBe(`${'ab'.repeat(999)}a… (38,001 more characters)`);
});

it('cuts between characters', () => {
  const { headline } = boundedReply({ headline: 'é'.normalize('NFD').repeat(2_000), blocks: [], next: [] }, english);
  expect(headline).toMatch(/^(?:e\u0301)+… \(/u);
});

it('keeps files and commands whole', () => {
  const long = 'x'.repeat(9_000);
  const file = { name: 'rigs.csv', mediaType: 'text/csv', text: long, description: 'all' } as const;
  const reply = { headline: '', blocks: [], next: [{ label: 'Rig', command: `rig ${long}` }], files: [file] };
  expect(boundedReply(reply, english)).toEqual(reply);
});

it('whatever is said, no text that is shown is longer', () => {
  fc.assert(
    fc.property(anyReply, fc.nat({ max: 40 }), (reply, times) => {
      const longer: Reply = { ...reply, headline: reply.headline.repeat(times * 50) };
      const { headline, blocks } = boundedReply(longer, english);
      for (const text of textsOf([headline, blocks])) expect(text.length).toBeLessThanOrEqual(MOST);
    }),
    { numRuns: 50 },
  );
});
