import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Pace } from '../../adapters/slack/pace.ts';
import { createSlackAdapter, type SlackAdapter } from '../../adapters/slack/slack.ts';
import type { PlatformSettings } from '../../src/domain/chat-settings.ts';
import type { ImageRenderer, PictureRequest } from '../../src/ports/image.ts';
import { type SlackEmulator, type SlackEmulatorOptions, startSlackEmulator } from '../emulators/slack/emulator.ts';
import { FakeChatHost } from '../support/chat-host.ts';
import { recordingLog } from '../support/recording-log.ts';
import { quickPace } from './quick-pace.ts';

const signingSecret = 'signing-secret';
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** A renderer that draws one dot, or fails. */
export class FakeImage implements ImageRenderer {
  readonly asked: PictureRequest[] = [];
  fails = false;

  async png(request: PictureRequest): Promise<Uint8Array> {
    this.asked.push(request);
    if (this.fails) throw new Error('no picture today');
    return png;
  }

  async close(): Promise<void> {}
}

export type ModeKind = 'socket' | 'http';

export interface SlackBot extends AsyncDisposable {
  readonly slack: SlackEmulator;
  readonly adapter: SlackAdapter;
  readonly host: FakeChatHost;
  readonly image: FakeImage;
  readonly log: ReturnType<typeof recordingLog>;
  /** Where Slack posts to; null in Socket Mode. */
  readonly requestUrl: string | null;
  /** Shows every request that begins to arrive there. */
  whenHeard(look: (request: IncomingMessage) => void): void;
}

export interface BotOptions {
  readonly mode?: ModeKind;
  readonly emulator?: SlackEmulatorOptions;
  readonly settings?: Partial<PlatformSettings>;
  readonly pace?: Partial<Pace>;
  readonly host?: FakeChatHost;
  readonly botToken?: string;
  readonly appToken?: string;
  readonly demo?: boolean;
}

/** Prepared, not started; in HTTP mode its listener is mounted. */
export async function prepareBot(options: BotOptions = {}): Promise<SlackBot> {
  const { mode = 'socket' } = options;
  const slack = await startSlackEmulator(options.emulator);
  const host = options.host ?? new FakeChatHost();
  const image = new FakeImage();
  const log = recordingLog();
  const adapter = createSlackAdapter({
    ...{ host, image, log },
    botToken: options.botToken ?? slack.botToken,
    apiUrl: slack.apiUrl,
    mode:
      mode === 'http' ? { kind: mode, signingSecret } : { kind: mode, appToken: options.appToken ?? slack.appToken },
    settings: { admins: [], operators: [], adminChannel: null, ...options.settings },
    clock: { now: options.emulator?.now ?? Date.now },
    demo: options.demo ?? false,
    pace: { ...quickPace, ...options.pace },
  });
  const mounted = adapter.requestListener === null ? null : await mount(slack, adapter.requestListener);
  return {
    ...{ slack, adapter, host, image, log, requestUrl: mounted?.requestUrl ?? null },
    whenHeard: (look) => mounted?.server.on('request', look),
    async [Symbol.asyncDispose]() {
      await adapter.stop();
      await mounted?.[Symbol.asyncDispose]();
      await slack[Symbol.asyncDispose]();
    },
  };
}

/** Connected; in Socket Mode over both sockets. */
export async function startBot(options: BotOptions = {}): Promise<SlackBot> {
  const bot = await prepareBot(options);
  await bot.adapter.start();
  await bot.slack.until(() => bot.adapter.connected(), 5_000, 'connected adapter');
  if (options.mode !== 'http') await bot.slack.until(() => bot.slack.socketMode.connections() === 2);
  return bot;
}

async function mount(
  slack: SlackEmulator,
  listener: NonNullable<SlackAdapter['requestListener']>,
): Promise<AsyncDisposable & { readonly server: Server; readonly requestUrl: string }> {
  const server = createServer(listener);
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  const { port } = server.address() as AddressInfo;
  const requestUrl = `http://127.0.0.1:${port}/slack/events`;
  slack.httpMode({ requestUrl, signingSecret, retryDelaysMs: [0, 20, 40] });
  return {
    ...{ server, requestUrl },
    async [Symbol.asyncDispose]() {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      server.closeAllConnections();
      await closed.promise;
    },
  };
}

/** What a message says, without what keeps Slack from formatting it. */
export function textOf({ blocks, text }: { readonly blocks: readonly unknown[]; readonly text: string }): string {
  return [text, ...blocks.map((block) => JSON.stringify(block))].join('\n').replaceAll('\u200b', '');
}
