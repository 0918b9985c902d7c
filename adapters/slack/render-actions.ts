import type { types } from '@slack/bolt';
import { cutText } from '../../src/chat/layout/cut-text.ts';
import type { Pick, Suggestion } from '../../src/chat/reply.ts';
import { safeLine, visible } from '../../src/chat/safe-text.ts';
import { encodeActionId, encodeValue, type Press } from './action-id.ts';
import { SLACK } from './limits.ts';
import { inertLine } from './safe-text.ts';

export interface Actions {
  readonly blocks: readonly types.ActionsBlock[];
  /** Suggestions without a button, to be typed. */
  readonly typed: readonly Suggestion[];
  /** How many options of the pick are not among the select's. */
  readonly choicesLeft: number;
  /** Whether a label ends with `…`. */
  readonly clipped: boolean;
}

/** Four rows of a telephone. */
const MOST_BUTTONS = 20;
const BUTTONS_PER_ROW = 5;
const MOST_CHOICES = 40;
/** Characters of labels and values: they may count among those of the blocks. */
const BUTTONS_ROOM = 1_500;
const CHOICES_ROOM = 2_000;

/** Buttons, then one select. */
export function renderActions(next: readonly Suggestion[], pick: Pick | undefined): Actions {
  const { buttons, typed } = buttonsOf(next);
  const rows: types.ActionsBlock[] = [];
  for (let at = 0; at < buttons.length; at += BUTTONS_PER_ROW) {
    rows.push({ type: 'actions', elements: buttons.slice(at, at + BUTTONS_PER_ROW) });
  }
  const select = pick === undefined ? null : selectOf(pick);
  if (select !== null) rows.push({ type: 'actions', elements: [select] });
  const labels = next.some(({ label }) => inertLine(label).length > SLACK.buttonText);
  const clipped = labels || (pick !== undefined && isClipped(pick));
  return { blocks: rows, typed, choicesLeft: (pick?.options.length ?? 0) - (select?.options?.length ?? 0), clipped };
}

function isClipped({ label, options }: Pick): boolean {
  return (
    inertLine(label).length > SLACK.selectPlaceholder ||
    options.some((option) => inertLine(option.label).length > SLACK.optionText)
  );
}

function pressOf({ command, replaces, form }: Suggestion): Press {
  const kind = form === true ? 'form' : replaces === true ? 'replace' : 'run';
  return { kind, command: command.toWellFormed().replace(/\s+/g, ' ').trim() };
}

function labelOf({ label, command }: Suggestion, length: number): types.PlainTextElement {
  const text = safeLine(label).trim();
  return {
    type: 'plain_text',
    text: visible(cutText(inertLine(text === '' ? command.trim() : text), length)),
    emoji: false,
  };
}

function buttonsOf(next: readonly Suggestion[]): { buttons: types.Button[]; typed: Suggestion[] } {
  const buttons: types.Button[] = [];
  const typed: Suggestion[] = [];
  let room = BUTTONS_ROOM;
  for (const suggestion of next) {
    const press = pressOf(suggestion);
    const value = encodeValue(press);
    const text = labelOf(suggestion, SLACK.buttonText);
    const size = text.text.length + (value?.length ?? 0);
    if (value === null || buttons.length >= MOST_BUTTONS || size > room) {
      typed.push(suggestion);
      continue;
    }
    room -= size;
    buttons.push({ type: 'button', action_id: encodeActionId(press.kind, buttons.length), text, value });
  }
  return { buttons, typed };
}

function selectOf({ label, options }: Pick): types.StaticSelect | null {
  const shown = new Map<string, types.PlainTextOption>();
  let room = CHOICES_ROOM;
  for (const option of options) {
    const value = encodeValue(pressOf(option), SLACK.optionValue);
    const text = labelOf(option, SLACK.optionText);
    const size = text.text.length + (value?.length ?? 0);
    if (value === null || shown.has(value) || shown.size >= MOST_CHOICES || size > room) continue;
    room -= size;
    shown.set(value, { text, value });
  }
  if (shown.size === 0) return null;
  const placeholder = visible(cutText(inertLine(label), SLACK.selectPlaceholder));
  return {
    type: 'static_select',
    action_id: encodeActionId('pick', 0),
    placeholder: { type: 'plain_text', text: placeholder, emoji: false },
    options: [...shown.values()],
  };
}
