import { chatMethods } from './chat.ts';
import { conversationMethods } from './conversations.ts';
import { fileMethods } from './files.ts';
import type { Method } from './method.ts';
import { peopleMethods } from './people.ts';
import { viewMethods } from './views.ts';

/** Every Web API method that the emulator knows. */
export const webApiMethods: ReadonlyMap<string, Method> = new Map(
  [peopleMethods, chatMethods, conversationMethods, viewMethods, fileMethods].flatMap((table) => Object.entries(table)),
);

/** All that the methods and the events ask for: what a complete manifest of this bot would hold. */
export const allScopes: readonly string[] = [
  'app_mentions:read',
  'channels:history',
  'channels:join',
  'channels:read',
  'chat:write',
  'commands',
  'files:read',
  'files:write',
  'groups:history',
  'groups:read',
  'im:history',
  'im:read',
  'im:write',
  'reactions:write',
  'usergroups:read',
  'users:read',
];
