import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { WriteStream } from 'node:tty';
import type { Asker } from '../../src/chat/invocation.ts';
import type { ChatAdapter, ChatHost } from '../../src/ports/chat.ts';
import { createHistory, type History } from './history.ts';
import { eraseTyped, openLineEditor } from './line-editor.ts';
import { renderText } from './render-text.ts';

export interface ConsoleOptions {
  /** A line editor where both are terminals; otherwise each line of the input is a question. */
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Writable & Partial<Pick<WriteStream, 'isTTY' | 'columns' | 'hasColors'>>;
  readonly host: Pick<ChatHost, 'dispatch' | 'commands' | 'complete' | 'presentation'>;
  /** Said once, on a terminal alone. */
  readonly banner: string;
  readonly user: Asker;
  /** Where lines typed on a terminal are kept between sessions; null keeps them in memory. */
  readonly historyFile: string | null;
  readonly locale: string;
}

export interface Console extends ChatAdapter {
  /** Settles when somebody left, or at the end of the input after its last answer. */
  readonly finished: Promise<void>;
}

/** Asks and answers on one terminal or through a pipe, one question after the other. */
export function createConsole(options: ConsoleOptions): Console {
  return new LineConsole(options);
}

const leavingWords = new Set(['exit', 'quit']);

class LineConsole implements Console {
  readonly name = 'console';
  readonly finished: Promise<void>;
  readonly #options: ConsoleOptions;
  readonly #terminal: boolean;
  readonly #finish = Promise.withResolvers<void>();
  /** Replaced where its file fails. */
  #history: History;
  #lines: Interface | null = null;
  #state: 'new' | 'reading' | 'leaving' = 'new';

  constructor(options: ConsoleOptions) {
    this.#options = options;
    this.#terminal = options.input.isTTY === true && options.output.isTTY === true;
    this.#history = createHistory(this.#terminal ? options.historyFile : null);
    this.finished = this.#finish.promise;
    // Nobody reads any more (`| head`): there is nothing left to do here.
    options.output.on('error', () => this.#leave());
  }

  connected(): boolean {
    return this.#state === 'reading';
  }

  async start(): Promise<void> {
    if (this.#state !== 'new') return;
    this.#state = 'reading';
    const typedBefore = await this.#history.load().catch((error: unknown) => this.#forget(error));
    if (this.#terminal) await this.#write(`${this.#options.banner}\n`);
    const { input, output, host } = this.#options;
    const { commands, complete } = host;
    const leave = (): void => this.#leave();
    this.#lines = this.#terminal
      ? openLineEditor({ input, output, commands, complete, typedBefore: typedBefore ?? [], leave })
      : createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
    this.#read(this.#lines).then(this.#finish.resolve, this.#finish.reject);
  }

  async stop(): Promise<void> {
    const started = this.#state !== 'new';
    this.#leave();
    if (!started) this.#finish.resolve();
    await this.finished;
  }

  #leave(): void {
    this.#state = 'leaving';
    this.#lines?.close();
  }

  #isLeaving(): boolean {
    return this.#state === 'leaving';
  }

  async #read(lines: Interface): Promise<void> {
    let open = true;
    lines.once('close', () => {
      open = false;
    });
    const prompt = (): void => {
      if (this.#terminal && open) lines.prompt(true);
    };
    if (this.#isLeaving()) return lines.close();
    prompt();
    for await (const line of lines) {
      if (this.#isLeaving()) break;
      const question = line.trim();
      if (leavingWords.has(question.toLowerCase())) return this.#leave();
      if (question !== '' && !question.startsWith('#')) {
        await this.#history.add(line).catch((error: unknown) => this.#forget(error));
        await this.#answer(question, lines);
      }
      prompt();
    }
    if (this.#terminal) await this.#write('\n');
    this.#leave();
  }

  async #answer(text: string, lines: Interface): Promise<void> {
    const { host, output, user, locale } = this.#options;
    const { reply } = await host.dispatch({ platform: 'console', text, user, channel: 'console', locale, id: null });
    const width = this.#terminal ? (output.columns ?? 80) : Number.POSITIVE_INFINITY;
    const color = this.#terminal && output.hasColors?.() === true;
    const rendered = renderText(reply, { width, color, reader: host.presentation(locale) });
    if (this.#terminal) eraseTyped(lines, output);
    await this.#write(`${rendered}\n\n`);
  }

  /** A history that cannot be read or written is said once and then kept in memory alone. */
  async #forget(error: unknown): Promise<undefined> {
    this.#history = createHistory(null);
    await this.#write(`! What you type is not kept: ${error instanceof Error ? error.message : error}\n`);
  }

  /** Waits until the reader took it; a reader that went away is the error listener's. */
  #write(text: string): Promise<void> {
    const { output } = this.#options;
    return new Promise((resolve) => output.write(text, () => resolve()));
  }
}
