import { commands } from '../../commands/index.ts';
import { createApp } from '../../src/app.ts';
import { parseConfig } from '../../src/config/parse.ts';
import { runUntilStopped, surviveUnhandledRejections } from '../../src/jobs/shutdown.ts';
import { openPlatforms, type Platforms } from '../../src/main/chats.ts';
import { openSource, openStoreOf } from '../../src/main/outside.ts';
import { sayIn } from '../../src/main/speech.ts';
import type { ChatHost } from '../../src/ports/chat.ts';
import { systemClock } from '../../src/ports/clock.ts';
import type { Log } from '../../src/ports/log.ts';

/*
 * The bot on both platforms in a process of its own, to be killed. Posts what it is told to, says when the outbox has taken
 * it, and tells what it logged and how large it is.
 */

export interface WantedPost {
  readonly key: string;
  readonly platform: 'discord' | 'slack';
  readonly channel: string;
  readonly priority: 'page' | 'digest';
  readonly headline: string;
}

export type FromChatBot =
  | { readonly kind: 'started' }
  /** The post is on the disk. */
  | { readonly kind: 'posted'; readonly key: string }
  | { readonly kind: 'vitals'; readonly rssBytes: number }
  | { readonly kind: 'logged'; readonly level: 'warn' | 'error'; readonly message: string; readonly because: string };

const vitalsEveryMs = 1_000;
const { FARM_YAML: yaml = '' } = process.env;

const config = await parseConfig(yaml, { path: null, env: process.env, readFile: async () => '' });
const log = toldLog();
surviveUnhandledRejections(log, () => undefined);
const store = await openStoreOf({ config, demo: false, close: async () => {} }, 'server');
const source = await openSource(config, systemClock);
const app = createApp(config, { source, store, clock: systemClock, log, commands, sayIn });
let platforms: Platforms | null = null;
process.on('message', (post: WantedPost) => void keep(post));
const orphaned = new Promise<void>((resolve) => process.once('disconnect', resolve));
const vitals = setInterval(() => tell({ kind: 'vitals', rssBytes: process.memoryUsage.rss() }), vitalsEveryMs);
const ended = runUntilStopped({
  finished: orphaned,
  log,
  stop: async () => {
    await app.stop();
    await platforms?.close();
  },
});
await app.start(async (host: ChatHost) => {
  platforms = await openPlatforms(config, { host, clock: systemClock, log, demo: false });
  return platforms.adapters;
});
tell({ kind: 'started' });
process.exitCode = await ended;
clearInterval(vitals);
process.exit();

function tell(message: FromChatBot): void {
  if (process.connected) process.send?.(message);
}

async function keep({ headline, ...post }: WantedPost): Promise<void> {
  try {
    await app.outbox.post({ ...post, reply: { headline, blocks: [], next: [] }, locale: 'en' });
    tell({ kind: 'posted', key: post.key });
  } catch (err) {
    log.warn({ err }, 'the outbox did not take a post');
  }
}

function toldLog(): Log {
  const teller = (level: 'warn' | 'error') => (fields: object, message: string) => {
    const { err = null, ...others } = { ...fields } as { readonly err?: unknown };
    const because = [err instanceof Error ? `${err.name}: ${err.message}` : '', JSON.stringify(others)].join(' ');
    tell({ kind: 'logged', level, message, because: because.slice(0, 600) });
  };
  const told: Log = { debug() {}, info() {}, warn: teller('warn'), error: teller('error'), child: () => told };
  return told;
}
