import type { Visibility } from './command.ts';
import { bindOptions, findCommand, type TypedCommand, type Vocabulary } from './find-command.ts';

/** Who will see the answer to a line; mistakes are between the bot and whoever made them. */
export function visibilityOf<C extends TypedCommand & { readonly visibility: Visibility }>(
  line: string,
  vocabulary: Vocabulary<C>,
): Visibility {
  try {
    const question = findCommand(line, vocabulary);
    bindOptions(question);
    return question.command.visibility;
  } catch {
    return 'asker';
  }
}
