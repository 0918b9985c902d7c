import type { Presentation } from '../../src/chat/command.ts';
import type { Pick } from '../../src/chat/reply.ts';
import { writeLine } from '../../src/chat/write-line.ts';

/** As many as every platform's lists hold. */
const MOST_CHOICES = 25;

/** The same question about one of the other sites; nothing where there is no choice. */
export function sitePick(
  command: string,
  sites: readonly string[],
  asked: string | null,
  { say }: Presentation,
): { readonly pick?: Pick } {
  const others = sites.filter((site) => site !== asked).slice(0, MOST_CHOICES);
  if (sites.length < 2) return {};
  const options = others.map((site) => ({ label: site, command: writeLine(command, { site }) }));
  return { pick: { label: say('A site'), options } };
}
