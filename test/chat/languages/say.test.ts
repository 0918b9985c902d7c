import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Language, sayEnglish, sayIn } from '../../../src/chat/languages/say.ts';

const french: Language = {
  code: 'fr',
  sentences: {
    '{count, plural, one {# rig} other {# rigs}} down': '{count, plural, one {# rig} other {# rigs}} hors ligne',
    'Rig {name}': 'Le rig {name}',
    'broken {name}': 'cassé {name, plural}',
    'asks for {more}': 'demande {autre}',
  },
  phrases: {
    'no occupancy for {model}': 'pas de taux d’occupation pour {model}',
    'no occupancy for unknown model': 'pas de taux d’occupation pour un modèle inconnu',
    'draws {watts, number} W': 'consomme {watts, number} W',
    'There is no rig "{name}".': 'Il n’y a pas de rig « {name} ».',
    'Did you mean {word}?': 'Vouliez-vous dire {word} ?',
    'every {time} only; set it to {time}': 'toutes les {time} ; réglez sur {time}',
  },
};
const sentence = '{count, plural, one {# rig} other {# rigs}} down';

describe('a sentence', () => {
  it.each([
    ['en-US', 0, '0 rigs down'],
    ['en-US', 1, '1 rig down'],
    ['en-US', 1234, '1,234 rigs down'],
    ['de-DE', 1234, '1.234 rigs down'],
    ['ja', 1, '1 rig down'],
    ['fr', 0, '0 rig hors ligne'],
    ['fr-FR', 1, '1 rig hors ligne'],
    ['fr-FR', 1234, '1\u202f234 rigs hors ligne'],
    ['fr-CA', 1234, '1\u00a0234 rigs hors ligne'],
  ])('%s, %d', (locale, count, expected) => {
    expect(sayIn(locale, [french])(sentence, { count })).toBe(expected);
  });

  it('that a language lacks is said in English', () => {
    expect(sayIn('fr', [french])('No answer in {time}.', { time: '3 s' })).toBe('No answer in 3 s.');
  });

  it.each([
    ['broken {name}', { name: 'a1' }, 'broken a1'],
    ['asks for {more}', { more: 'a1' }, 'asks for a1'],
    ['no value for {this}', {}, 'no value for {this}'],
    ['broken {', {}, 'broken {'],
    ['under <b>5</b> {unit}', { unit: 'W' }, 'under <b>5</b> W'],
  ])('%s says what it can', (english, values, expected) => {
    expect(sayIn('fr', [french])(english, values)).toBe(expected);
  });

  it('prints a text as it is, whatever it holds', () => {
    const texts = fc.oneof(fc.string(), fc.constantFrom('{x, plural, other {boom}}', "'", "''{", '<b>', '#', '{name}'));
    fc.assert(
      fc.property(texts, fc.constantFrom('fr', 'en'), (name, locale) => {
        expect(sayIn(locale, [french])('Rig {name}', { name })).toBe(`${locale === 'fr' ? 'Le rig' : 'Rig'} ${name}`);
      }),
    );
  });

  it('keeps saying itself after very many others', () => {
    const say = sayIn('fr', [french]);
    for (let index = 0; index < 2_100; index += 1) say(`filler ${index}`);
    expect(say(sentence, { count: 2 })).toBe('2 rigs hors ligne');
  });
});

describe('a finished sentence', () => {
  const say = sayIn('fr-CA', [french]);

  it.each([
    ['no occupancy for RTX 3090', 'pas de taux d’occupation pour RTX 3090'],
    ['no occupancy for unknown model', 'pas de taux d’occupation pour un modèle inconnu'],
    ['draws 12.5 W', 'consomme 12,5 W'],
    ['draws much W', 'draws much W'],
    ['no occupancy for {x, plural, other {boom}}', 'pas de taux d’occupation pour {x, plural, other {boom}}'],
    ['There is no rig "a2". Did you mean a1?', 'Il n’y a pas de rig « a2 ». Vouliez-vous dire a1 ?'],
    ['Something else. Did you mean a1?', 'Something else. Vouliez-vous dire a1 ?'],
    ['every 60 s only; set it to 60 s', 'toutes les 60 s ; réglez sur 60 s'],
    ['every 60 s only; set it to 30 s', 'every 60 s only; set it to 30 s'],
    ['', ''],
    [`no occupancy for ${'x'.repeat(600)}`, `no occupancy for ${'x'.repeat(600)}`],
  ])('%s', (english, expected) => expect(say.sentence(english)).toBe(expected));

  it('stays English in English', () => {
    expect(sayEnglish('en').sentence('no occupancy for RTX 3090')).toBe('no occupancy for RTX 3090');
  });

  it('keeps every name that it holds', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), (name) => {
        expect(say.sentence(`no occupancy for ${name}`)).toContain(name);
      }),
    );
  });
});
