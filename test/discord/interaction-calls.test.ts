import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type APIModalInteractionResponse, InteractionResponseType } from 'discord.js';
import { expect, test } from 'vitest';
import { DiscordApi } from '../../adapters/discord/api.ts';
import { InteractionCalls } from '../../adapters/discord/interaction-calls.ts';
import { recordingLog } from '../support/recording-log.ts';
import { quickPace } from './discord-bot.ts';

/** The calls of an interaction whose every response is refused so. */
async function refused(status: number, code: number) {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ message: 'refused', code }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const parts = { clock: { now: Date.now }, log: recordingLog(), signal: new AbortController().signal };
  const api = new DiscordApi({ ...parts, token: 'token', url, requestLimitMs: 1_000, refusalMs: 1_000 });
  const interaction = { id: '1', token: 'interaction', applicationId: '2', channelId: '3' };
  const calls = new InteractionCalls(api, interaction, { ...parts, pace: quickPace });
  return {
    calls,
    async [Symbol.asyncDispose]() {
      api.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

const modal = {
  type: InteractionResponseType.Modal,
  data: { custom_id: 'f~~rigs', title: 'Rigs', components: [] },
} satisfies APIModalInteractionResponse;

test.each([
  { status: 404, code: 10062, outcome: 'lost' },
  { status: 404, code: 10015, outcome: 'lost' },
  { status: 401, code: 50027, outcome: 'lost' },
  { status: 400, code: 40060, outcome: 'taken' },
])('a response refused with $code is $outcome', async ({ status, code, outcome }) => {
  await using discord = await refused(status, code);
  expect(await discord.calls.respond(modal)).toBe(outcome);
});

test('a response that Discord does not take as it is fails: whoever asked would wait in vain, and nobody would know', async () => {
  await using discord = await refused(400, 50035);
  await expect(discord.calls.respond(modal)).rejects.toMatchObject({ code: 50035 });
});
