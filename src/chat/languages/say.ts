import { type Formatters, IntlMessageFormat } from 'intl-messageformat';
import { createPhraseBook, type PhraseBook } from './phrase-book.ts';

/** Values of a message's arguments: numbers for plurals and choices, texts that are printed as they are. */
export type SayValues = Readonly<Record<string, string | number>>;

/**
 * Says a sentence in the reader's language. It is written in English where it is said, in ICU message syntax, and found by
 * that text in the other languages: `say('{count, plural, one {# rig} other {# rigs}} down', { count: 3 })`. What a language
 * lacks is said in English.
 */
export interface Say {
  (english: string, values?: SayValues): string;
  /**
   * Says a finished English sentence that facts carry (a reason, an assumption, a mistake), or several in a row. What the
   * phrase book does not recognise stays as it is.
   */
  readonly sentence: (english: string) => string;
}

/** Messages by their English text. */
export type Catalogue = Readonly<Record<string, string>>;

export interface Language {
  /** Two letters: `fr`. */
  readonly code: string;
  /** Of what is said: ICU messages on both sides. */
  readonly sentences: Catalogue;
  /** Of what facts carry: English with gaps (`no occupancy for {model}`) to an ICU message with the same names. */
  readonly phrases: Catalogue;
}

/** Says in the language of a locale that Intl knows, where it is one of these; in English otherwise. Numbers are the locale's. */
export function sayIn(locale: string, languages: readonly Language[]): Say {
  const code = new Intl.Locale(locale).language;
  const language = languages.find((candidate) => candidate.code === code);
  if (language === undefined) return sayEnglish(locale);
  const voice = voiceOf(code, locale);
  const english = voiceOf('en', locale);
  const say = (sentence: string, values?: SayValues): string => {
    const translated = language.sentences[sentence];
    const said = translated === undefined ? null : format(translated, voice, values);
    return said ?? inEnglish(sentence, english, values);
  };
  const recognised = (part: string): string | null => {
    const found = phraseBookOf(language).find(part);
    return found === null ? null : format(found.message, voice, found.values);
  };
  const sentence = (finished: string): string => {
    const whole = recognised(finished);
    if (whole !== null) return whole;
    return splitSentences(finished)
      .map((part) => recognised(part) ?? part)
      .join(' ');
  };
  return Object.assign(say, { sentence });
}

/** English, for a locale of any language that has no catalogue. */
export function sayEnglish(locale: string): Say {
  const voice = voiceOf('en', locale);
  const say = (english: string, values?: SayValues): string => inEnglish(english, voice, values);
  return Object.assign(say, { sentence: (english: string) => english });
}

/** Where even the English message cannot be said, its bare text says most of it. */
function inEnglish(english: string, voice: Voice, values?: SayValues): string {
  return format(english, voice, values) ?? english;
}

const books = new WeakMap<Language, PhraseBook>();

function phraseBookOf(language: Language): PhraseBook {
  let book = books.get(language);
  if (book === undefined) {
    book = createPhraseBook(language.phrases);
    books.set(language, book);
  }
  return book;
}

/** `There is no rig "a2". Did you mean a1?` is two. */
function splitSentences(text: string): readonly string[] {
  return text.split(/(?<=[.?!]) (?=[A-Z])/);
}

/** One language as readers of one locale hear it. */
interface Voice {
  readonly code: string;
  readonly messages: Map<string, IntlMessageFormat>;
  readonly formatters: Formatters;
}

/** Locales come from outside, and some messages from what was observed, hence the bounds. */
const MOST_VOICES = 8;
const MOST_MESSAGES = 1_000;
const voices = new Map<string, Voice>();

function voiceOf(code: string, locale: string): Voice {
  const key = `${code} ${locale}`;
  let voice = voices.get(key);
  if (voice === undefined) {
    if (voices.size >= MOST_VOICES) voices.clear();
    voice = { code, messages: new Map(), formatters: formattersOf(code, locale) };
    voices.set(key, voice);
  }
  return voice;
}

/** Null for a message that cannot be said with these values. */
function format(message: string, voice: Voice, values: SayValues = {}): string | null {
  try {
    return String(compiled(message, voice).format(values));
  } catch {
    return null;
  }
}

/** Compiling costs a hundred times as much as formatting. */
function compiled(message: string, { code, messages, formatters }: Voice): IntlMessageFormat {
  let known = messages.get(message);
  if (known === undefined) {
    if (messages.size >= MOST_MESSAGES) messages.clear();
    known = new IntlMessageFormat(message, code, undefined, { ignoreTag: true, formatters });
    messages.set(message, known);
  }
  return known;
}

/** Plurals are the language's, numbers the reader's: a German reads English sentences with German numbers. */
function formattersOf(code: string, locale: string): Formatters {
  return {
    getPluralRules: eachOnce((options) => new Intl.PluralRules(code, options)),
    getNumberFormat: eachOnce((options) => new Intl.NumberFormat(locale, options)),
    getDateTimeFormat: eachOnce((options) => new Intl.DateTimeFormat(locale, options)),
  };
}

/** The messages ask for the same few formats each time that they are said. */
function eachOnce<Format>(build: (options: object | undefined) => Format) {
  const built = new Map<string, Format>();
  return (_locales: unknown, options?: object): Format => {
    const key = JSON.stringify(options) ?? '';
    const format = built.get(key) ?? build(options);
    built.set(key, format);
    return format;
  };
}
