import type { Say } from '../../src/chat/languages/say.ts';

/** Says what facts put in words: as one sentence, or else as the list of phrases that it is (`8 cores, 16 threads`). */
export function sayParts(text: string, say: Say): string {
  const whole = say.sentence(text);
  return whole === text ? text.split(', ').map(say.sentence).join(', ') : whole;
}
