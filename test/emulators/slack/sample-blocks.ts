import type { JsonObject } from './json.ts';

export const x = (length: number): string => 'x'.repeat(length);
export const plain = (text: string): JsonObject => ({ type: 'plain_text', text });
export const mrkdwn = (text: string): JsonObject => ({ type: 'mrkdwn', text });
export const button = (fields: JsonObject = {}): JsonObject => ({ type: 'button', text: plain('Why'), ...fields });
export const section = (text: string): JsonObject => ({ type: 'section', text: mrkdwn(text) });
export const actions = (...elements: readonly JsonObject[]): JsonObject => ({ type: 'actions', elements });
export const option = (text = 'a', value = 'a'): JsonObject => ({ text: plain(text), value });
export const select = (options: readonly JsonObject[]): JsonObject => ({ type: 'static_select', options });
export const image = (fields: JsonObject = {}): JsonObject => ({
  type: 'image',
  image_url: 'https://example.org/a.png',
  alt_text: 'a',
  ...fields,
});
export const times = <Item>(count: number, item: (index: number) => Item): readonly Item[] =>
  Array.from({ length: count }, (_, index) => item(index));
export const table = (rows: number, cells: number, text = '1'): JsonObject => ({
  type: 'table',
  rows: times(rows, () => times(cells, () => ({ type: 'raw_text', text }))),
});

export const modal = (fields: JsonObject = {}): JsonObject => ({
  type: 'modal',
  title: plain('T'),
  blocks: [section('a')],
  ...fields,
});
