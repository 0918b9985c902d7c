import { expect, it } from 'vitest';
import { createVocabulary } from '../../src/chat/find-command.ts';
import { visibilityOf } from '../../src/chat/visibility.ts';
import { sampleCommands } from './sample-commands.ts';

const vocabulary = createVocabulary(sampleCommands);

it.each([
  ['rigs', 'channel'],
  ['/fleet rigs page:2', 'channel'],
  ['temps', 'channel'],
  ['rigs colour:red', 'asker'],
  ['rigs sort:colour', 'asker'],
  ['rig', 'asker'],
  ['restart', 'asker'],
  ['rigz', 'asker'],
  ['rigs "', 'asker'],
  ['', 'asker'],
] as const)('the answer to %j is seen by the %s', (line, visibility) => {
  expect(visibilityOf(line, vocabulary)).toBe(visibility);
});
