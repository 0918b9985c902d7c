import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fleetCommand } from './discord-js-bot.ts';
import { type DiscordEmulator, startDiscordEmulator } from './emulator.ts';
import { identify, openRawGateway, type RawGateway, rest } from './raw-client.ts';
import type { Channel, Guild } from './state.ts';
import type { DiscordUser } from './users.ts';

let discord: DiscordEmulator;
let gateway: RawGateway;
let guild: Guild;
let channel: Channel;
let ada: DiscordUser;
let nowMs = Date.UTC(2026, 10, 23);

beforeAll(async () => {
  const unlimited = { limit: 1_000, windowMs: 1_000 };
  const rateLimits = {
    ...unlimited,
    globalPerSecond: 1_000,
    routes: { 'PATCH /channels/:channel/messages/:message': { limit: 2, windowMs: 200 } },
  };
  discord = await startDiscordEmulator({ now: () => nowMs, rateLimits, attachmentLimitBytes: 1_000 });
  guild = discord.addGuild('Farm');
  channel = discord.addChannel(guild, 'ops');
  ada = discord.addMember(guild, { name: 'ada' });
  gateway = await openRawGateway(discord);
  gateway.send(identify(discord));
  await discord.connected();
  const registered = await rest(discord, 'PUT', commands(), [fleetCommand]);
  expect(registered.status).toBe(200);
  discord.assertClean();
});

afterAll(async () => {
  gateway[Symbol.dispose]();
  await discord[Symbol.asyncDispose]();
});

const commands = () => `/applications/${discord.applicationId}/guilds/${guild.id}/commands`;
const posts = (to: Channel = channel) => `/channels/${to.id}/messages`;
const long = (length: number) => 'x'.repeat(length);
const button = (custom_id: string, label = 'Why') => ({ type: 2, style: 2, custom_id, label });
const row = (...components: object[]) => ({ type: 1, components });
const option = (known: object) => ({ type: 3, name: 'site', description: 'Of a site', ...known });
const command = (known: object) => ({ name: 'fleet', description: 'The fleet', ...known });
const many = <Value>(count: number, make: (index: number) => Value) =>
  Array.from({ length: count }, (_, index) => make(index));
const select = (known: object) => row({ type: 3, custom_id: 'menu', options: [{ label: 'a', value: 'a' }], ...known });

const messages: readonly [name: string, body: object, code: number, at?: string][] = [
  ['nothing to see', {}, 50006],
  ['only blanks', { content: ' \n' }, 50006],
  ['content over 2,000', { content: long(2_001) }, 50035, 'content'],
  ['11 embeds', { embeds: many(11, () => ({ title: 'x' })) }, 50035, 'embeds'],
  ['a title over 256', { embeds: [{ title: long(257) }] }, 50035, 'embeds.0.title'],
  ['a description over 4,096', { embeds: [{ description: long(4_097) }] }, 50035, 'embeds.0.description'],
  ['an embed of nothing', { embeds: [{}] }, 50035, 'embeds.0'],
  ['26 fields', { embeds: [{ fields: many(26, () => ({ name: 'a', value: 'b' })) }] }, 50035, 'embeds.0.fields'],
  [
    'a field’s name over 256',
    { embeds: [{ fields: [{ name: long(257), value: 'b' }] }] },
    50035,
    'embeds.0.fields.0.name',
  ],
  ['an empty field', { embeds: [{ fields: [{ name: 'a', value: '' }] }] }, 50035, 'embeds.0.fields.0.value'],
  [
    'a field over 1,024',
    { embeds: [{ fields: [{ name: 'a', value: long(1_025) }] }] },
    50035,
    'embeds.0.fields.0.value',
  ],
  ['a footer over 2,048', { embeds: [{ footer: { text: long(2_049) } }] }, 50035, 'embeds.0.footer.text'],
  ['over 6,000 in all embeds', { embeds: many(2, () => ({ description: long(3_001) })) }, 50035, 'embeds'],
  ['6 rows', { components: many(6, (index) => row(button(`b${index}`))) }, 50035, 'components'],
  [
    '6 buttons in a row',
    { components: [row(...many(6, (index) => button(`b${index}`)))] },
    50035,
    'components.0.components',
  ],
  ['a button outside of a row', { components: [button('a')] }, 50035, 'components.0.type'],
  ['a label over 80', { components: [row(button('a', long(81)))] }, 50035, 'components.0.components.0.label'],
  ['a custom_id over 100', { components: [row(button(long(101)))] }, 50035, 'components.0.components.0.custom_id'],
  ['the same custom_id twice', { components: [row(button('a')), row(button('a'))] }, 50035, 'components'],
  ['a button without custom_id', { components: [row({ type: 2, style: 1, label: 'a' })] }, 50035],
  [
    '26 options',
    { components: [select({ options: many(26, (index) => ({ label: 'a', value: `${index}` })) })] },
    50035,
  ],
  ['the same value twice', { components: [select({ options: many(2, () => ({ label: 'a', value: 'a' })) })] }, 50035],
  ['a nonce over 25', { content: 'a', nonce: long(26) }, 50035, 'nonce'],
  ['mentions parsed and listed', { content: 'a', allowed_mentions: { parse: ['users'], users: ['1'] } }, 50035],
  ['a reply to nothing', { content: 'a', message_reference: { message_id: '5' } }, 50035],
  ['an attachment that was not sent', { content: 'a', attachments: [{ id: '0', filename: 'a.png' }] }, 50035],
  ['a number for a text', { content: 5 }, 50035, 'content'],
];

const definitions: readonly [name: string, body: object][] = [
  ['an upper-case name', command({ name: 'Fleet' })],
  ['a name with a blank', command({ name: 'my fleet' })],
  ['a name over 32', command({ name: long(33) })],
  ['no description', { name: 'fleet' }],
  ['a description over 100', command({ description: long(101) })],
  ['26 options', command({ options: many(26, (index) => option({ name: `o${index}` })) })],
  [
    '26 choices',
    command({ options: [option({ choices: many(26, (index) => ({ name: `${index}`, value: `${index}` })) })] }),
  ],
  ['a choice over 100', command({ options: [option({ choices: [{ name: long(101), value: 'a' }] })] })],
  ['two options of one name', command({ options: [option({}), option({})] })],
  ['a required option after another', command({ options: [option({}), option({ name: 'rig', required: true })] })],
  ['subcommands beside options', command({ options: [option({}), option({ type: 1, name: 'profit' })] })],
  ['a group in a group', command({ options: [option({ type: 2, options: [option({ type: 2, options: [] })] })] })],
  [
    'autocompletion beside choices',
    command({ options: [option({ autocomplete: true, choices: [{ name: 'a', value: 'a' }] })] }),
  ],
  ['a locale that is none', command({ name_localizations: { xx: 'flotte' } })],
  [
    'over 8,000 characters in the longest language',
    command({
      options: many(25, (index) =>
        option({
          type: 1,
          name: `c${index}`,
          options: many(3, (each) => option({ name: `o${each}`, description_localizations: { fr: long(100) } })),
          description_localizations: { de: long(100), fr: long(90) },
        }),
      ),
    }),
  ],
];

function placeOf(body: unknown, path: string): unknown {
  let at: unknown = typeof body === 'object' && body !== null && 'errors' in body ? body.errors : null;
  for (const part of path.split('.')) {
    at = typeof at === 'object' && at !== null ? Object.entries(at).find(([key]) => key === part)?.[1] : null;
  }
  return at;
}

describe('messages', () => {
  it.each(messages)('refuses %s', async (_, body, code, at) => {
    const before = discord.messages(channel).length;
    const answer = await rest(discord, 'POST', posts(), body);
    expect(answer).toMatchObject({ status: 400, body: { code } });
    if (at !== undefined) expect(placeOf(answer.body, at)).toHaveProperty('_errors');
    expect(discord.messages(channel)).toHaveLength(before);
    expect(discord.takeViolations('refused')).toHaveLength(1);
  });

  it('takes all of it to the limit', async () => {
    const fields = many(25, () => ({ name: 'n', value: 'v' }));
    const embeds = [{ title: long(256), description: long(4_096), fields }, { description: long(1_598) }];
    const components = many(5, (r) => row(...many(5, (b) => button(`${r} ${b}`.padEnd(100), long(80)))));
    const answer = await rest(discord, 'POST', posts(), { content: long(2_000), embeds, components });
    expect(answer.status).toBe(200);
    discord.assertClean();
  });

  it('refuses files that are too large together', async () => {
    const form = new FormData();
    form.set('payload_json', '{"content":"a"}');
    for (const index of [0, 1]) form.set(`files[${index}]`, new Blob([long(501)]), `${index}.csv`);
    expect(await rest(discord, 'POST', posts(), form)).toMatchObject({ status: 413, body: { code: 40005 } });
    expect(discord.takeViolations('refused')).toHaveLength(1);
  });

  it('posts once for a nonce that is enforced, for two minutes', async () => {
    const post = async (enforce_nonce: boolean) =>
      (await rest(discord, 'POST', posts(), { content: 'alert', nonce: 'n1', enforce_nonce })).body;
    const first = await post(true);
    nowMs += 119_000;
    expect(await post(true)).toEqual(first);
    expect(await post(false)).not.toEqual(first);
    nowMs += 122_000;
    const before = discord.messages(channel).length;
    await post(true);
    expect(discord.messages(channel)).toHaveLength(before + 1);
  });

  it('pages through the history', async () => {
    const paged = discord.addChannel(guild, 'paged');
    const said = many(5, (index) => ada.say(paged, `m${index}`).id);
    const list = async (query: string) => {
      const { body } = await rest(discord, 'GET', `${posts(paged)}?${query}`);
      return Array.isArray(body) ? body.map(({ content }) => content) : body;
    };
    expect(await list('limit=2')).toEqual(['m4', 'm3']);
    expect(await list(`limit=2&before=${said[3]}`)).toEqual(['m2', 'm1']);
    expect(await list(`limit=2&after=${said[1]}`)).toEqual(['m3', 'm2']);
    expect(await list(`limit=3&around=${said[2]}`)).toEqual(['m3', 'm2', 'm1']);
    expect(await list('limit=101')).toMatchObject({ code: 50035 });
    discord.takeViolations('refused');
  });
});

describe('commands', () => {
  it.each(definitions)('refuses %s', async (_, body) => {
    expect(await rest(discord, 'POST', commands(), body)).toMatchObject({ status: 400, body: { code: 50035 } });
    expect(discord.takeViolations('refused')).toHaveLength(1);
    expect(discord.commands(guild).map(({ name }) => name)).toEqual(['fleet']);
  });

  it('refuses the same name twice, and takes 8,000 characters', async () => {
    const twice = await rest(discord, 'PUT', commands(), [command({}), command({})]);
    expect(twice).toMatchObject({ status: 400, body: { code: 50035 } });
    discord.takeViolations('refused');
    // 14 of its own, 25 options of 64, 31 choices of 200, and one of 186: exactly 8,000.
    const choice = (length: number) => ({ name: long(length), value: long(100) });
    const sized = (last: number) => {
      const choices = [many(16, () => choice(100)), [...many(15, () => choice(100)), choice(last)]];
      const named = (index: number) => ({ name: `o${String(index).padStart(3, '0')}`, description: long(60) });
      return command({ options: many(25, (index) => option({ ...named(index), choices: choices[index] ?? [] })) });
    };
    const global = `/applications/${discord.applicationId}/commands`;
    expect((await rest(discord, 'POST', global, sized(86))).status).toBe(201);
    discord.assertClean();
    expect(await rest(discord, 'POST', global, sized(87))).toMatchObject({ status: 400, body: { code: 50035 } });
    discord.takeViolations('refused');
    discord.assertClean();
  });
});

describe('places and tokens', () => {
  it('knows who may do what, and blames nobody for what a test denied or deleted', async () => {
    const closed = discord.addChannel(guild, 'closed');
    const gone = discord.addChannel(guild, 'gone');
    const said = ada.say(channel, 'hello');
    const deleted = ada.say(channel, 'oops');
    discord.deleteChannel(gone);
    discord.deleteMessage(deleted);
    discord.denyPermission(closed, 'SEND_MESSAGES');
    const cases = [
      [posts(closed), 403, 50013],
      [posts(gone), 404, 10003],
    ] as const;
    for (const [path, status, code] of cases) {
      expect(await rest(discord, 'POST', path, { content: 'a' })).toMatchObject({ status, body: { code } });
    }
    discord.denyPermission(closed, 'VIEW_CHANNEL');
    expect(await rest(discord, 'GET', posts(closed))).toMatchObject({ status: 403, body: { code: 50001 } });
    expect(await rest(discord, 'GET', `${posts()}/${deleted.id}`)).toMatchObject({
      status: 404,
      body: { code: 10008 },
    });
    ada.closeDirectMessages();
    const direct = posts(ada.directChannel());
    expect(await rest(discord, 'POST', direct, { content: 'a' })).toMatchObject({ status: 403, body: { code: 50007 } });
    discord.assertClean();
    const foreign = await rest(discord, 'PATCH', `${posts()}/${said.id}`, { content: 'mine' });
    expect(foreign).toMatchObject({ status: 403, body: { code: 50005 } });
    expect(await rest(discord, 'GET', '/channels/1/messages')).toMatchObject({ body: { code: 10003 } });
    expect(discord.takeViolations('refused')).toHaveLength(2);
  });

  it('lets nobody in with a wrong token, and counts who tries', async () => {
    const before = discord.invalidRequests;
    const answer = await rest(discord, 'GET', '/users/@me', undefined, { authorization: 'Bot wrong' });
    expect(answer).toMatchObject({ status: 401, body: { message: '401: Unauthorized', code: 0 } });
    expect(discord.invalidRequests).toBe(before + 1);
    expect(discord.takeViolations('token')).toHaveLength(1);
  });

  it('names routes that are not there', async () => {
    await using fresh = await startDiscordEmulator();
    const answer = await rest(fresh, 'GET', '/guilds/1/audit-logs');
    expect(answer).toMatchObject({ status: 404, body: { message: '404: Not Found', code: 0 } });
    expect(fresh.unhandledRoutes()).toEqual(['GET /api/v10/guilds/1/audit-logs']);
    expect(() => fresh.assertClean()).toThrow('unhandled route');
  });

  it('limits rates and says so before', async () => {
    const limited = discord.addChannel(guild, 'limited');
    await rest(discord, 'POST', posts(limited), { content: 'a' });
    const { id } = await discord.expectMessage(limited, /a/);
    const edit = () => rest(discord, 'PATCH', `${posts(limited)}/${id}`, { content: 'b' });
    const remaining = [await edit(), await edit()].map(({ headers }) => headers.get('x-ratelimit-remaining'));
    expect(remaining).toEqual(['1', '0']);
    const refused = await edit();
    expect(refused).toMatchObject({ status: 429, body: { global: false, message: 'You are being rate limited.' } });
    const resetAfterMs = Number(refused.headers.get('x-ratelimit-reset-after')) * 1_000;
    expect(resetAfterMs).toBeLessThanOrEqual(200);
    expect(discord.takeViolations('rate limit')).toHaveLength(1);
    const freeAtMs = performance.now() + resetAfterMs;
    await discord.until('the next window', () => performance.now() > freeAtMs);
    expect((await edit()).status).toBe(200);
    discord.assertClean();
  });
});

describe('interactions', () => {
  const callback = (id: string, body: object) =>
    rest(discord, 'POST', `/interactions/${id}/interaction-${id}/callback`, body);
  const webhook = (id: string) => `/webhooks/${discord.applicationId}/interaction-${id}`;
  const ask = () => ada.slash(channel, { command: 'fleet', subcommand: 'profit' });
  const modal = (known: object, input: object = {}) => ({
    type: 9,
    data: {
      custom_id: 'm',
      title: 'Note',
      components: [row({ type: 4, custom_id: 't', label: 'Text', style: 1, ...input })],
      ...known,
    },
  });

  it.each([
    ['a modal’s title over 45', modal({ title: long(46) })],
    [
      '6 rows in a modal',
      modal({ components: many(6, (index) => row({ type: 4, custom_id: `t${index}`, label: 'T', style: 1 })) }),
    ],
    ['a label over 45', modal({}, { label: long(46) })],
    ['text that may be 4,001 long', modal({}, { max_length: 4_001 })],
    ['a placeholder over 100', modal({}, { placeholder: long(101) })],
    ['content over 2,000', { type: 4, data: { content: long(2_001) } }],
    ['an unknown type', { type: 3 }],
    ['choices for a command', { type: 8, data: { choices: [] } }],
    ['an update without a message', { type: 7, data: { content: 'a' } }],
  ])('refuses %s', async (_, body) => {
    const { id } = ask();
    expect(await callback(id, body)).toMatchObject({ status: 400, body: { code: 50035 } });
    expect(discord.takeViolations('refused')).toHaveLength(1);
    expect((await callback(id, { type: 4, data: { content: 'then' } })).status).toBe(204);
  });

  it('refuses 26 choices and choices over 100', async () => {
    const focus = { name: 'site', value: '' };
    for (const choices of [many(26, (n) => ({ name: `${n}`, value: `${n}` })), [{ name: 'a', value: long(101) }]]) {
      const { id } = ada.autocomplete(channel, { command: 'fleet', subcommand: 'profit', focus });
      expect(await callback(id, { type: 8, data: { choices } })).toMatchObject({ body: { code: 50035 } });
      expect((await callback(id, { type: 8, data: { choices: [] } })).status).toBe(204);
    }
    expect(discord.takeViolations('refused')).toHaveLength(2);
  });

  it('takes one first answer, nothing before it, and nothing after fifteen minutes', async () => {
    expect(await callback('1', { type: 5 })).toMatchObject({ status: 404, body: { code: 10062 } });
    discord.takeViolations('late acknowledgement');
    const { id } = ask();
    expect(await rest(discord, 'POST', webhook(id), { content: 'a' })).toMatchObject({ body: { code: 10015 } });
    expect((await callback(id, { type: 5, data: { flags: 64 } })).status).toBe(204);
    expect(await callback(id, { type: 5 })).toMatchObject({ status: 400, body: { code: 40060 } });
    const edited = await rest(discord, 'PATCH', `${webhook(id)}/messages/@original`, { content: 'b' });
    expect(edited).toMatchObject({ status: 200, body: { content: 'b', flags: 64 } });
    nowMs += 15 * 60_000 + 1;
    expect(await rest(discord, 'POST', webhook(id), { content: 'c' })).toMatchObject({
      status: 401,
      body: { code: 50027 },
    });
    expect(discord.takeViolations('refused')).toHaveLength(2);
    expect(discord.takeViolations('token')).toHaveLength(1);
    discord.assertClean();
  });
});
