import { expect } from 'vitest';
import { french } from '../../commands/french/index.ts';
import type { Presentation } from '../../src/chat/command.ts';
import { createPhraseBook } from '../../src/chat/languages/phrase-book.ts';
import { type Say, sayIn } from '../../src/chat/languages/say.ts';
import type { Reply } from '../../src/chat/reply.ts';
import { atMs } from './rigs.ts';

/** How readers in Quebec are answered, twelve seconds after the observation. */
export const quebec: Presentation = {
  locale: 'fr-CA',
  timeZone: 'America/Toronto',
  nowMs: atMs + 12_000,
  say: sayIn('fr-CA', [french]),
};

/** Intl's spaces and ours are no-break spaces, which nobody can tell apart in an expected text. */
export function plainSpaces(text: string): string {
  return text.replace(/[\u00a0\u202f]/g, ' ');
}

/** Names and made-up messages of the fixtures; whatever else facts carry has to be said in French. */
const notOurs =
  /^(?:(?:RTX|RX|CMP|A100)(?: [\w.]+)*(?: \((?:CC [\d.]+|gfx\w+)\))?|Odd card|kawpow|octopus|sha256d|randomx|zelhash|RVN|[A-Z]{3}(?:\/[A-Z]{3})?|kWh|hash|Gen\d|x\d+(?: Gen\d)?|AVX|CC [\d.]+|(?:VBIOS )?[\d.]+|something odd|partial|nothing is printed|)$/;

const book = createPhraseBook(french.phrases);

/** Words that no French sentence holds, where they are no part of a name or of what is typed. */
const telltale = /(?<![\w."':/|-])(?:the|of|per|and|which|is|are|ago|earned|nobody|from|with|yours)(?![\w."':/|])/i;

/** The reply in French; fails for whatever it says in English. */
export function saidInFrench(
  present: (presentation: Presentation) => Reply,
  textsOf: (reply: Reply) => string[],
): Reply {
  const missing = new Set<string>();
  const say = (english: string, values?: Parameters<Say>[1]) => {
    if (!Object.hasOwn(french.sentences, english)) missing.add(english);
    return quebec.say(english, values);
  };
  const sentence = (english: string) => {
    const said = quebec.say.sentence(english);
    if (said === english && !isSame(english)) missing.add(english);
    return said;
  };
  const reply = present({ ...quebec, say: Object.assign(say, { sentence }) });
  expect([...missing]).toEqual([]);
  for (const text of textsOf(reply)) expect(text.replace('nothing is printed', '')).not.toMatch(telltale);
  return reply;
}

/** Ours and in the book, not ours, or a list of such that is said part by part. */
function isSame(english: string): boolean {
  const known = (part: string) => notOurs.test(part) || book.find(part) !== null;
  return known(english) || english.split(', ').every(known);
}
