import type {
  APIActionRowComponent,
  APIButtonComponentWithCustomId,
  APIComponentInMessageActionRow,
  APISelectMenuOption,
} from 'discord.js';
import { cutText } from '../../src/chat/layout/cut-text.ts';
import type { Pick, Suggestion } from '../../src/chat/reply.ts';
import { safeLine, visible } from '../../src/chat/safe-text.ts';
import { encodeCustomId, type Press } from './custom-id.ts';
import { DISCORD } from './limits.ts';

export type ActionRow = APIActionRowComponent<APIComponentInMessageActionRow>;

export interface Components {
  readonly rows: ActionRow[];
  /** Suggestions without a button, to be typed. */
  readonly typed: readonly Suggestion[];
  /** How many options of the pick are not among the select's. */
  readonly choicesLeft: number;
  /** Whether a label ends with `…`. */
  readonly clipped: boolean;
}

const [ROW, BUTTON, SELECT, SECONDARY] = [1, 2, 3, 2] as const;

/** Buttons and one select. With a key, the first of them whose custom_id has room for it carries it; there is always one. */
export function renderComponents(
  next: readonly Suggestion[],
  pick: Pick | undefined,
  key: string | null,
  help: string,
): Components {
  const select = pick === undefined ? null : selectOf(pick, key);
  const room = (DISCORD.rows - (select === null ? 0 : 1)) * DISCORD.buttonsPerRow;
  const { buttons, typed } = buttonsOf(next, select === null ? key : null, room, help);
  const rows: ActionRow[] = [];
  for (let at = 0; at < buttons.length; at += DISCORD.buttonsPerRow) {
    rows.push({ type: ROW, components: buttons.slice(at, at + DISCORD.buttonsPerRow) });
  }
  if (select !== null) rows.push(select.row);
  const labels = next.some((suggestion) => suggestion.label.length > DISCORD.buttonLabel);
  const clipped = labels || (pick !== undefined && isClipped(pick));
  return { rows, typed, choicesLeft: (pick?.options.length ?? 0) - (select?.shown ?? 0), clipped };
}

function isClipped({ label, options }: Pick): boolean {
  return (
    label.length > DISCORD.selectPlaceholder || options.some((option) => option.label.length > DISCORD.optionLabel)
  );
}

function pressOf({ command, replaces, form }: Suggestion): Press {
  const kind = form === true ? 'form' : replaces === true ? 'replace' : 'run';
  return { kind, command: safeCommand(command), key: null };
}

/** As it would be typed: in one line. */
function safeCommand(command: string): string {
  return command.toWellFormed().replace(/\s+/g, ' ').trim();
}

function labelOf({ label, command }: Suggestion, length: number): string {
  const text = safeLine(label).trim();
  return visible(cutText(text === '' ? safeLine(command).trim() : text, length));
}

function buttonsOf(
  next: readonly Suggestion[],
  key: string | null,
  room: number,
  help: string,
): { readonly buttons: APIButtonComponentWithCustomId[]; readonly typed: readonly Suggestion[] } {
  const presses = next.map((suggestion) => ({ suggestion, press: pressOf(suggestion) }));
  const carrier = key === null ? undefined : presses.find(({ press }) => encodeCustomId({ ...press, key }) !== null);
  const buttons: APIButtonComponentWithCustomId[] = [];
  const typed: Suggestion[] = [];
  const taken = new Set<string>();
  const add = (press: Press, label: string): boolean => {
    const customId = encodeCustomId(press);
    // The same command twice would be the same custom_id twice, which Discord refuses.
    if (customId === null || taken.has(press.kind + press.command) || buttons.length >= room) return false;
    taken.add(press.kind + press.command);
    buttons.push({ type: BUTTON, style: SECONDARY, label, custom_id: customId });
    return true;
  };
  if (key !== null && carrier === undefined) add({ kind: 'run', command: 'help', key }, help);
  if (carrier !== undefined) add({ ...carrier.press, key }, labelOf(carrier.suggestion, DISCORD.buttonLabel));
  for (const { suggestion, press } of presses) {
    if (suggestion === carrier?.suggestion) continue;
    if (!add(press, labelOf(suggestion, DISCORD.buttonLabel))) typed.push(suggestion);
  }
  return { buttons, typed };
}

function selectOf({ label, options }: Pick, key: string | null): { row: ActionRow; shown: number } | null {
  const customId = encodeCustomId({ kind: 'pick', command: '', key });
  const values = new Map<string, APISelectMenuOption>();
  for (const option of options) {
    const value = encodeCustomId(pressOf(option));
    if (value === null || values.has(value) || values.size >= DISCORD.selectOptions) continue;
    values.set(value, { label: labelOf(option, DISCORD.optionLabel), value });
  }
  if (customId === null || values.size === 0) return null;
  const placeholder = visible(cutText(safeLine(label), DISCORD.selectPlaceholder));
  const select = { type: SELECT, custom_id: customId, placeholder, options: [...values.values()] };
  return { row: { type: ROW, components: [select] }, shown: values.size };
}
