import { setTimeout as wait } from 'node:timers/promises';
import { type App, SocketModeReceiver, type webApi } from '@slack/bolt';
import type { Log } from '../../src/ports/log.ts';
import { boltLogger } from './bolt-logger.ts';
import type { Pace } from './pace.ts';

export interface SocketOptions {
  readonly app: App;
  readonly appToken: string;
  /** Of this socket alone. */
  readonly clientOptions: webApi.WebClientOptions;
  readonly pace: Pace;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Why a socket is of no more use: Slack's reason for which it wants to close it, or that it is closed. */
export type Leaving = 'closed' | (string & {});

export interface OpenSocket {
  readonly isOpen: boolean;
  /** Settles when another one is needed; what Slack still sends over this one is answered until it is closed. */
  readonly left: Promise<Leaving>;
  close(): void;
}

type Client = SocketModeReceiver['client'];

/**
 * Opens one connection of Socket Mode and never another: Bolt's own reconnecting closes the old socket before it opens the new
 * one, and what fails in it is nobody's to catch. @throws where there is no hello in time.
 */
export async function openSocket(options: SocketOptions): Promise<OpenSocket> {
  const { app, appToken, clientOptions, pace, log, signal } = options;
  const receiver = new SocketModeReceiver({
    appToken,
    logger: boltLogger(log),
    autoReconnectEnabled: false,
    clientPingTimeout: pace.pongLimitMs,
    serverPingTimeout: pace.pingLimitMs,
    // Written into by the receiver.
    installerOptions: { clientOptions },
    // What could not be acknowledged must not be acknowledged once more.
    processEventErrorHandler: async () => false,
  });
  receiver.init(app);
  const { client } = receiver;
  const left = Promise.withResolvers<Leaving>();
  let isOpen = true;
  client.on('disconnected', () => {
    isOpen = false;
    left.resolve('closed');
  });
  stayWhenAskedToLeave(client, left.resolve);
  await hello(client, pace, signal);
  return {
    get isOpen() {
      return isOpen;
    },
    left: left.promise,
    close: () => shut(client),
  };
}

async function hello(client: Client, { requestLimitMs, helloLimitMs }: Pace, signal: AbortSignal) {
  const limit = new AbortController();
  const late = wait(requestLimitMs + helloLimitMs, 'late' as const, {
    signal: AbortSignal.any([signal, limit.signal]),
  });
  const started = client.start().then(() => 'open' as const);
  try {
    if ((await Promise.race([started, late])) === 'late') throw new Error('Slack did not say hello');
  } catch (error) {
    // A start that was given up may still fail.
    started.catch(() => undefined);
    shut(client);
    // Bolt gives no reason where a socket closes before its hello.
    throw error ?? new Error('the socket closed before Slack said hello');
  } finally {
    limit.abort();
    late.catch(() => undefined);
  }
}

/** Bolt closes a socket as soon as Slack announces that it will; here it stays until another one is open. */
function stayWhenAskedToLeave(client: Client, leave: (reason: string) => void): void {
  const heard = client.listeners('ws_message');
  client.removeAllListeners('ws_message');
  client.on('ws_message', (data: unknown, isBinary: unknown) => {
    const reason = typeof data === 'string' ? disconnectReason(data) : null;
    if (reason !== null) leave(reason);
    else for (const listener of heard) listener(data, isBinary);
  });
}

function disconnectReason(text: string): string | null {
  if (!text.includes('"disconnect"')) return null;
  try {
    const frame: unknown = JSON.parse(text);
    if (typeof frame !== 'object' || frame === null || !('type' in frame) || frame.type !== 'disconnect') return null;
    return 'reason' in frame && typeof frame.reason === 'string' ? frame.reason : 'no reason';
  } catch {
    return null;
  }
}

/**
 * The first call says goodbye, the second closes without waiting for the answer: while Bolt waits for it, a connection that breaks
 * leaves a timer of half a minute behind. Harmless where the socket is closed already.
 */
function shut(client: Client): void {
  void client.disconnect();
  void client.disconnect();
}
