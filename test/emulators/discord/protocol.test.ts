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

beforeAll(async () => {
  discord = await startDiscordEmulator();
  guild = discord.addGuild('Farm');
  channel = discord.addChannel(guild, 'ops');
  ada = discord.addMember(guild, { name: 'ada' });
  gateway = await openRawGateway(discord);
  gateway.send(identify(discord));
  await discord.connected();
  await rest(discord, 'PUT', commands(discord, guild), [fleetCommand]);
});

afterAll(async () => {
  gateway[Symbol.dispose]();
  await discord[Symbol.asyncDispose]();
});

const commands = (of: DiscordEmulator, { id }: Guild) => `/applications/${of.applicationId}/guilds/${id}/commands`;

describe('gateway', () => {
  it.each([
    ['a wrong token', () => identify(discord, { token: 'wrong' }), 4004],
    ['intents that do not exist', () => identify(discord, { intents: 1 << 30 }), 4013],
    ['intents that were not granted', () => identify(discord, { intents: 1 << 15 }), 4014],
    ['another shard', () => identify(discord, { shard: [1, 2] }), 4010],
    ['a presence before identifying', () => ({ op: 3, d: {} }), 4003],
    ['an IDENTIFY without properties', () => ({ op: 2, d: { token: discord.token, intents: 1 } }), 4002],
  ])('closes on %s', async (_, frame, code) => {
    using raw = await openRawGateway(discord);
    raw.send(frame());
    expect(await raw.closed()).toBe(code);
    expect(discord.takeViolations('gateway')).toHaveLength(1);
  });

  it('speaks only version 10 in JSON', async () => {
    using raw = await openRawGateway(discord, '?v=9&encoding=json');
    expect(await raw.closed()).toBe(4012);
    discord.takeViolations('gateway');
  });

  it('lets too many IDENTIFYs wait', async () => {
    await using strict = await startDiscordEmulator({ maxConcurrency: 1 });
    using first = await openRawGateway(strict);
    first.send(identify(strict));
    await first.event('READY');
    using second = await openRawGateway(strict);
    second.send(identify(strict));
    expect(await second.frame(({ op }) => op === 9)).toMatchObject({ d: false });
    strict.takeViolations('gateway');
  });

  it('tells every session of each interaction', async () => {
    using second = await openRawGateway(discord);
    second.send(identify(discord));
    await discord.connected(2);
    const asked = ada.slash(channel, { command: 'fleet', subcommand: 'profit' });
    expect(asked.deliveries).toBe(2);
    await second.event('INTERACTION_CREATE');
    const path = `/interactions/${asked.id}/interaction-${asked.id}/callback`;
    for (const status of [204, 400]) expect(await rest(discord, 'POST', path, { type: 5 })).toMatchObject({ status });
    discord.assertClean();
  });
});

describe('planned faults', () => {
  it('expects a client to wait as long as a 429 said', async () => {
    await using fresh = await startDiscordEmulator();
    const read = () => rest(fresh, 'GET', '/users/@me');
    fresh.faults.rest({ kind: '429 route', route: '/users/@me', retryAfterSeconds: 0.3 });
    expect(await read()).toMatchObject({ status: 429, body: { retry_after: 0.3 } });
    const startedMs = performance.now();
    await fresh.until('what was under way', () => performance.now() > startedMs + 150);
    expect((await read()).status).toBe(429);
    expect(fresh.takeViolations('rate limit')).toHaveLength(1);
    await fresh.until('the end of the limit', () => performance.now() > startedMs + 320);
    expect((await read()).status).toBe(200);
    fresh.assertClean();
  });

  it('breaks off, applies and breaks off, and answers with errors', async () => {
    await using fresh = await startDiscordEmulator();
    const place = fresh.addChannel(fresh.addGuild('Farm'), 'ops');
    const post = () => rest(fresh, 'POST', `/channels/${place.id}/messages`, { content: 'a' });
    fresh.faults.rest({ kind: 'reset', method: 'POST', route: /\/messages$/ });
    await expect(post()).rejects.toThrow();
    expect(fresh.messages(place)).toHaveLength(0);
    fresh.faults.rest({ kind: 'apply then reset' });
    await expect(post()).rejects.toThrow();
    expect(fresh.messages(place)).toHaveLength(1);
    using broken = fresh.faults.rest({ kind: '502', times: Number.POSITIVE_INFINITY });
    expect([(await post()).status, (await post()).status, broken.hits]).toEqual([502, 502, 2]);
    broken.release();
    expect((await post()).status).toBe(200);
    fresh.assertClean();
  });
});

describe('commands for some', () => {
  it('hides what needs permissions that somebody lacks', async () => {
    await using fresh = await startDiscordEmulator();
    const farm = fresh.addGuild('Farm');
    const place = fresh.addChannel(farm, 'ops');
    const hidden = { name: 'audit', description: 'Who changed what', default_member_permissions: '32' };
    expect((await rest(fresh, 'PUT', commands(fresh, farm), [hidden])).status).toBe(200);
    const viewer = fresh.addMember(farm, { name: 'bob' });
    const admin = fresh.addMember(farm, { name: 'eve', permissions: ['MANAGE_GUILD'] });
    expect(() => viewer.slash(place, { command: 'audit' })).toThrow('hidden from bob');
    expect(admin.slash(place, { command: 'audit' }).deliveries).toBe(0);
    fresh.assertClean();
  });
});
