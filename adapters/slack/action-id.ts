import { SLACK } from './limits.ts';

/** What a click asks. `run`: answer it; `replace`: its answer takes the place of the message; `form`: ask for its options. */
export interface Press {
  readonly kind: 'run' | 'replace' | 'form';
  readonly command: string;
}

/** The part of a clicked element's payload that says what was asked. */
export interface ClickedElement {
  readonly action_id: string;
  readonly value?: string | undefined;
  readonly selected_option?: { readonly value: string } | null | undefined;
}

const kinds = ['run', 'replace', 'form'] as const satisfies readonly Press['kind'][];

/** Unique in its message by its index. */
export function encodeActionId(kind: Press['kind'] | 'pick', index: number): string {
  return `${kind}-${index}`;
}

/** What a button or an option of a select carries; null where that does not fit into `limit` characters. */
export function encodeValue({ kind, command }: Press, limit: number = SLACK.buttonValue): string | null {
  const text = `${kind} ${command}`;
  return text.length <= limit ? text : null;
}

/** What a clicked button or a chosen option asks; null for what this program never wrote. */
export function decodeClick({ value, selected_option }: ClickedElement): Press | null {
  const text = selected_option?.value ?? value ?? '';
  const at = text.indexOf(' ');
  const kind = kinds.find((candidate) => candidate === text.slice(0, at));
  return kind === undefined ? null : { kind, command: text.slice(at + 1) };
}
