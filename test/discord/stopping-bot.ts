import { createInterface } from 'node:readline';
import { createDiscordAdapter } from '../../adapters/discord/discord.ts';
import { FakeChatHost } from '../support/chat-host.ts';
import { recordingLog } from '../support/recording-log.ts';
import { FakeImage, quickPace } from './discord-bot.ts';

/*
 * A bot in a process of its own: started with the API's address and a token, it prints `connected` or not whenever that
 * changes, stops at the first line of its input, and then has nothing left that would keep it from exiting.
 */
const [apiUrl = '', token = ''] = process.argv.slice(2);
const adapter = createDiscordAdapter({
  ...{ apiUrl, token, host: new FakeChatHost(), image: new FakeImage(), log: recordingLog(), pace: quickPace },
  settings: { admins: [], operators: [], adminChannel: null },
  clock: { now: Date.now },
  demo: false,
});
await adapter.start();
let said = '';
const saying = setInterval(() => {
  const state = adapter.detail();
  if (state !== said) process.stdout.write(`${state}\n`);
  said = state;
}, 5);
const input = createInterface({ input: process.stdin });
input.once('line', async () => {
  await adapter.stop();
  clearInterval(saying);
  input.close();
  process.stdin.destroy();
});
