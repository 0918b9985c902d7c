import { clearScreenDown, createInterface, cursorTo, type Interface, moveCursor } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { type CompleteName, completeLine } from '../../src/chat/complete-line.ts';
import { createVocabulary, type TypedCommand } from '../../src/chat/find-command.ts';
import { HISTORY_SIZE, isKept } from './history.ts';

export interface LineEditorOptions {
  readonly input: Readable;
  readonly output: Writable;
  /** What Tab completes besides the names of the fleet. */
  readonly commands: readonly TypedCommand[];
  readonly complete: CompleteName;
  /** The newest first. */
  readonly typedBefore: readonly string[];
  /** Somebody wants to leave with Ctrl-C, twice without another key between. */
  readonly leave: () => void;
}

/** A prompt on a terminal, with history, completion and Ctrl-C. */
export function openLineEditor(options: LineEditorOptions): Interface {
  const { input, output } = options;
  const vocabulary = createVocabulary(options.commands);
  const editor = createInterface({
    input,
    output,
    terminal: true,
    prompt: 'rigshift> ',
    history: [...options.typedBefore],
    historySize: HISTORY_SIZE,
    removeHistoryDuplicates: true,
    completer: (line: string): [string[], string] => {
      const { words, replaces } = completeLine(line, vocabulary, options.complete);
      return [[...words], replaces];
    },
  });
  editor.on('history', (lines) => {
    if (lines[0] !== undefined && !isKept(lines[0])) lines.shift();
  });
  handleInterrupts(editor, options);
  return editor;
}

function handleInterrupts(editor: Interface, { input, output, leave }: LineEditorOptions): void {
  let interrupted = false;
  const onKey = (_: unknown, key: { ctrl?: boolean; name?: string } | undefined): void => {
    if (!(key?.ctrl === true && key.name === 'c')) interrupted = false;
  };
  input.on('keypress', onKey);
  editor.on('close', () => input.off('keypress', onKey));
  editor.on('SIGINT', () => {
    if (interrupted) return leave();
    interrupted = true;
    // To the end of the line, then delete to its beginning: what the keys Ctrl-E and Ctrl-U do.
    editor.write(null, { ctrl: true, name: 'e' });
    editor.write(null, { ctrl: true, name: 'u' });
    eraseTyped(editor, output);
    output.write('(Ctrl-C again or Ctrl-D leaves)\n');
    editor.prompt();
  });
}

/** Clears the prompt and what was typed behind it, so that an answer stands above them when they come back. */
export function eraseTyped(editor: Interface, output: Writable): void {
  moveCursor(output, 0, -editor.getCursorPos().rows);
  cursorTo(output, 0);
  clearScreenDown(output);
}
