import { commandErrors, commandListErrors } from '../command-limits.ts';
import { applicationJson, partialGuildJson } from '../payloads.ts';
import { missingAccess, readForm, refuseErrors, unknownCommand } from '../refusal.ts';
import type { DiscordState } from '../state.ts';
import { type CommandBody, type CommandJson, commandBody } from '../wire.ts';
import { nothing, ok, param, type Route, type RouteContext } from './route.ts';

/** The application, its bot, and its commands. */
export const applicationRoutes: readonly Route[] = [
  {
    method: 'GET',
    template: '/gateway/bot',
    auth: 'bot',
    handle: ({ gateway }) => ok({ url: gateway.url, shards: 1, session_start_limit: gateway.sessionStartLimit() }),
  },
  { method: 'GET', template: '/gateway', auth: 'token', handle: ({ gateway }) => ok({ url: gateway.url }) },
  {
    method: 'GET',
    template: '/users/@me',
    auth: 'bot',
    handle: ({ state }) => ok({ ...state.bot, mfa_enabled: false, locale: 'en-US', verified: true, email: null }),
  },
  {
    method: 'GET',
    template: '/users/@me/guilds',
    auth: 'bot',
    handle: ({ state }) => ok(Array.from(state.guilds.values(), (guild) => partialGuildJson(state, guild))),
  },
  ...['/applications/@me', '/oauth2/applications/@me'].map(
    (template): Route => ({
      method: 'GET',
      template,
      auth: 'bot',
      handle: ({ state }) => ok(applicationJson(state)),
    }),
  ),
  ...commandRoutes('/applications/:application/commands'),
  ...commandRoutes('/applications/:application/guilds/:guild/commands'),
];

function commandRoutes(list: string): readonly Route[] {
  const one = `${list}/:command`;
  return [
    { method: 'GET', template: list, auth: 'bot', handle: (context) => ok(commandsOf(context)) },
    { method: 'PUT', template: list, auth: 'bot', handle: replaceCommands },
    { method: 'POST', template: list, auth: 'bot', handle: createCommand },
    { method: 'GET', template: one, auth: 'bot', handle: (context) => ok(commandOf(context)) },
    { method: 'PATCH', template: one, auth: 'bot', handle: changeCommand },
    {
      method: 'DELETE',
      template: one,
      auth: 'bot',
      handle(context) {
        const gone = commandOf(context);
        keepCommands(
          context,
          commandsOf(context).filter((command) => command !== gone),
        );
        return nothing;
      },
    },
  ];
}

function scopeOf(context: RouteContext): string {
  const { state, params } = context;
  const { application, guild = 'global' } = params;
  if (application !== state.applicationId || (guild !== 'global' && !state.guilds.has(guild))) throw missingAccess();
  return guild;
}

function commandsOf(context: RouteContext): readonly CommandJson[] {
  return context.state.commands.get(scopeOf(context)) ?? [];
}

function commandOf(context: RouteContext): CommandJson {
  const found = commandsOf(context).find(({ id }) => id === param(context, 'command'));
  if (found === undefined) throw unknownCommand();
  return found;
}

function keepCommands(context: RouteContext, commands: readonly CommandJson[]): void {
  context.state.commands.set(scopeOf(context), commands);
}

/** A command that keeps its name keeps its id. */
function replaceCommands(context: RouteContext) {
  const known = commandsOf(context);
  const bodies = readForm(commandBody.array(), context.body);
  refuseErrors(commandListErrors(bodies));
  const commands = bodies.map((body) => {
    const same = known.find(({ name, type }) => name === body.name && type === (body.type ?? 1));
    return commandJson(context.state, scopeOf(context), body, same?.id);
  });
  keepCommands(context, commands);
  return ok(commands);
}

function createCommand(context: RouteContext) {
  const known = commandsOf(context);
  const body = readForm(commandBody, context.body);
  refuseErrors(commandErrors(body));
  const same = known.find(({ name, type }) => name === body.name && type === (body.type ?? 1));
  const command = commandJson(context.state, scopeOf(context), body, same?.id);
  keepCommands(context, [...known.filter((each) => each !== same), command]);
  return { status: same === undefined ? 201 : 200, body: command };
}

function changeCommand(context: RouteContext) {
  const before = commandOf(context);
  const body = readForm(commandBody.partial(), context.body);
  const changed = commandBody.parse({ ...before, ...body });
  refuseErrors(commandErrors(changed));
  const command = commandJson(context.state, scopeOf(context), changed, before.id);
  keepCommands(
    context,
    commandsOf(context).map((each) => (each === before ? command : each)),
  );
  return ok(command);
}

function commandJson(state: DiscordState, scope: string, body: CommandBody, id?: string): CommandJson {
  const permissions = body.default_member_permissions;
  return {
    ...body,
    id: id ?? state.nextId(),
    application_id: state.applicationId,
    version: state.nextId(),
    type: body.type ?? 1,
    description: body.description ?? '',
    default_member_permissions: permissions === null || permissions === undefined ? null : String(permissions),
    nsfw: false,
    options: body.options ?? [],
    ...(scope === 'global' ? {} : { guild_id: scope }),
  };
}
