import { UserError } from '../domain/errors.ts';
import type { CommandDescription, CommandOption } from './command.ts';
import { createVocabulary, findCommand, givenOptions } from './find-command.ts';
import { writeLine } from './write-line.ts';

/** A command's options to be filled in, as a dialogue asks for them. */
export interface Form {
  readonly title: string;
  /** The command's name, for `lineOfForm`. */
  readonly command: string;
  readonly fields: readonly FormField[];
}

export interface FormField {
  /** The option's name. */
  readonly name: string;
  readonly description: string;
  readonly kind: CommandOption['kind'];
  /** What may be chosen; empty unless the kind is `choice` or `boolean`. */
  readonly choices: readonly string[];
  /** What the line gives already, or null. */
  readonly value: string | null;
  readonly required: boolean;
}

/** The form of the command that a line begins; null where no such command is known or the line is mistaken. */
export function formOf(line: string, commands: readonly CommandDescription[]): Form | null {
  try {
    const question = findCommand(line, createVocabulary(commands));
    const { command } = question;
    const values = givenOptions(question);
    return {
      title: command.summary,
      command: command.name,
      fields: command.options.map((option) => ({
        name: option.name,
        description: option.description,
        kind: option.kind,
        choices: option.kind === 'boolean' ? ['true', 'false'] : (option.choices ?? []),
        value: values[option.name] ?? null,
        required: option.required,
      })),
    };
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

/** The line that a filled form asks; what was left empty is left out. */
export function lineOfForm(command: string, values: Readonly<Record<string, string | null>>): string {
  const given = Object.entries(values).map(([name, value]) => [name, value?.trim() ?? ''] as const);
  return writeLine(command, Object.fromEntries(given));
}
