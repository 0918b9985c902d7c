import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { z } from 'zod';
import { until } from './prometheus-server.ts';

const root = resolve(import.meta.dirname, '../..');

export interface RunOptions {
  /** Nothing of this process's environment is handed on but PATH and HOME. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** All of standard input; null is /dev/null, undefined leaves it open for `write`. */
  readonly stdin?: string | null | undefined;
  /** Modules to load before the program, as `node --import` takes them. */
  readonly preload?: readonly string[];
  readonly limitMs?: number;
}

export interface Ended {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The real program in a process of its own; killed at the end of the block: `await using server = startRigshift(…)`. */
export interface Rigshift extends AsyncDisposable {
  readonly pid: number;
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly ended: Promise<Ended>;
  write(text: string): void;
  kill(signal: NodeJS.Signals): void;
  /** Waits until standard output matches. @throws with all that was said where it ends or the time is over before. */
  untilSays(pattern: RegExp, limitMs?: number): Promise<RegExpExecArray>;
  /** The same for a message of the log on standard error; returns the line's fields. */
  untilLogs(message: string, limitMs?: number): Promise<Readonly<Record<string, unknown>>>;
}

const usualLimitMs = 15_000;

export function startRigshift(args: readonly string[], options: RunOptions): Rigshift {
  const { preload = [] } = options;
  const node = [...preload.flatMap((module) => ['--import', module]), resolve(root, 'src/main.ts')];
  return startProgram(process.execPath, [...node, ...args], options);
}

export async function runRigshift(args: readonly string[], options: RunOptions): Promise<Ended> {
  await using program = startRigshift(args, { stdin: null, ...options });
  return await program.ended;
}

const answerShape = z.strictObject({
  command: z.string().nullable(),
  facts: z.unknown(),
  reply: z.strictObject({
    headline: z.string(),
    blocks: z.array(z.unknown()),
    next: z.array(z.unknown()),
    pick: z.unknown().optional(),
    files: z.array(z.unknown()).optional(),
  }),
});

export interface Asked extends Ended {
  /** What `--json` printed. */
  readonly answer: z.infer<typeof answerShape>;
}

/** `rigshift ask QUESTION --json`; standard output must be one object and nothing else. */
export async function ask(question: string, args: readonly string[], options: RunOptions): Promise<Asked> {
  const ended = await runRigshift(['ask', question, '--json', ...args], options);
  if (ended.stdout === '') throw new Error(`no answer, exit code ${ended.code}: ${ended.stderr}`);
  return { ...ended, answer: answerShape.parse(JSON.parse(ended.stdout)) };
}

/** As somebody types it in the project's folder, on whatever Node the system has. */
export async function runNpxRigshift(args: readonly string[], options: Omit<RunOptions, 'cwd'>): Promise<Ended> {
  const path = (process.env['PATH'] ?? '').split(':').filter((folder) => !folder.includes('node_modules'));
  const env = { PATH: path.join(':'), ...options.env };
  const npx = ['--no-install', 'rigshift', ...args];
  await using program = startProgram('npx', npx, { stdin: null, ...options, env, cwd: root });
  return await program.ended;
}

function startProgram(command: string, args: readonly string[], options: RunOptions): Rigshift {
  const { env = {}, cwd, stdin, limitMs = usualLimitMs } = options;
  const { PATH = '', HOME = cwd } = process.env;
  // Compiled once for all the tests; otherwise every start costs a third more.
  const compiled = resolve(root, 'node_modules/.cache/node-compile');
  const child = spawn(command, args, {
    cwd,
    env: { PATH, HOME, NODE_COMPILE_CACHE: compiled, ...env },
    stdio: [stdin === null ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    timeout: limitMs,
    killSignal: 'SIGKILL',
  });
  if (typeof stdin === 'string') child.stdin?.end(stdin);
  // A program that ended early does not read what it was told.
  child.stdin?.on('error', () => {});
  const stdout = collect(child, 'stdout');
  const stderr = collect(child, 'stderr');
  const ended = once(child, 'close').then(
    ([code, signal]): Ended => ({
      code,
      signal,
      stdout: stdout(),
      stderr: stderr(),
    }),
  );
  let running = true;
  void ended.then(() => {
    running = false;
  });

  async function untilFound<Found>(find: () => Found | null, what: string, limit = usualLimitMs): Promise<Found> {
    let found: Found | null = null;
    try {
      await until(limit, () => {
        found = find();
        return found !== null || !running;
      });
    } catch (cause) {
      throw new Error(`waited for ${what}; ${said()}`, { cause });
    }
    found = find();
    if (found === null) throw new Error(`ended before ${what}; ${said()}`);
    return found;
  }

  const said = () => `it said: ${stdout()}\n${stderr()}`;
  return {
    pid: child.pid ?? Number.NaN,
    stdout,
    stderr,
    ended,
    write: (text) => void child.stdin?.write(text),
    kill: (signal) => void child.kill(signal),
    untilSays: (pattern, limit) => untilFound(() => pattern.exec(stdout()), String(pattern), limit),
    untilLogs: (message, limit) =>
      untilFound(() => logLines(stderr()).find(({ msg }) => msg === message) ?? null, `"${message}"`, limit),
    async [Symbol.asyncDispose]() {
      if (running) child.kill('SIGKILL');
      await ended;
    },
  };
}

function collect(child: ChildProcess, stream: 'stdout' | 'stderr'): () => string {
  const chunks: Buffer[] = [];
  child[stream]?.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('utf8');
}

/** Lines of a log in JSON; what else stands on standard error is left out. */
function logLines(stderr: string): readonly Readonly<Record<string, unknown>>[] {
  const line = z.record(z.string(), z.unknown());
  return stderr.split('\n').flatMap((text) => {
    if (!text.startsWith('{') || !text.endsWith('}')) return [];
    return [line.parse(JSON.parse(text))];
  });
}
