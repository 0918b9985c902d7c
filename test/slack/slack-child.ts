import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { SlackEmulator } from '../emulators/slack/emulator.ts';

export interface SlackChild extends AsyncDisposable {
  /** Tells the adapter to stop, and waits until the process ends by itself. */
  stopped(): Promise<{ readonly code: number | null; readonly stderr: string }>;
}

/** A process that runs the adapter in Socket Mode and nothing else, so that what it leaves behind keeps it alive. */
const program = `
  const { createSlackAdapter } = await import(process.env.ADAPTER);
  const { quickPace } = await import(process.env.BOT);
  const { FakeChatHost } = await import(process.env.HOST);
  const quiet = { debug() {}, info() {}, warn() {}, error() {}, child: () => quiet };
  const adapter = createSlackAdapter({
    botToken: process.env.BOT_TOKEN,
    apiUrl: process.env.API_URL,
    mode: { kind: 'socket', appToken: process.env.APP_TOKEN },
    host: new FakeChatHost(),
    image: { png: async () => new Uint8Array(), close: async () => undefined },
    settings: { admins: [], operators: [], adminChannel: null },
    log: quiet,
    clock: { now: Date.now },
    demo: false,
    pace: quickPace,
  });
  await adapter.start();
  process.stdin.once('data', () => {
    process.stdin.destroy();
    adapter.stop();
  });
`;

const stopLimitMs = 3_000;

export function startChild(slack: SlackEmulator): SlackChild {
  const from = (path: string) => new URL(path, import.meta.url).href;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['pipe', 'ignore', 'pipe'],
    env: {
      ...{ BOT_TOKEN: slack.botToken, APP_TOKEN: slack.appToken, API_URL: slack.apiUrl },
      ADAPTER: from('../../adapters/slack/slack.ts'),
      BOT: from('./quick-pace.ts'),
      HOST: from('../support/chat-host.ts'),
    },
  });
  let stderr = '';
  child.stderr.on('data', (data) => {
    stderr += String(data);
  });
  const ended = once(child, 'exit');
  return {
    async stopped() {
      child.stdin.write('stop\n');
      const limit = setTimeout(() => child.kill('SIGKILL'), stopLimitMs);
      const [code] = await ended;
      clearTimeout(limit);
      return { code: typeof code === 'number' ? code : null, stderr };
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
