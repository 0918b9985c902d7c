import { describe, expect, it } from 'vitest';
import { completeLine } from '../../src/chat/complete-line.ts';
import { createVocabulary } from '../../src/chat/find-command.ts';
import { sampleCommands } from './sample-commands.ts';

const vocabulary = createVocabulary(sampleCommands);
const names = { rig: ['a1', 'a2', 'b 7', 'evil\u001b[2J', 'turned\u202e'], site: ['quebec'], model: [], coin: [] };

function complete(line: string) {
  return completeLine(line, vocabulary, (kind, prefix) => names[kind].filter((name) => name.startsWith(prefix)));
}

describe('completeLine', () => {
  it.each([
    ['', '', ['restart ', 'rig ', 'rigs ']],
    ['ri', 'ri', ['rig ', 'rigs ']],
    ['RE', 'RE', ['restart ']],
    ['te', 'te', ['temps ']],
    ['/fleet ri', 'ri', ['rig ', 'rigs ']],
    ['rigs ', '', ['page:', 'quebec ', 'site:', 'sort:', 'wide:']],
    ['temps so', 'so', ['sort:']],
    ['rigs sort:', 'sort:', ['sort:name ', 'sort:power ', 'sort:temp ']],
    ['rigs sort=T', 'sort=T', ['sort:temp ']],
    ['rigs sort:temp s', 's', ['site:']],
    ['rigs site:quebec ', '', ['page:', 'sort:', 'wide:']],
    ['rigs wide:', 'wide:', ['wide:false ', 'wide:true ']],
    ['rig a', 'a', ['a1 ', 'a2 ']],
    ['rig name:', 'name:', ['name:"b 7" ', 'name:a1 ', 'name:a2 ']],
    ['rig "b ', '"b ', ['"b 7" ']],
    ['rig name:"b ', 'name:"b ', ['name:"b 7" ']],
    ['rig a1 ', '', ['name:']],
    ['weather ', '', []],
    ['rigs weather:', 'weather:', []],
    ['restart ', '', []],
  ])('%j', (line, replaces, words) => expect(complete(line)).toEqual({ replaces, words }));

  it('offers at most a hundred, which begin alike only where all do', () => {
    const rigs = Array.from({ length: 300 }, (_, index) => `${index < 299 ? 'a' : 'z'}${index}`);
    const { words } = completeLine('rig ', vocabulary, (kind) => (kind === 'rig' ? rigs : []));
    expect(words).toHaveLength(100);
    expect(words.at(0)?.charAt(0)).not.toBe(words.at(-1)?.charAt(0));
  });
});
