import type { types } from '@slack/bolt';
import { expect } from 'vitest';

/*
 * What Slack's documentation says of blocks, written down once more from the pages themselves (reference/block-kit), so that
 * a wrong figure in the adapter cannot make its own test pass.
 */

/** Fails where Slack would refuse the message. */
export function expectWithinSlackLimits(text: string, blocks: readonly types.KnownBlock[]): void {
  textOf(text, 4_000);
  expect(blocks.length).toBeGreaterThan(0);
  expect(blocks.length).toBeLessThanOrEqual(50);
  // 11,341 characters were seen refused (slackapi/bolt-js#2867).
  expect(sumOfTexts(blocks)).toBeLessThanOrEqual(10_000);
  const blockIds = blocks.flatMap(({ block_id }) => (block_id === undefined ? [] : [block_id]));
  expect(new Set(blockIds).size).toBe(blockIds.length);
  for (const id of blockIds) textOf(id, 255);
  for (const block of blocks) expectBlock(block);
  const actionIds = blocks.flatMap((block) =>
    block.type === 'actions' ? block.elements.map((element) => element.action_id ?? '') : [],
  );
  for (const id of actionIds) textOf(id, 255);
  expect(new Set(actionIds).size).toBe(actionIds.length);
}

function expectBlock(block: types.KnownBlock): void {
  switch (block.type) {
    case 'header':
      plain(block.text, 150);
      return;
    case 'context':
      expect(block.elements.length).toBeLessThanOrEqual(10);
      for (const element of block.elements) if (element.type === 'plain_text') plain(element, 3_000);
      return;
    case 'image':
      textOf(block.alt_text, 2_000);
      if (block.title !== undefined) plain(block.title, 2_000);
      return;
    case 'rich_text':
      expect(block.elements.length).toBeGreaterThan(0);
      for (const element of block.elements) expectRichText(element);
      return;
    case 'actions':
      expect(block.elements.length).toBeGreaterThan(0);
      expect(block.elements.length).toBeLessThanOrEqual(25);
      for (const element of block.elements) expectElement(element);
      return;
    default:
      throw new Error(`nothing is written down of ${block.type}`);
  }
}

function expectRichText(element: types.RichTextBlockElement): void {
  expect(['rich_text_section', 'rich_text_preformatted']).toContain(element.type);
  expect(element.elements.length).toBeGreaterThan(0);
  let length = 0;
  for (const run of element.elements) {
    // Nothing else may come of untrusted text: no link, no user, no broadcast, no emoji.
    if (run.type !== 'text') throw new Error(`a ${run.type} in rich text`);
    expect(run.text).not.toBe('');
    length += run.text.length;
  }
  expect(length).toBeLessThanOrEqual(3_000);
}

function expectElement(element: types.ActionsBlockElement): void {
  if (element.type === 'button') {
    plain(element.text, 75);
    textOf(element.value ?? '', 2_000);
    return;
  }
  if (element.type !== 'static_select') throw new Error(`nothing is written down of ${element.type}`);
  if (element.placeholder !== undefined) plain(element.placeholder, 150);
  const options = element.options ?? [];
  expect(options.length).toBeGreaterThan(0);
  expect(options.length).toBeLessThanOrEqual(100);
  for (const { text, value } of options) {
    if (text.type === 'plain_text') plain(text, 75);
    textOf(value ?? '', 150);
  }
  expect(new Set(options.map(({ value }) => value)).size).toBe(options.length);
}

function plain(text: types.PlainTextElement | types.MrkdwnElement, length: number): void {
  expect(text.type).toBe('plain_text');
  if (text.type === 'plain_text') expect(text.emoji).toBe(false);
  textOf(text.text, length);
}

function textOf(text: string, length: number): void {
  expect(text.trim()).not.toBe('');
  expect(text.length).toBeLessThanOrEqual(length);
  expect(text.isWellFormed()).toBe(true);
}

function sumOfTexts(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce((sum, [name, inner]) => {
    const counts = typeof inner === 'string' && (name === 'text' || name === 'value' || name === 'alt_text');
    return sum + (counts ? inner.length : sumOfTexts(inner));
  }, 0);
}
