import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { commands } from '../commands/index.ts';
import { createApp } from '../src/app.ts';
import { parseConfig } from '../src/config/parse.ts';
import { runUntilStopped } from '../src/jobs/shutdown.ts';
import { openPlatforms, type Platforms } from '../src/main/chats.ts';
import { openLog, openSource, openStoreOf } from '../src/main/outside.ts';
import { sayIn } from '../src/main/speech.ts';
import type { ChatAdapter, ChatHost } from '../src/ports/chat.ts';
import { systemClock } from '../src/ports/clock.ts';
import { obeyBench, tell } from './chat-child.ts';
import type { PageWanted } from './chat-process.ts';

/*
 * The real bot in a process of its own, over the farm that the simulator at FARM_URL serves and the platforms that its
 * environment names. Posts the pages that it is told to, and tells when.
 */

const yaml = await (await fetch(`${process.env['FARM_URL']}/rigshift.yaml`)).text();
const config = await parseConfig(yaml, { path: null, env: process.env, readFile: async () => '' });
const log = await openLog(config, 'warn');
const ground = { config, demo: false, close: async () => {} };
const store = await openStoreOf(ground, 'server');
const source = await openSource(config, systemClock);
const app = createApp(config, { source, store, clock: systemClock, log, commands, sayIn });
const wantedMs = new Map<string, number>();
let platforms: Platforms | null = null;

await app.start(async (host: ChatHost) => {
  platforms = await openPlatforms(config, { host, clock: systemClock, log, demo: false });
  return platforms.adapters.map(toldPages);
});
const opened = await openedPlatforms();
const server = opened.slackListener === null ? null : await listen(opened.slackListener);
const orphaned = obeyBench((page) => void post(page));
const ended = runUntilStopped({ finished: orphaned, log, stop });
tell({ kind: 'started', rigs: app.snapshot()?.rigs.map(({ name }) => name) ?? [], requestUrl: server?.url ?? null });
process.exitCode = await ended;
process.exit();

async function openedPlatforms(): Promise<Platforms> {
  if (platforms === null) throw new Error('no platform was opened');
  return platforms;
}

async function post({ key, platform, channel, headline }: PageWanted): Promise<void> {
  wantedMs.set(key, Date.now());
  const reply = { headline, blocks: [], next: [] };
  try {
    await app.outbox.post({ key, platform, channel, priority: 'page', reply, locale: 'en' });
  } catch (err) {
    log.error({ err, key }, 'page not taken by the outbox');
    tell({ kind: 'lost', key });
  }
}

/** The adapter, which tells when a page came to its sender. */
function toldPages(adapter: ChatAdapter): ChatAdapter {
  const { name, sender } = adapter;
  if (sender === undefined) return adapter;
  return {
    name,
    connected: () => adapter.connected(),
    start: () => adapter.start(),
    stop: () => adapter.stop(),
    sender: {
      platform: sender.platform,
      send: (page, priority) => {
        const queuedMs = Date.now();
        tell({ kind: 'page', key: page.key, wantedMs: wantedMs.get(page.key) ?? queuedMs, queuedMs });
        return sender.send(page, priority);
      },
      edit: (receipt, page) => sender.edit(receipt, page),
      find: (sought) => sender.find(sought),
    },
  };
}

async function listen(listener: RequestListener) {
  const listening = createServer(listener);
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const { port } = listening.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/slack/events`, close: () => listening.closeAllConnections() };
}

async function stop(): Promise<void> {
  await app.stop();
  server?.close();
  await opened.close();
}
