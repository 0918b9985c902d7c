import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findProgram, missingServers } from '../support/servers.ts';

const run = promisify(execFile);
const fixture = fileURLToPath(new URL('./console-fixture.ts', import.meta.url));
const WAIT = { timeout: 8_000, interval: 25 };

/** The console on a real terminal of 60 columns, with the keys of somebody who types. */
class Terminal {
  readonly historyFile: string;
  readonly #folder: string;
  /** A server that was told to end keeps its socket for a moment, so each gets its own. */
  #servers = 0;

  constructor(folder: string) {
    this.#folder = folder;
    this.historyFile = join(folder, 'history');
  }

  async open(environment: Readonly<Record<string, string>> = {}): Promise<void> {
    this.#servers += 1;
    const variables = Object.entries({ TERM: 'screen-256color', ...environment }).map(
      ([name, value]) => `${name}=${value}`,
    );
    const command = ['env', ...variables, `'${process.execPath}'`, `'${fixture}'`, `'${this.historyFile}'`].join(' ');
    // cat keeps the last screen for us to read.
    await this.#tmux('-f', '/dev/null', 'new-session', '-d', '-x', '60', '-y', '50', `${command}; exec cat`);
    await this.shows(/^rigshift>$/m);
  }

  async screen(...options: string[]): Promise<string> {
    return (await this.#tmux('capture-pane', '-p', ...options)).trimEnd();
  }

  async shows(expected: RegExp): Promise<void> {
    await expect.poll(() => this.screen(), WAIT).toMatch(expected);
  }

  /** One key at a time: what comes in one piece is taken for pasted text, in which Tab completes nothing. */
  async type(text: string, shown: RegExp): Promise<void> {
    await this.#tmux('send-keys', '-l', text);
    await this.shows(shown);
  }

  async press(key: string, shown: RegExp): Promise<void> {
    await this.#tmux('send-keys', key);
    await this.shows(shown);
  }

  async close(): Promise<void> {
    await this.#tmux('kill-server').catch(() => undefined);
  }

  async #tmux(...words: string[]): Promise<string> {
    const program = findProgram('tmux') ?? 'tmux';
    const { stdout } = await run(program, ['-S', join(this.#folder, `tmux-${this.#servers}`), ...words], {
      timeout: 5_000,
    });
    return stdout;
  }
}

describe.skipIf(missingServers('tmux'))('the console on a terminal', { timeout: 60_000 }, () => {
  let folder: string;
  let terminal: Terminal;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rigshift-console-'));
    terminal = new Terminal(folder);
  });
  afterEach(async () => {
    await terminal.close();
    await rm(folder, { recursive: true });
  });

  it('answers, completes, remembers and leaves', async () => {
    await terminal.open();
    expect(await terminal.screen()).toBe('Sample farm. Type help.\nrigshift>');

    await terminal.type('tem', /rigshift> tem$/);
    await terminal.press('Tab', /rigshift> temps$/);
    await terminal.type('pa', /rigshift> temps pa$/);
    await terminal.press('Tab', /rigshift> temps page:$/);
    await terminal.type('2', /page:2$/);
    await terminal.press('Enter', /\{"sort":"temp","page":2\}\n\nrigshift>$/);

    await terminal.type('rig al', /rigshift> rig al$/);
    await terminal.press('Tab', /rigshift> rig alpha-$/);
    await terminal.type('2', /alpha-2$/);
    await terminal.press('Enter', /alpha-2 draws 320 W\.\n\n- en UTC\n\nrigshift>$/);

    await terminal.press('Up', /rigshift> rig alpha-2$/);
    await terminal.press('Up', /rigshift> temps page:2$/);
    await terminal.press('C-c', /\(Ctrl-C again or Ctrl-D leaves\)\nrigshift>$/);

    await terminal.type('note token:abc', /token:abc$/);
    await terminal.press('Enter', /no command "note"[\s\S]*rigshift>$/);
    await terminal.press('Up', /rigshift> rig alpha-2$/);
    await terminal.press('C-u', /rigshift>$/);
    await terminal.type('exit', /rigshift> exit$/);
    await terminal.press('Enter', /rigshift> exit\nLEFT$/);
    expect(await readFile(terminal.historyFile, 'utf8')).toBe('temps page:2\nrig alpha-2\n');
    await terminal.close();

    await terminal.open();
    await terminal.press('Up', /rigshift> rig alpha-2$/);
    await terminal.press('C-c', /leaves\)\nrigshift>$/);
    await terminal.press('C-c', /LEFT$/);
  });

  it('leaves with Ctrl-D, and an interrupt is forgotten with the next key', async () => {
    await terminal.open();
    await terminal.press('C-c', /leaves\)\nrigshift>$/);
    await terminal.type('x', /rigshift> x$/);
    await terminal.press('C-c', /leaves\)\n(?:rigshift>[^\n]*\n)?\(Ctrl-C[^\n]*\nrigshift>$/);
    await terminal.press('C-d', /LEFT$/);
  });

  it.each([
    [{}, true],
    [{ NO_COLOR: '1' }, false],
    [{ TERM: 'dumb' }, false],
  ])('with %j: colour %s', async (environment, coloured) => {
    await terminal.open(environment);
    await terminal.type('rig a', /rig a$/);
    await terminal.press('Enter', /draws 320 W/);
    expect((await terminal.screen('-e')).includes('\u001b[1ma draws 320 W.')).toBe(coloured);
  });
});
