import { describe, expect, it } from 'vitest';
import { decodeCustomId } from '../../adapters/discord/custom-id.ts';
import { renderForm } from '../../adapters/discord/render-form.ts';
import type { CommandDescription } from '../../src/chat/command.ts';
import { formOf, lineOfForm } from '../../src/chat/form.ts';
import { sayEnglish } from '../../src/chat/languages/say.ts';
import { anyCommand } from '../support/any-command.ts';

const presentation = { say: sayEnglish('en-US') };

const whatif: CommandDescription = anyCommand('whatif', [
  { name: 'power', description: 'price of a kWh', required: false, kind: 'number' },
  { name: 'site', description: 'one site', required: false, kind: 'site' },
  { name: 'window', description: 'how far back', required: false, kind: 'choice', choices: ['now', '7d'] },
  { name: 'all', description: 'with rigs that are off', required: false, kind: 'boolean' },
  { name: 'note', description: 'for the record', required: false, kind: 'text' },
  { name: 'coin', description: 'what is mined', required: true, kind: 'coin' },
  { name: 'model', description: 'one model', required: false, kind: 'model' },
]);

function modalOf(line: string): ReturnType<typeof renderForm> {
  const form = formOf(line, [whatif]);
  if (form === null) throw new Error('no form');
  return renderForm(form, presentation);
}

describe('a form on Discord', () => {
  it('asks for what is required, then for what is given, five fields at most', () => {
    const modal = modalOf('whatif model:"RTX 3090" window:7d');
    const labels = modal.components.map((component) => ('label' in component ? component.label : ''));
    expect(labels).toEqual(['power', 'site', 'window', 'coin', 'model']);
    expect(modal.title.length).toBeLessThanOrEqual(45);
    expect(modal.components).toContainEqual({
      type: 18,
      label: 'window',
      description: 'how far back',
      component: {
        type: 3,
        custom_id: 'window',
        required: false,
        min_values: 0,
        max_values: 1,
        options: [
          { label: 'now', value: 'now' },
          { label: '7d', value: '7d', default: true },
        ],
      },
    });
    expect(modal.components).toContainEqual({
      type: 18,
      label: 'model',
      description: 'one model',
      component: { type: 4, custom_id: 'model', style: 1, required: false, value: 'RTX 3090' },
    });
  });

  it('keeps the values of fields that it does not show', () => {
    const modal = modalOf('whatif power:0.09 site:quebec window:7d all:true note:"a b" model:"RTX 3090"');
    const labels = modal.components.map((component) => ('label' in component ? component.label : ''));
    expect(labels).toEqual(['power', 'site', 'window', 'all', 'coin']);
    const press = decodeCustomId(modal.custom_id);
    expect(press).toEqual({ kind: 'form', command: 'whatif note:"a b" model:"RTX 3090"', key: null });
    expect(lineOfForm(press?.command ?? '', { power: '0.10', site: '', coin: 'RVN' })).toBe(
      'whatif note:"a b" model:"RTX 3090" power:0.10 coin:RVN',
    );
  });
});
