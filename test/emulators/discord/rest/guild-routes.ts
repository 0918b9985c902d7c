import { z } from 'zod';
import { channelJson, guildJson, memberJson, rolesJson } from '../payloads.ts';
import { readForm, unknownMember, unknownUser } from '../refusal.ts';
import { channelTypes } from '../wire.ts';
import { guildOf, ok, param, type Route } from './route.ts';

/** Guilds and who is in them. */
export const guildRoutes: readonly Route[] = [
  {
    method: 'GET',
    template: '/guilds/:guild',
    auth: 'bot',
    handle: (context) => ok(guildJson(guildOf(context))),
  },
  {
    method: 'GET',
    template: '/guilds/:guild/roles',
    auth: 'bot',
    handle: (context) => ok(rolesJson(guildOf(context))),
  },
  {
    method: 'GET',
    template: '/guilds/:guild/channels',
    auth: 'bot',
    handle(context) {
      const { id } = guildOf(context);
      const channels = Array.from(context.state.channels.values()).filter(
        ({ guildId, type }) => guildId === id && type !== channelTypes.publicThread,
      );
      return ok(channels.map((channel) => channelJson(context.state, channel)));
    },
  },
  {
    method: 'GET',
    template: '/guilds/:guild/members',
    auth: 'bot',
    handle(context) {
      const { limit = '1', after = '0' } = context.query;
      const members = Array.from(guildOf(context).members.values())
        .filter(({ user }) => BigInt(user.id) > BigInt(after))
        .sort((one, other) => (BigInt(one.user.id) < BigInt(other.user.id) ? -1 : 1));
      return ok(members.slice(0, Number(limit)).map(memberJson));
    },
  },
  {
    method: 'GET',
    template: '/guilds/:guild/members/:user',
    auth: 'bot',
    handle(context) {
      const member = guildOf(context).members.get(param(context, 'user'));
      if (member === undefined) throw unknownMember();
      return ok(memberJson(member));
    },
  },
  {
    method: 'GET',
    template: '/users/:user',
    auth: 'bot',
    handle(context) {
      const user = context.state.users.get(param(context, 'user'));
      if (user === undefined) throw unknownUser();
      return ok(user);
    },
  },
  {
    method: 'POST',
    template: '/users/@me/channels',
    auth: 'bot',
    handle(context) {
      const body = readForm(z.looseObject({ recipient_id: z.string() }), context.body);
      const user = context.state.users.get(body.recipient_id);
      if (user === undefined) throw unknownUser();
      return ok(channelJson(context.state, context.state.directChannel(user)));
    },
  },
];
