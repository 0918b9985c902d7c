import type { JsonObject } from '../json.ts';
import { app, team } from '../state.ts';
import type { SlackUser } from '../workspace.ts';
import { type Method, type MethodContext, page, Refusal } from './method.ts';

export const peopleMethods: Readonly<Record<string, Method>> = {
  'auth.test': { token: 'bot', scope: null, run: authTest },
  'apps.connections.open': {
    token: 'app',
    scope: null,
    run: (context) => ({ url: context.newSocketUrl() }),
  },
  'users.info': { token: 'bot', scope: 'users:read', run: userInfo },
  'users.list': { token: 'bot', scope: 'users:read', run: userList },
  'usergroups.list': { token: 'bot', scope: 'usergroups:read', run: groupList },
  'usergroups.users.list': { token: 'bot', scope: 'usergroups:read', run: groupUsers },
};

function authTest({ baseUrl }: MethodContext): JsonObject {
  return {
    url: `${baseUrl}/`,
    team: team.name,
    user: app.botName,
    team_id: team.id,
    user_id: app.botUserId,
    bot_id: app.botId,
    is_enterprise_install: false,
  };
}

function userInfo({ args, state }: MethodContext): JsonObject {
  const user = state.users.get(args.required('user'));
  if (user === undefined) throw new Refusal('user_not_found');
  return { user: userShape(user, args.flag('include_locale')) };
}

function userList({ args, state }: MethodContext): JsonObject {
  const { items, response_metadata } = page([...state.users.values()], args);
  return { members: items.map((user) => userShape(user, args.flag('include_locale'))), response_metadata };
}

function userShape(user: SlackUser, withLocale: boolean): JsonObject {
  return {
    id: user.id,
    team_id: user.teamId ?? team.id,
    name: user.name,
    real_name: user.realName,
    deleted: user.deleted,
    tz: user.tz,
    tz_label: user.tz,
    profile: { real_name: user.realName, display_name: user.name },
    is_admin: user.isAdmin,
    is_owner: user.isOwner,
    is_primary_owner: user.isPrimaryOwner,
    is_bot: user.isBot,
    ...(withLocale ? { locale: user.locale } : {}),
  };
}

function groupList({ args, state }: MethodContext): JsonObject {
  return {
    usergroups: state.userGroups.map((group) => ({
      id: group.id,
      team_id: team.id,
      handle: group.handle,
      name: group.handle,
      is_usergroup: true,
      ...(args.flag('include_users') ? { users: [...group.users] } : {}),
      ...(args.flag('include_count') ? { user_count: group.users.length } : {}),
    })),
  };
}

function groupUsers({ args, state }: MethodContext): JsonObject {
  const id = args.required('usergroup');
  const group = state.userGroups.find((candidate) => candidate.id === id);
  if (group === undefined) throw new Refusal('no_such_subteam');
  return { users: [...group.users] };
}
