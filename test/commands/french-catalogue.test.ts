import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { french } from '../../commands/french/index.ts';
import { sayParts } from '../../commands/present/parts.ts';
import { plainSpaces, quebec } from '../support/french.ts';

const { say } = quebec;
const messages = [...Object.values(french.sentences), ...Object.values(french.phrases)];

it.each([
  ['vast counts 1 of 4 GPUs rented', 'vast compte 1 GPU loué sur 4'],
  ['vast counts 0 of 4 GPUs rented', 'vast compte 0 GPU loué sur 4'],
  ['vast counts 2 of 4 GPUs rented; which ones is not printed', 'vast compte 2 GPU loués sur 4, sans publier lesquels'],
  ['1 compute processes run, and nobody names them', '1 processus de calcul tourne, et personne ne le nomme'],
  ['3 compute processes run, and nobody names them', '3 processus de calcul tournent, et personne ne les nomme'],
  [
    "1 of 4 GPUs are rented, yet 4 hash: the marketplace's or the miner's count is late",
    '1 GPU sur 4 est loué, et pourtant 4 minent : le décompte de la place de marché ou du mineur est en retard',
  ],
  ['the body was not complete within 10 s, 0 bytes came', 'réponse incomplète au bout de 10 s, 0 octet reçu'],
  ['0 cores, 1 thread', '0 cœur, 1 thread'],
  ['over 1 GPU-hours', 'sur 1 GPU-heure'],
  ['over 1234.5 GPU-hours', 'sur 1 234,5 GPU-heures'],
])('what is counted agrees: %s', (english, expected) => expect(plainSpaces(sayParts(english, say))).toBe(expected));

it.each([
  ['62900 (btc), 2.048 per block', '62 900 (btc), 2,048 par bloc'],
  ['62900.125 (btc), 0.000123456789 per block', '62 900,125 (btc), 0,000123456789 par bloc'],
  // What JavaScript prints with an exponent stays as it is: another digit would be wrong.
  ['1.2e+24 (hashes), 1e-7 per block', '1.2e+24 (hashes), 1e-7 par bloc'],
])('a figure keeps its digits: %s', (english, expected) => {
  expect(plainSpaces(say.sentence(`difficulty ${english}, kawpow`))).toBe(`difficulté ${expected}, kawpow`);
});

it('no word stands before a name that would have to be elided before a vowel', () => {
  const names = 'command|exporter|model|name|option|platform|rig|scope|server|site|system|tier|where';
  const elided = new RegExp(String.raw`(?<![\p{L}’-])(?:de|le|la|que|du|des|au) \{(?:${names})\}`, 'iu');
  expect('les critères de {rig}').toMatch(elided);
  expect(messages.filter((message) => elided.test(message))).toEqual([]);
});

it('an estimate is marked in brackets: « est » alone is a verb', () => {
  const figures = messages.filter((message) => /(?<!\p{L})est\.(?!\p{L})/u.test(message));
  expect(figures.length).toBeGreaterThan(5);
  expect(figures.filter((message) => !message.includes('(est.)'))).toEqual([]);
});

describe('is said in French', () => {
  /** Sentences that a file holds outside comments, each gap filled; a gap that holds a sentence of its own is left out. */
  function sentencesOf(path: string): readonly string[] {
    const code = readFileSync(path, 'utf8')
      .replaceAll(/\/\*\*[\s\S]*?\*\//g, '')
      .replaceAll(/^\s*\/\/.*$/gm, '');
    const quoted = code.matchAll(
      /`([A-Z"$][^`\n]* [^`\n]*[.?])`|'([A-Z"][^'\n]* [^'\n]*[.?])'|"([A-Z][^"\n]* [^"\n]*[.?])"/g,
    );
    return Array.from(quoted, ([, template, single, double]) => template ?? single ?? double ?? '')
      .map((text) => text.replace(/^\$\{[^}]*\}(?=[A-Z])/, '').replaceAll(/\$\{[^}]*\}/g, '12'))
      .flatMap((text) => (Object.hasOwn(french.sentences, text) ? [] : text.split(/(?<=[.?!]) (?=[A-Z])/)));
  }

  const isFrench = (text: string) => Object.hasOwn(french.sentences, text) || say.sentence(text) !== text;

  it('whatever the admins of a platform are told', () => {
    const told = globSync('adapters/{discord,slack}/{registration,send-failure}.ts').flatMap(sentencesOf);
    expect(told.length).toBeGreaterThan(8);
    expect(told.filter((text) => !isFrench(text))).toEqual([]);
    for (const priority of ['page', 'reply', 'digest', 'edit']) {
      const said = say.sentence(
        `A ${priority} for channel 7 was not posted and will not be tried again. Discord asks to wait. It says: Rig a1 down.`,
      );
      expect(said).not.toMatch(new RegExp(`channel|posted|wait|says|${priority}(?!\\p{L})`, 'u'));
    }
  });

  it('whatever is wrong with a question', () => {
    const wrong = globSync(['src/chat/*.ts', 'src/fleet/accounting-day.ts', 'commands/*.ts']).flatMap(sentencesOf);
    // A rule of its own, not a sentence: the name of an option and what is wrong with it.
    const rule = '12: 12.';
    expect(wrong.length).toBeGreaterThan(20);
    expect(wrong.filter((text) => text !== rule && !isFrench(text))).toEqual([]);
  });

  it.each([
    ['page: not a whole number.', 'page : ce n’est pas un nombre entier.'],
    ['page: pages begin at 1.', 'page : les pages commencent à 1.'],
    ['page: there are at most 50 pages; ask with before:.', 'page : il y a au plus 50 pages ; demandez avec before:.'],
    [
      'before: not a day (2026-11-22) or an instant (2026-11-22T12:00:00Z).',
      'before : ce n’est ni un jour (2026-11-22) ni un instant (2026-11-22T12:00:00Z).',
    ],
    [
      'http://prometheus.test:9090: HTTP 404: no Prometheus API at this URL; check its path prefix',
      'http://prometheus.test:9090 : HTTP 404 : pas d’API Prometheus à cette URL ; vérifiez le préfixe de son chemin',
    ],
    [
      'Cannot read the ledger (ledger.db): no answer within 5000 ms',
      'Impossible de lire le registre (ledger.db) : pas de réponse au bout de 5 000 ms',
    ],
  ])('%s', (english, expected) => expect(plainSpaces(say.sentence(english))).toBe(expected));
});
