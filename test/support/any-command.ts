import type { CommandDescription, CommandOption } from '../../src/chat/command.ts';

/** A command of that name with those options. */
export function anyCommand(name: string, options: readonly CommandOption[]): CommandDescription {
  return {
    name,
    summary: `All about ${name}`,
    aliases: [],
    shorthands: {},
    role: 'viewer',
    changes: false,
    visibility: 'channel',
    options,
    examples: [],
  };
}
