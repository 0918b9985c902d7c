import { createConsole } from '../../adapters/console/console.ts';
import { createDispatch } from '../../src/chat/dispatch.ts';
import { sayEnglish } from '../../src/chat/languages/say.ts';
import { createPresentation } from '../../src/chat/presentation.ts';
import { sampleCommands } from '../chat/sample-commands.ts';

/** A console over sample commands; run as a program, on a real terminal, with the history file as its argument. */
const names = { rig: ['alpha-1', 'alpha-2', 'beta-7'], site: ['quebec'], model: [], coin: [] };

const clock = { now: () => 0 };
const presentation = createPresentation({ locale: 'en', timeZone: 'UTC', clock, sayIn: sayEnglish });

const dispatch = createDispatch({
  commands: sampleCommands,
  context: { run: async () => 320 },
  log: { warn: () => undefined, error: () => undefined },
  clock,
  presentation,
  roleOf: () => 'admin',
  changes: null,
});

const adapter = createConsole({
  input: process.stdin,
  output: process.stdout,
  host: {
    dispatch,
    commands: sampleCommands,
    complete: (kind, prefix) => names[kind].filter((name) => name.startsWith(prefix)),
    presentation,
  },
  banner: 'Sample farm. Type help.',
  user: { id: 'console', name: 'console', groups: [], administers: true },
  historyFile: process.argv[2] ?? null,
  locale: 'en',
});

await adapter.start();
await adapter.finished;
process.stdout.write('LEFT\n');
