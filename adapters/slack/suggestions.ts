import type { types } from '@slack/bolt';
import { cutText } from '../../src/chat/layout/cut-text.ts';
import { rankNames } from '../../src/chat/rank-names.ts';
import { visible } from '../../src/chat/safe-text.ts';
import type { ChatHost } from '../../src/ports/chat.ts';
import { SLACK } from './limits.ts';
import { inertLine } from './safe-text.ts';

/**
 * What a select of a form may offer for what was typed into it so far, the likeliest first; `kind` is the select's action_id. A name
 * that is longer than a value may be cannot be offered.
 */
export function suggestionsFor(kind: string, typed: string, host: Pick<ChatHost, 'complete'>): types.PlainTextOption[] {
  if (kind !== 'rig' && kind !== 'site' && kind !== 'model' && kind !== 'coin') return [];
  const names = host.complete(kind, '').filter((name) => name !== '' && name.length <= SLACK.optionValue);
  return rankNames([...new Set(names)], typed, SLACK.selectOptions).map((name) => ({
    text: { type: 'plain_text', text: visible(cutText(inertLine(name), SLACK.optionText)), emoji: false },
    value: name,
  }));
}
