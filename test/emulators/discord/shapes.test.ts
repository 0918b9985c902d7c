import { describe, expect, it } from 'vitest';
import { missingSamples, sampleText } from '../../support/samples.ts';
import { fleetCommand } from './discord-js-bot.ts';
import { startDiscordEmulator } from './emulator.ts';
import { openApi } from './openapi.ts';
import { identify, openRawGateway, rest } from './raw-client.ts';

type Json = Readonly<Record<string, unknown>>;

function recorded(name: string): Json {
  return JSON.parse(sampleText(`chat-payloads/discord/${name}.json`));
}

/** Fields that Discord has renamed or dropped since the recording. */
const retired = new Set(['avatar_decoration', 'display_name', 'is_pending', 'version']);

/** What of the recorded shape the emulated one lacks, or has with another type. */
function differences(wanted: unknown, found: unknown, at = ''): readonly string[] {
  if (wanted === null || found === null) return [];
  if (Array.isArray(wanted) || typeof wanted !== 'object') {
    const kind = (value: unknown) => (Array.isArray(value) ? 'array' : typeof value);
    if (kind(wanted) !== kind(found)) return [`${at} is ${kind(found)}, not ${kind(wanted)}`];
    return Array.isArray(wanted) && Array.isArray(found) && wanted.length > 0 && found.length > 0
      ? differences(wanted[0], found[0], `${at}[]`)
      : [];
  }
  if (typeof found !== 'object') return [`${at} is ${typeof found}, not an object`];
  const there: Json = Object.fromEntries(Object.entries(found));
  return Object.entries(wanted).flatMap(([key, value]) => {
    if (retired.has(key)) return [];
    return key in there ? differences(value, there[key], `${at}.${key}`) : [`${at}.${key} is missing`];
  });
}

async function stage() {
  const discord = await startDiscordEmulator({ rateLimits: { routes: {} } });
  const guild = discord.addGuild('Farm');
  const channel = discord.addChannel(guild, 'ops');
  const ada = discord.addMember(guild, { name: 'ada', roles: [discord.addRole(guild, 'operators')] });
  const gateway = await openRawGateway(discord);
  return { discord, guild, channel, ada, gateway };
}

describe.skipIf(missingSamples())('recorded payloads', () => {
  it('has the gateway’s frames', async () => {
    const { discord, gateway } = await stage();
    await using _ = discord;
    expect(differences(recorded('docs-gateway-hello'), await gateway.frame(({ op }) => op === 10))).toEqual([]);
    const documented = recorded('docs-gateway-identify')['d'];
    gateway.send(identify(discord, { ...Object.assign({}, documented), token: discord.token }));
    await discord.connected();
    expect(discord.presence).toMatchObject({ status: 'dnd', activities: [{ name: 'Cards Against Humanity' }] });
    gateway.send(recorded('docs-gateway-heartbeat'));
    await gateway.frame(({ op }) => op === 11);
    discord.faults.requestReconnect();
    expect(await gateway.frame(({ op }) => op === 7)).toMatchObject(recorded('docs-gateway-reconnect'));
    using second = await openRawGateway(discord);
    const resume = Object.assign({}, recorded('docs-gateway-resume')['d'], { token: discord.token });
    second.send({ op: 6, d: resume });
    expect(await second.frame(({ op }) => op === 9)).toMatchObject(recorded('docs-gateway-invalid_session'));
    discord.assertClean();
  });

  it('has the interactions', async () => {
    const { discord, guild, channel, ada, gateway } = await stage();
    await using _ = discord;
    gateway.send(identify(discord));
    await discord.connected();
    await rest(discord, 'PUT', `/applications/${discord.applicationId}/guilds/${guild.id}/commands`, [fleetCommand]);
    const slash = ada.slash(channel, { command: 'fleet', subcommand: 'rig', options: { name: 'a1' } });
    const received = (id: string) =>
      gateway.frame(({ d }) => typeof d === 'object' && d !== null && 'id' in d && d.id === id);
    const command = await received(slash.id);
    const documented = recorded('docs-interaction-slash_command');
    expect(
      differences({ ...documented, data: { ...Object.assign({}, documented['data']), options: [] } }, command.d),
    ).toEqual([]);
    expect(command.d).toMatchObject({
      data: { options: [{ type: 1, name: 'rig', options: [{ type: 3, value: 'a1' }] }] },
    });

    const answer = (id: string, body: object) =>
      rest(discord, 'POST', `/interactions/${id}/interaction-${id}/callback`, body);
    const button = { type: 2, style: 1, label: 'Ack', custom_id: 'click_me' };
    await answer(slash.id, { type: 4, data: { content: 'a1', components: [{ type: 1, components: [button] }] } });
    const clicked = ada.click(await slash.answer(), 'Ack');
    const component = recorded('docs-partial-when-a-user-interacts-with-a-button-in-a-message');
    expect(differences(component, (await received(clicked.id)).d)).toEqual([]);

    const input = { type: 4, style: 1, custom_id: 'game_feedback' };
    const label = { type: 18, label: 'Text', component: input };
    await answer(clicked.id, { type: 9, data: { title: 'Note', custom_id: 'note', components: [label] } });
    const submitted = ada.submitModal(clicked, { Text: 'hello' });
    const modal = recorded('docs-partial-when-a-user-submits-a-modal-containing-a-textinput');
    expect(differences(modal, (await received(submitted.id)).d)).toEqual([]);
    await answer(submitted.id, { type: 6 });

    const again = ada.click(await slash.answer(), 'Ack');
    const row = { type: 1, components: [{ ...input, label: 'Text' }] };
    await answer(again.id, { type: 9, data: { title: 'Note', custom_id: 'note', components: [row] } });
    const older = ada.submitModal(again, { game_feedback: 'hello' });
    expect(differences(recorded('recorded-gateway-modal_submit-actionrow-2023'), await received(older.id))).toEqual([]);
    await answer(older.id, { type: 6 });
    discord.assertClean();
  });

  it('answers as Discord’s own document says', async () => {
    const { discord, guild, channel, ada, gateway } = await stage();
    await using _ = discord;
    gateway.send(identify(discord));
    await discord.connected();
    const ask = async (
      method: string,
      template: string,
      params: Record<string, string> = {},
      body?: unknown,
      query = '',
    ) => {
      const path = template.replace(/:(\w+)/g, (_match, name: string) => params[name] ?? '');
      const answer = await rest(discord, method, `${path}${query}`, body);
      const check = openApi()?.response(method, template, answer.status);
      if (!check) throw new Error(`the document says nothing of ${method} ${template} → ${answer.status}`);
      expect([method, template, check(answer.body)]).toEqual([method, template, null]);
      return answer.body;
    };
    const places = { application: discord.applicationId, guild: guild.id, channel: channel.id, user: ada.id };
    for (const template of [
      '/gateway/bot',
      '/users/@me',
      '/users/:user',
      '/applications/@me',
      '/oauth2/applications/@me',
      '/guilds/:guild',
      '/guilds/:guild/roles',
      '/guilds/:guild/channels',
      '/guilds/:guild/members/:user',
      '/channels/:channel',
    ]) {
      await ask('GET', template, places);
    }
    await ask('GET', '/guilds/:guild/members', places, undefined, '?limit=10');
    await ask('POST', '/users/@me/channels', {}, { recipient_id: ada.id });
    const commands = '/applications/:application/guilds/:guild/commands';
    await ask('PUT', commands, places, [fleetCommand]);
    await ask('GET', commands, places);
    const components = [{ type: 1, components: [{ type: 2, style: 1, label: 'Ack', custom_id: 'ack' }] }];
    const form = new FormData();
    const embeds = [
      { title: 'T', description: 'D', fields: [{ name: 'a', value: 'b' }], image: { url: 'attachment://a.png' } },
    ];
    form.set('payload_json', JSON.stringify({ content: `<@${ada.id}>`, embeds, components, nonce: 'n' }));
    form.set('files[0]', new Blob(['png'], { type: 'image/png' }), 'a.png');
    form.set('files[1]', new Blob(['a,b'], { type: 'text/csv' }), 'a.csv');
    await ask('POST', '/channels/:channel/messages', places, form);
    await ask('GET', '/channels/:channel/messages', places);
    const slash = ada.slash(channel, { command: 'fleet', subcommand: 'profit' });
    const token = { ...places, interaction: slash.id, token: `interaction-${slash.id}` };
    const callback = '/interactions/:interaction/:token/callback';
    await ask('POST', callback, token, { type: 5 }, '?with_response=true');
    await ask('PATCH', '/webhooks/:application/:token/messages/@original', token, { content: 'a', components });
    await ask('POST', '/webhooks/:application/:token', token, { content: 'b', flags: 64 });
    const clicked = ada.click(await slash.answer(), 'Ack');
    const second = { ...places, interaction: clicked.id, token: `interaction-${clicked.id}` };
    await ask('POST', callback, second, { type: 7, data: { content: 'c' } }, '?with_response=true');
    await ask(
      'POST',
      '/channels/:channel/messages/:message/threads',
      { ...places, message: (await slash.answer()).id },
      { name: 't' },
    );
    discord.assertClean();
  });
});
