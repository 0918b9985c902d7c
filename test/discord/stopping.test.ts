import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { type DiscordEmulator, startDiscordEmulator } from '../emulators/discord/emulator.ts';
import { waitFor } from '../emulators/shared/wait-for.ts';

const script = fileURLToPath(new URL('./stopping-bot.ts', import.meta.url));

/** What is wrong before the bot starts, or after it connected, and how that shows. */
const situations: readonly {
  readonly what: string;
  readonly before?: (discord: DiscordEmulator) => void;
  readonly afterwards?: (discord: DiscordEmulator) => void;
  readonly state: RegExp;
}[] = [
  { what: 'connected', state: /^connected$/m },
  { what: 'waiting for HELLO', before: (discord) => discord.faults.holdHello(), state: /^connecting$/m },
  {
    what: 'reconnecting to a gateway that refuses',
    afterwards: (discord) => {
      discord.faults.refuseConnections();
      discord.faults.dropConnections();
    },
    state: /^reconnecting$/m,
  },
  {
    what: 'waiting before it logs in again',
    before: (discord) => discord.faults.rest({ kind: '502', route: '/gateway/bot', times: 1_000 }),
    state: /^no connection to Discord/m,
  },
];

test.each(situations)(
  'a bot that is $what stops, and nothing keeps its process',
  async ({ before, afterwards, state }) => {
    await using discord = await startDiscordEmulator();
    discord.addGuild('Farm');
    before?.(discord);
    const child = spawn(process.execPath, [script, discord.apiUrl, discord.token], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    using _ = { [Symbol.dispose]: () => void child.kill('SIGKILL') };
    const output = outputOf(child);
    if (afterwards !== undefined) {
      await waitFor('it connects', () => (output().includes('connected\n') ? true : null), 10_000);
      afterwards(discord);
    }
    await waitFor(
      () => `${state} in ${output()}`,
      () => (state.test(output()) ? true : null),
      10_000,
    );
    const exited = once(child, 'exit', { signal: AbortSignal.timeout(8_000) });
    child.stdin?.write('stop\n');
    expect(await exited).toEqual([0, null]);
    await discord.connected(0);
  },
);

function outputOf(child: ChildProcess): () => string {
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  return () => text;
}
