import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { stop } from './children.ts';
import type { EventLoopDelay } from './event-loop-delay.ts';

const startLimitMs = 30_000;
const tellLimitMs = 20_000;

/** What a bot in a process of its own is told. */
export type ToBot =
  | { readonly kind: 'page'; readonly page: PageWanted }
  /** From now on, how busy is it? */
  | { readonly kind: 'watch' }
  | { readonly kind: 'report' };

export interface PageWanted {
  readonly key: string;
  readonly platform: string;
  readonly channel: string;
  readonly headline: string;
}

/** What it tells. Instants are Unix ms. */
export type FromBot =
  /** `requestUrl`: where it takes what Slack sends over HTTP. */
  | { readonly kind: 'started'; readonly rigs: readonly string[]; readonly requestUrl: string | null }
  | ({ readonly kind: 'page' } & PageTimes)
  /** The outbox did not take it. */
  | { readonly kind: 'lost'; readonly key: string }
  | ({ readonly kind: 'vitals' } & Vitals);

export interface PageTimes {
  readonly key: string;
  /** When the outbox was given it. */
  readonly wantedMs: number;
  /** When the outbox gave it to the platform's sender, where it begins to overtake. */
  readonly queuedMs: number;
}

export interface Vitals {
  readonly delay: EventLoopDelay;
  /** User and system, all threads. */
  readonly cpuSeconds: number;
}

export interface ChatProcess extends AsyncDisposable {
  readonly rigs: readonly string[];
  readonly requestUrl: string | null;
  /** Of the pages that were given to a sender so far, by their key. */
  readonly pages: ReadonlyMap<string, PageTimes>;
  /** Keys of pages that the outbox did not take. */
  readonly lost: ReadonlySet<string>;
  page(page: PageWanted): void;
  watch(): void;
  /** Since `watch`. */
  vitals(): Promise<Vitals>;
  /** What it was asked it answers before. */
  stop(): Promise<void>;
}

/** Starts a program that tells `FromBot`. @throws Error where it ends before it has started. */
export async function startChatProcess(program: URL, env: Readonly<Record<string, string>>): Promise<ChatProcess> {
  const child = fork(program, [], {
    env: { PATH: process.env['PATH'], ...env },
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const killIt = () => child.kill('SIGKILL');
  process.once('exit', killIt);
  child.once('exit', () => process.off('exit', killIt));
  const pages = new Map<string, PageTimes>();
  const lost = new Set<string>();
  child.on('message', (message: FromBot) => {
    if (message.kind === 'page') pages.set(message.key, message);
    if (message.kind === 'lost') lost.add(message.key);
  });
  try {
    const { rigs, requestUrl } = await told(child, 'started', startLimitMs);
    return {
      ...{ rigs, requestUrl, pages, lost },
      page: (page) => say(child, { kind: 'page', page }),
      watch: () => say(child, { kind: 'watch' }),
      vitals: () => {
        const vitals = told(child, 'vitals', tellLimitMs);
        say(child, { kind: 'report' });
        return vitals;
      },
      stop: () => stop(child),
      [Symbol.asyncDispose]: () => stop(child),
    };
  } catch (error) {
    await stop(child);
    throw error;
  }
}

function say(child: ChildProcess, message: ToBot): void {
  if (child.connected) child.send(message);
}

type Told<Kind extends FromBot['kind']> = Extract<FromBot, { readonly kind: Kind }>;

async function told<Kind extends FromBot['kind']>(
  child: ChildProcess,
  kind: Kind,
  limitMs: number,
): Promise<Told<Kind>> {
  const settled = new AbortController();
  const signal = AbortSignal.any([settled.signal, AbortSignal.timeout(limitMs)]);
  const ended = once(child, 'exit', { signal }).then(([code]) => {
    throw new Error(`the bot ended with ${code} before it told "${kind}"`);
  });
  try {
    return await Promise.race([ended, messageOf(child, kind, signal)]);
  } finally {
    settled.abort();
    ended.catch(() => undefined);
  }
}

async function messageOf<Kind extends FromBot['kind']>(
  child: ChildProcess,
  kind: Kind,
  signal: AbortSignal,
): Promise<Told<Kind>> {
  const isWanted = (message: FromBot): message is Told<Kind> => message.kind === kind;
  for (;;) {
    const [message]: FromBot[] = await once(child, 'message', { signal });
    if (message !== undefined && isWanted(message)) return message;
  }
}
