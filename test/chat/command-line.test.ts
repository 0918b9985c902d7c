import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bindWords, MAX_COMMAND_LENGTH, quoteValue, scanLine, splitLine } from '../../src/chat/command-line.ts';
import { bindOptions, createVocabulary, findCommand } from '../../src/chat/find-command.ts';
import { UserError } from '../../src/domain/errors.ts';
import { restart, rig, rigs, sampleCommands } from './sample-commands.ts';

const vocabulary = createVocabulary(sampleCommands);

function ask(line: string): { command: string; values: Readonly<Record<string, string>> } {
  const question = findCommand(line, vocabulary);
  return { command: question.command.name, values: bindOptions(question) };
}

function mistake(action: () => unknown): { message: string; remedy: string | null } {
  try {
    action();
  } catch (error) {
    if (error instanceof UserError) return { message: error.message, remedy: error.remedy };
    throw error;
  }
  throw new Error('nothing was wrong');
}

describe('splitting', () => {
  const pairs = (line: string) => splitLine(line).map(({ name, value }) => [name, value]);

  it.each([
    [
      'profit site:quebec window:7d',
      [
        [null, 'profit'],
        ['site', 'quebec'],
        ['window', '7d'],
      ],
    ],
    [
      '  profit\t site=quebec \n',
      [
        [null, 'profit'],
        ['site', 'quebec'],
      ],
    ],
    [
      'whatif rental:"RTX 3090"=0.18',
      [
        [null, 'whatif'],
        ['rental', 'RTX 3090=0.18'],
      ],
    ],
    [
      'whatif price:RVN=-20%',
      [
        [null, 'whatif'],
        ['price', 'RVN=-20%'],
      ],
    ],
    [
      'rig “rig 7”',
      [
        [null, 'rig'],
        [null, 'rig 7'],
      ],
    ],
    [
      'note "a \\"b\\" \\\\ c:d"',
      [
        [null, 'note'],
        [null, 'a "b" \\ c:d'],
      ],
    ],
    [
      'note text:""',
      [
        [null, 'note'],
        ['text', ''],
      ],
    ],
    ["l'usine", [[null, "l'usine"]]],
    [
      ':x =y',
      [
        [null, ':x'],
        [null, '=y'],
      ],
    ],
    ['/fleet profit', [[null, 'profit']]],
    ['Fleet', []],
    ['fleet:1', [['fleet', '1']]],
    ['', []],
  ])('%j', (line, expected) => expect(pairs(line)).toEqual(expected));

  it('reads back every value that quoteValue wrote', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'aZ0 \t\n"“”„\\:=é東\u0000'), maxLength: 30 }), (value) => {
        expect(splitLine(`rig name:${quoteValue(value)} x`)[1]).toMatchObject({ name: 'name', value });
        expect(splitLine(quoteValue(value))[0]?.value ?? '').toBe(value);
      }),
    );
  });

  it('takes any text without failing, and leaves out only blanks', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (line) => {
        const { words } = scanLine(line);
        const kept = words.map(({ start, end }) => line.slice(start, end)).join('');
        expect(kept.replace(/\s/g, '')).toBe(line.replace(/\s/g, ''));
      }),
    );
  });

  it('shows a quote that is never closed', () => {
    expect(mistake(() => splitLine('whatif rental:"RTX 3090')).message).toBe(
      'A quote is opened here and never closed.\nwhatif rental:"RTX 3090\n              ^',
    );
  });

  it('puts the caret under the place where wide characters come before it', () => {
    expect(mistake(() => splitLine('rig 東京 "x')).message.split('\n')[2]).toBe(`${' '.repeat(9)}^`);
  });

  it('shows a part of a long line', () => {
    const lines = mistake(() => splitLine(`rig ${'a'.repeat(500)} "${'b'.repeat(500)}`)).message.split('\n');
    expect(lines[1]).toHaveLength(62);
    expect(lines[1]?.charAt(lines[2]?.indexOf('^') ?? -1)).toBe('"');
  });

  it('refuses endless lines', () => {
    expect(mistake(() => splitLine('a '.repeat(MAX_COMMAND_LENGTH))).message).toContain('2000');
  });
});

describe('finding a command', () => {
  it.each([
    ['rig a1', 'rig', { name: 'a1' }],
    ['RIG Name:a1', 'rig', { name: 'a1' }],
    ['/fleet worker name=a1', 'rig', { name: 'a1' }],
    ['/rigs', 'rigs', {}],
    ['temps', 'rigs', { sort: 'temp' }],
    ['TEMPS quebec', 'rigs', { sort: 'temp', site: 'quebec' }],
    ['temps sort:power', 'rigs', { sort: 'power' }],
    ['rigs SORT:Temp', 'rigs', { sort: 'temp' }],
    ['rig 10.0.0.5:9100', 'rig', { name: '10.0.0.5:9100' }],
    ['rig "a:1"', 'rig', { name: 'a:1' }],
    ['rig name:""', 'rig', { name: '' }],
  ])('%s', (line, command, values) => expect(ask(line)).toEqual({ command, values }));

  it.each([
    ['proft', 'There is no command "proft".\nproft\n^', 'Type help to see what can be asked.'],
    [
      '/fleet rgis',
      'There is no command "rgis".\n/fleet rgis\n       ^',
      'Did you mean rig? Type help to see what can be asked.',
    ],
    ['rig:a1', '"rig" is a command, not an option.\nrig:a1\n^', 'Put a space after rig.'],
    [
      'rigs siet:x',
      'There is no option "siet" here.\nrigs siet:x\n     ^',
      'Did you mean site:x? It takes site:SITE, sort:name|temp|power, page:NUMBER, wide:true.',
    ],
    [
      'rigs sort:tmep',
      '"tmep" is no choice for sort.\nrigs sort:tmep\n     ^',
      'Did you mean sort:temp? Choose one of name, temp, power.',
    ],
    ['rigs site:a site:b', '"site" is given twice.\nrigs site:a site:b\n            ^', 'Give it once.'],
    ['rig my rig', '"name" is given twice.\nrig my rig\n       ^', 'Put a value with spaces in quotes: name:"…".'],
    ['rigs site: quebec', '"site" has no value.\nrigs site: quebec\n     ^', 'Write site:SITE, without a space.'],
    ['rig', 'rig needs name: which rig.', 'Type rig RIG.'],
    ['restart now', '"now" is not asked for here.\nrestart now\n        ^', 'It takes no options.'],
    ['restart a.b:c', 'There is no option "a.b" here.\nrestart a.b:c\n        ^', 'It takes no options.'],
    ['', 'Nothing was asked.', null],
  ])('%s', (line, message, remedy) => expect(mistake(() => ask(line))).toEqual({ message, remedy }));

  it('lets no two commands claim one word', () => {
    expect(() => createVocabulary([rigs, { ...rig, aliases: ['Temps'] }])).toThrow('"temps" means both rigs and rig');
  });

  it('never fails but with a mistake of the asker', () => {
    const word = fc.oneof(
      fc.constantFrom('rig', 'rigs', 'temps', 'sort:', 'site:', '"', '__proto__:x', 'constructor'),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 5 }), (words) => {
        try {
          ask(words.join(' '));
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      }),
    );
  });

  it('binds nothing where a command takes nothing', () => {
    expect(bindWords('', [], restart.options)).toEqual({});
  });
});
