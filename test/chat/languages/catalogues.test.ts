import { globSync, readFileSync } from 'node:fs';
import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, it } from 'vitest';
import { commands } from '../../../commands/index.ts';
import { languages } from '../../../commands/languages.ts';
import { mergeCatalogues } from '../../../src/chat/languages/merge-catalogues.ts';
import { createPhraseBook } from '../../../src/chat/languages/phrase-book.ts';

/** Names of a message's arguments, also those inside its choices; throws for a message that does not compile. */
function argumentsOf(message: string): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (elements: readonly object[]): void => {
    for (const element of elements) {
      // Literals and the # of a plural have no name; of choices the options hold elements of their own.
      if ('value' in element && 'type' in element && element.type !== 0) names.add(String(element.value));
      if (!('options' in element) || typeof element.options !== 'object' || element.options === null) continue;
      for (const option of Object.values(element.options)) {
        if (typeof option === 'object' && option !== null && 'value' in option && Array.isArray(option.value)) {
          visit(option.value);
        }
      }
    }
  };
  visit(new IntlMessageFormat(message, 'en', undefined, { ignoreTag: true }).getAst());
  return names;
}

/** Every text between the code's `say(` and the next quote; texts in tables are seen when commands answer. */
function sentencesInCode(): readonly (readonly [sentence: string, path: string])[] {
  const paths = globSync(['src/**/*.ts', 'commands/**/*.ts', 'adapters/**/*.ts']);
  return paths.flatMap((path) => {
    const code = readFileSync(path, 'utf8')
      .replaceAll(/\/\*\*[\s\S]*?\*\//g, '')
      .replaceAll(/'\s*\+\s*'/g, '');
    // A method of that name says something else to somebody else.
    if (/^ {2}#say\(/m.test(code)) return [];
    const said = code.matchAll(/\bsay\(\s*(?:'((?:[^'\\\n]|\\.)+)'|"((?:[^"\\\n]|\\.)+)")/g);
    return Array.from(said, ([, single, double]) => [single ?? double ?? '', path] as const);
  });
}

describe.each(languages)('the catalogue of $code', ({ code, sentences, phrases }) => {
  it.each(Object.entries(sentences))('%s', (english, translated) => {
    expect(argumentsOf(translated)).toEqual(argumentsOf(english));
  });

  it.each(Object.entries(phrases))('phrase: %s', (english, translated) => {
    const gaps = new Set(Array.from(english.matchAll(/\{(\w+)/g), ([, name]) => name));
    // A description says nothing that the option's name does not.
    expect([...gaps].filter((name) => !argumentsOf(translated).has(name ?? ''))).toEqual(
      english.includes('{description}') ? ['description'] : [],
    );
    expect([...argumentsOf(translated)].filter((name) => !gaps.has(name))).toEqual([]);
  });

  it('recognises each of its phrases', () => {
    const book = createPhraseBook(phrases);
    for (const [english, message] of Object.entries(phrases)) {
      const said = english.replaceAll(/\{\w+, number\}/g, '12').replaceAll(/\{\w+\}/g, 'Xx');
      expect(book.find(said)).toMatchObject({ message });
    }
  });

  it('has every sentence of the code', () => {
    // What an operator reads on his own command line before there is a bot stays English.
    const ofTheBot = sentencesInCode().filter(([, path]) => path !== 'commands/present/check.ts');
    expect(ofTheBot.length).toBeGreaterThan(200);
    expect(ofTheBot.filter(([sentence]) => !Object.hasOwn(sentences, sentence))).toEqual([]);
  });

  it('has what lists of commands show', () => {
    const texts = commands.flatMap(({ summary, options }) => [summary, ...options.map((option) => option.description)]);
    expect(texts.filter((text) => !Object.hasOwn(sentences, text))).toEqual([]);
    // Discord's lists show a hundred characters.
    expect(texts.map((text) => sentences[text] ?? text).filter((text) => text.length > 100)).toEqual([]);
  });

  it.runIf(code === 'fr')('is set as French is', () => {
    for (const text of [...Object.values(sentences), ...Object.values(phrases)]) {
      expect(text, 'narrow no-break spaces').not.toMatch(/ [:;?!%»]|« /);
      expect(text, 'a typographic apostrophe').not.toMatch(/'/);
    }
  });
});

it('no two catalogues say the same', () => {
  expect(() => mergeCatalogues([{ Rig: 'Rig' }, { Rig: 'Plate-forme' }])).toThrow('twice in the catalogues: Rig');
});
