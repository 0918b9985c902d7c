/**
 * Every method of the Web API that is called with the bot token, and the scopes that it takes; the manifest holds them. Beside these
 * there is apps.connections.open, for which the app token has `connections:write`.
 */
export const methods = {
  'auth.test': [],
  'chat.postMessage': ['chat:write'],
  'chat.postEphemeral': ['chat:write'],
  'chat.update': ['chat:write'],
  'conversations.history': ['channels:history', 'groups:history', 'im:history'],
  'conversations.replies': ['channels:history', 'groups:history', 'im:history'],
  'conversations.open': ['im:write'],
  'files.getUploadURLExternal': ['files:write'],
  'files.completeUploadExternal': ['files:write'],
  'files.info': ['files:read'],
  'usergroups.list': ['usergroups:read'],
  'users.info': ['users:read'],
  'users.list': ['users:read'],
  'views.open': [],
  'views.publish': [],
} as const satisfies Record<string, readonly string[]>;

export type SlackMethod = keyof typeof methods;

/** What Slack tells the bot, as the manifest subscribes to it, and the scope that each takes. */
export const botEvents = {
  app_home_opened: [],
  app_mention: ['app_mentions:read'],
  'message.im': ['im:history'],
} as const satisfies Record<string, readonly string[]>;

/** The slash command, and the scope that it takes. */
export const slashCommand = { name: '/fleet', scope: 'commands' } as const;
