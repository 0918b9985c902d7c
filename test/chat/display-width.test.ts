import { describe, expect, it } from 'vitest';
import { displayWidth, graphemes } from '../../src/chat/display-width.ts';

describe('displayWidth', () => {
  it.each([
    ['rig-1', 5],
    ['', 0],
    ['Québec', 6],
    ['Que\u0301bec', 6],
    ['東京', 4],
    ['ｱ', 1],
    ['한국', 4],
    ['👩‍🚀', 2],
    ['🇨🇦', 2],
    ['⚠️', 2],
    ['a\u200bb', 2],
    ['…─│', 3],
  ])('%j takes %d', (text, width) => expect(displayWidth(text)).toBe(width));

  it('keeps a combining mark with its letter', () => {
    expect(graphemes('e\u0301a')).toEqual(['e\u0301', 'a']);
  });
});
