import type { Reply } from '../chat/reply.ts';
import type { Config } from '../config/parse.ts';
import { print } from './outside.ts';
import { sayIn } from './speech.ts';

/** Scripts read these answers: they are the same whatever the machine speaks. */
export const scriptLocale = 'en';

/** Prints a reply on standard output, as wide as the terminal is. */
export async function printReply(reply: Reply, { farm }: Config): Promise<void> {
  const { renderText } = await import('../../adapters/console/render-text.ts');
  const { stdout } = process;
  // A pipe has no width: nothing is cut there.
  const width = stdout.isTTY ? stdout.columns : Number.POSITIVE_INFINITY;
  const reader = { locale: scriptLocale, timeZone: farm.timezone, say: sayIn(scriptLocale) };
  await print(stdout, `${renderText(reply, { width, color: stdout.isTTY && stdout.hasColors(), reader })}\n`);
}
