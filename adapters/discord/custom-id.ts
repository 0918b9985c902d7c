import { DISCORD } from './limits.ts';

/**
 * What a click asks. `run`: answer it; `replace`: its answer takes the place of the message; `form`: ask for its options
 * first; `pick`: the select's chosen value is itself an encoded press. `key` is the key of the post that it belongs to.
 */
export interface Press {
  readonly kind: 'run' | 'replace' | 'form' | 'pick';
  readonly command: string;
  readonly key: string | null;
}

const letters = { run: 'r', replace: 'p', form: 'f', pick: 's' } as const satisfies Record<Press['kind'], string>;
const pattern = /^([rpfs])~([^~]*)~(.*)$/su;

/** `r~digest-2026-11-22~rig name:a1`; null where that does not fit: then the command is shown as text to type. */
export function encodeCustomId({ kind, command, key }: Press): string | null {
  if (key?.includes('~') === true) return null;
  const text = `${letters[kind]}~${key ?? ''}~${command}`;
  return text.length <= DISCORD.customId ? text : null;
}

/** Null for what this program never wrote. */
export function decodeCustomId(text: string): Press | null {
  const [, letter, key = '', command = ''] = pattern.exec(text) ?? [];
  const kind = (Object.keys(letters) as Press['kind'][]).find((candidate) => letters[candidate] === letter);
  return kind === undefined ? null : { kind, command, key: key === '' ? null : key };
}
