import { describe, expect, it } from 'vitest';
import { renderForm, valuesOfView } from '../../adapters/slack/render-form.ts';
import { formOf, lineOfForm } from '../../src/chat/form.ts';
import { sayEnglish } from '../../src/chat/languages/say.ts';
import { anyCommand } from '../support/any-command.ts';

const plan = anyCommand('plan', [
  { name: 'rig', description: 'one rig', required: true, kind: 'rig' },
  { name: 'window', description: 'how far back', required: false, kind: 'choice', choices: ['now', '7d'] },
  { name: 'budget', description: '', required: false, kind: 'number' },
]);

describe('a form on Slack', () => {
  it('completes names, offers choices and takes the rest as text', () => {
    const form = formOf('plan rig:a1 window:7d', [plan]);
    if (form === null) throw new Error('no form');
    const view = renderForm(form, { say: sayEnglish('en-US') });
    expect([view.callback_id, view.private_metadata, view.title.text]).toEqual(['form', 'plan', 'All about plan']);
    expect(view.blocks).toMatchObject([
      {
        type: 'input',
        block_id: 'rig',
        optional: false,
        hint: { text: 'one rig' },
        element: {
          type: 'external_select',
          action_id: 'rig',
          min_query_length: 0,
          initial_option: { text: { text: 'a1' }, value: 'a1' },
        },
      },
      {
        block_id: 'window',
        optional: true,
        element: {
          type: 'static_select',
          options: [{ value: 'now' }, { value: '7d' }],
          initial_option: { value: '7d' },
        },
      },
      { block_id: 'budget', element: { type: 'plain_text_input', action_id: 'number' } },
    ]);
  });

  it('becomes a line of what was filled in', () => {
    const values = valuesOfView({
      rig: { rig: { selected_option: { value: 'a 1' } } },
      window: { choice: { selected_option: null } },
      budget: { number: { value: '5000' } },
    });
    expect(lineOfForm('plan', values)).toBe('plan rig:"a 1" budget:5000');
  });
});
