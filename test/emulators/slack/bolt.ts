import type { AddressInfo } from 'node:net';
import { App, HTTPReceiver, type Logger, LogLevel, SocketModeReceiver } from '@slack/bolt';
import type { SlackEmulator } from './emulator.ts';

export const signingSecret = 'not-a-real-signing-secret';

/** Bolt says on stderr what the tests look at elsewhere. */
const quiet: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
};

export interface StartedBolt extends AsyncDisposable {
  readonly app: App;
}

/** The real client over Socket Mode, with the quick reconnecting that was seen to work. */
export async function startSocketBolt(slack: SlackEmulator, prepare: (app: App) => void): Promise<StartedBolt> {
  const receiver = new SocketModeReceiver({
    appToken: slack.appToken,
    logger: quiet,
    clientPingTimeout: 300,
    // Its own object: the receiver writes a hundred retries into the one it is given.
    installerOptions: { clientOptions: { slackApiUrl: slack.apiUrl } },
  });
  const app = boltApp(slack, receiver);
  prepare(app);
  await app.start();
  await slack.until(() => slack.socketMode.connections() > 0);
  return {
    app,
    [Symbol.asyncDispose]: async () => {
      await slack.until(() => slack.socketMode.connections() > 0);
      await app.stop();
      await slack.until(() => slack.socketMode.connections() === 0);
    },
  };
}

/** The real client behind a request URL; the emulator is told where. */
export async function startHttpBolt(
  slack: SlackEmulator,
  prepare: (app: App) => void,
): Promise<StartedBolt & { readonly requestUrl: string }> {
  const receiver = new HTTPReceiver({ signingSecret, logger: quiet });
  const app = boltApp(slack, receiver);
  prepare(app);
  const server = await receiver.start({ port: 0, host: '127.0.0.1' });
  const { port } = server.address() as AddressInfo;
  const requestUrl = `http://127.0.0.1:${port}/slack/events`;
  slack.httpMode({ requestUrl, signingSecret });
  return {
    app,
    requestUrl,
    [Symbol.asyncDispose]: async () => {
      await receiver.stop();
    },
  };
}

function boltApp(slack: SlackEmulator, receiver: SocketModeReceiver | HTTPReceiver): App {
  return new App({
    token: slack.botToken,
    receiver,
    logger: quiet,
    clientOptions: {
      slackApiUrl: slack.apiUrl,
      rejectRateLimitedCalls: true,
      retryConfig: { retries: 0 },
      timeout: 2_000,
    },
  });
}
