import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { eventsPath } from '../../adapters/slack/http-receiver.ts';
import { botEvents, methods, slashCommand } from '../../adapters/slack/methods.ts';
import type { Reply } from '../../src/chat/reply.ts';
import { webApiMethods } from '../emulators/slack/web-api/index.ts';
import { plainReply } from '../support/chat-host.ts';
import { startBot } from './slack-bot.ts';

const address = z.string().optional();
const manifestShape = z.object({
  features: z.object({
    app_home: z.object({ home_tab_enabled: z.boolean(), messages_tab_read_only_enabled: z.boolean() }),
    slash_commands: z.array(
      z.object({ command: z.string(), url: address, usage_hint: z.string(), should_escape: z.boolean() }),
    ),
  }),
  oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
  settings: z.object({
    event_subscriptions: z.object({ request_url: address, bot_events: z.array(z.string()) }),
    interactivity: z.object({ is_enabled: z.boolean(), request_url: address, message_menu_options_url: address }),
    socket_mode_enabled: z.boolean(),
  }),
});

function readManifest(name: string) {
  return manifestShape.parse(parse(readFileSync(new URL(`../../deploy/slack/${name}`, import.meta.url), 'utf8')));
}

const socket = readManifest('manifest.yaml');
const http = readManifest('manifest-http.yaml');

it('asks for the scopes of what is called and heard, and for no other', () => {
  const needed = [...Object.values(methods).flat(), ...Object.values(botEvents).flat(), slashCommand.scope];
  expect(socket.oauth_config.scopes.bot).toEqual([...new Set<string>(needed)].sort());
});

it('subscribes to what is heard, and to nothing else', () => {
  const { features, settings } = socket;
  expect(settings.event_subscriptions.bot_events).toEqual(Object.keys(botEvents));
  expect(features.slash_commands.map(({ command }) => command)).toEqual([slashCommand.name]);
  expect(features.slash_commands[0]?.should_escape).toBe(false);
  expect(features.app_home).toEqual({ home_tab_enabled: true, messages_tab_read_only_enabled: false });
  expect(settings.interactivity.is_enabled).toBe(true);
  expect(settings.socket_mode_enabled).toBe(true);
});

it('is the same over HTTP, with one address for everything', () => {
  const url = `https://rigshift.example.com${eventsPath}`;
  const [command] = http.features.slash_commands;
  const { event_subscriptions: events, interactivity } = http.settings;
  expect([command?.url, events.request_url, interactivity.request_url, interactivity.message_menu_options_url]).toEqual(
    Array.from({ length: 4 }, () => url),
  );
  expect(http.settings.socket_mode_enabled).toBe(false);
  expect(http.oauth_config).toEqual(socket.oauth_config);
  expect(events.bot_events).toEqual(socket.settings.event_subscriptions.bot_events);
});

it('every scope that the table names is the one that Slack asks for', () => {
  for (const [method, scopes] of Object.entries(methods)) {
    const { scope } = webApiMethods.get(method) ?? {};
    // Null: by the kind of channel, or none.
    if (scope != null) expect(scopes, method).toEqual([scope]);
  }
});

const everything: Reply = {
  ...plainReply('Everything.'),
  blocks: [
    {
      kind: 'chart',
      title: 'GPU-hours',
      alt: 'rented 3',
      form: 'bars',
      unit: 'GPU-hours',
      along: { kind: 'names', names: ['rented'] },
      series: [{ name: 'GPU-hours', values: [3] }],
    },
  ],
  next: [{ label: 'Filter', command: 'rigs', form: true }],
  files: [{ name: 'rigs.csv', mediaType: 'text/csv', text: 'rig\na1\n', description: 'every rig' }],
};

it.each(['socket', 'http'] as const)('with exactly its scopes everything works (%s)', async (mode) => {
  const scopes = socket.oauth_config.scopes.bot;
  await using bot = await startBot({ mode, emulator: { scopes, commands: [slashCommand.name] } });
  const { slack, adapter, host } = bot;
  host.answerWith(() => everything);
  const alice = slack.person('alice');
  const shown = await alice.slash('farm', '/fleet status').answer();
  const form = await alice.click(shown, 'Filter').view();
  await alice.suggest(form, 'site', 'q');
  await alice.submit(form).acknowledged();
  await alice.slash('farm', '/fleet help').answer();
  await alice.mention('farm', 'help').answer();
  await alice.directMessage('status').answer();
  await alice.openHome().view();
  const post = { key: 'digest-1', channel: 'admins', reply: everything, locale: 'en', possibleRepeat: false };
  const receipt = await adapter.sender.send(post, 'digest');
  await adapter.sender.edit(receipt, post);
  const sought = { key: post.key, channel: receipt.channel, sinceMs: 0 };
  expect((await adapter.sender.find(sought)).kind).toBe('there');
  // The picture once, and a file with each of six answers and posts.
  await slack.until(() => slack.log.requests('files.completeUploadExternal').length === 7);
  await slack.assertClean();
});
