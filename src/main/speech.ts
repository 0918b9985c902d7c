import { languages } from '../../commands/languages.ts';
import { type Say, sayIn as sayInOneOf } from '../chat/languages/say.ts';

/** Says things in the language of a locale, English where it has no other. */
export function sayIn(locale: string): Say {
  return sayInOneOf(locale, languages);
}
