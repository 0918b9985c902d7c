import { expect, test } from 'vitest';
import { startSlackEmulator } from './emulator.ts';
import type { JsonObject } from './json.ts';
import { callApi } from './raw-client.ts';
import {
  actions,
  button,
  image,
  modal,
  mrkdwn,
  option,
  plain,
  section,
  select,
  table,
  times,
  x,
} from './sample-blocks.ts';

/** Blocks that are just short enough, the same a little longer, and what the real service says of those. */
const blockLimits: readonly (readonly [string, readonly JsonObject[], readonly JsonObject[], string])[] = [
  [
    'blocks',
    times(50, () => section('a')),
    times(51, () => section('a')),
    'no more than 50 items allowed [json-pointer:/blocks]',
  ],
  [
    'header',
    [{ type: 'header', text: plain(x(150)) }],
    [{ type: 'header', text: plain(x(151)) }],
    'must be less than 151 characters [json-pointer:/blocks/0/text/text]',
  ],
  [
    'section',
    [section(x(3_000))],
    [section(x(3_001))],
    'must be less than 3001 characters [json-pointer:/blocks/0/text/text]',
  ],
  [
    'fields',
    [{ type: 'section', fields: times(10, () => mrkdwn('a')) }],
    [{ type: 'section', fields: times(11, () => mrkdwn('a')) }],
    'no more than 10 items allowed [json-pointer:/blocks/0/fields]',
  ],
  [
    'field',
    [{ type: 'section', fields: [mrkdwn(x(2_000))] }],
    [{ type: 'section', fields: [mrkdwn(x(2_001))] }],
    'must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]',
  ],
  [
    'elements',
    [actions(...times(25, () => button()))],
    [actions(...times(26, () => button()))],
    'no more than 25 items allowed [json-pointer:/blocks/0/elements]',
  ],
  [
    'button',
    [actions(button({ text: plain(x(75)) }))],
    [actions(button({ text: plain(x(76)) }))],
    'must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]',
  ],
  [
    'value',
    [actions(button({ value: x(2_000) }))],
    [actions(button({ value: x(2_001) }))],
    'must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]',
  ],
  [
    'action_id',
    [actions(button({ action_id: x(255) }))],
    [actions(button({ action_id: x(256) }))],
    'must be less than 256 characters [json-pointer:/blocks/0/elements/0/action_id]',
  ],
  [
    'block_id',
    [{ ...section('a'), block_id: x(255) }],
    [{ ...section('a'), block_id: x(256) }],
    'must be less than 256 characters [json-pointer:/blocks/0/block_id]',
  ],
  [
    'same action_id',
    [actions(button({ action_id: 'a' })), actions(button({ action_id: 'a' }))],
    [actions(button({ action_id: 'a' }), button({ action_id: 'a' }))],
    '`action_id` "a" already exists [json-pointer:/blocks/0/elements/1/action_id]',
  ],
  [
    'same block_id',
    [{ ...section('a'), block_id: 'a' }, section('a')],
    [
      { ...section('a'), block_id: 'a' },
      { ...section('b'), block_id: 'a' },
    ],
    '`block_id` "a" already exists [json-pointer:/blocks/1/block_id]',
  ],
  [
    'option text',
    [actions(select([option(x(75))]))],
    [actions(select([option(x(76))]))],
    'must be less than 76 characters [json-pointer:/blocks/0/elements/0/options/0/text/text]',
  ],
  [
    'option value',
    [actions(select([option('a', x(150))]))],
    [actions(select([option('a', x(151))]))],
    'must be less than 151 characters [json-pointer:/blocks/0/elements/0/options/0/value]',
  ],
  [
    'options',
    [actions(select(times(100, () => option())))],
    [actions(select(times(101, () => option())))],
    'no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]',
  ],
  [
    'context',
    [{ type: 'context', elements: times(10, () => mrkdwn('a')) }],
    [{ type: 'context', elements: times(11, () => mrkdwn('a')) }],
    'no more than 10 items allowed [json-pointer:/blocks/0/elements]',
  ],
  [
    'alt text',
    [image({ alt_text: x(2_000) })],
    [image({ alt_text: x(2_001) })],
    'must be less than 2001 characters [json-pointer:/blocks/0/alt_text]',
  ],
  [
    'image url',
    [image({ image_url: x(3_000) })],
    [image({ image_url: x(3_001) })],
    'must be less than 3001 characters [json-pointer:/blocks/0/image_url]',
  ],
  ['table rows', [table(100, 20)], [table(101, 20)], 'no more than 100 items allowed [json-pointer:/blocks/0/rows]'],
  ['table cells', [table(1, 20)], [table(1, 21)], 'no more than 20 items allowed [json-pointer:/blocks/0/rows/0]'],
  [
    'table text',
    [table(1, 1, x(10_000))],
    [table(1, 1, x(10_001))],
    'must be less than 10001 characters [json-pointer:/blocks/0/rows]',
  ],
  ['tables', [table(1, 1)], [table(1, 1), table(1, 1)], 'only_one_table_allowed [json-pointer:/blocks]'],
  ['empty text', [section('a')], [section('')], 'must be more than 0 characters [json-pointer:/blocks/0/text/text]'],
  [
    'unknown block',
    [{ type: 'divider' }],
    [{ type: 'carousel' }],
    'unsupported type: carousel [json-pointer:/blocks/0]',
  ],
  [
    'plain header',
    [{ type: 'header', text: plain('a') }],
    [{ type: 'header', text: mrkdwn('a') }],
    'unsupported type: mrkdwn [json-pointer:/blocks/0/text]',
  ],
];

test.each(blockLimits)('blocks of a message: %s', async (_what, accepted, refused, message) => {
  await using slack = await startSlackEmulator();
  const post = (blocks: readonly JsonObject[]) =>
    callApi(slack, 'chat.postMessage', { channel: 'C0FARM', text: 'fallback', blocks });
  expect((await post(accepted)).body).toMatchObject({ ok: true });
  await slack.assertClean();
  const { status, body } = await post(refused);
  expect(status).toBe(200);
  expect(body).toEqual({
    ok: false,
    error: 'invalid_blocks',
    errors: [message],
    response_metadata: { messages: [`[ERROR] ${message}`] },
  });
  expect(slack.messages('farm')).toHaveLength(1);
  expect(slack.takeViolations('refused chat.postMessage')).toHaveLength(1);
});

test.each<[string, JsonObject, JsonObject, string]>([
  [
    'title',
    { title: plain(x(24)) },
    { title: plain(x(25)) },
    'must be less than 25 characters [json-pointer:/view/title/text]',
  ],
  [
    'submit',
    { submit: plain(x(24)) },
    { submit: plain(x(25)) },
    'must be less than 25 characters [json-pointer:/view/submit/text]',
  ],
  [
    'close',
    { close: plain(x(24)) },
    { close: plain(x(25)) },
    'must be less than 25 characters [json-pointer:/view/close/text]',
  ],
  [
    'metadata',
    { private_metadata: x(3_000) },
    { private_metadata: x(3_001) },
    'must be less than 3001 characters [json-pointer:/view/private_metadata]',
  ],
  [
    'blocks',
    { blocks: times(100, () => section('a')) },
    { blocks: times(101, () => section('a')) },
    'no more than 100 items allowed [json-pointer:/view/blocks]',
  ],
  [
    'input without submit',
    {},
    { blocks: [{ type: 'input', label: plain('a'), element: { type: 'plain_text_input' } }] },
    'missing required field: submit [json-pointer:/view]',
  ],
])('a modal: %s', async (_what, accepted, refused, message) => {
  await using slack = await startSlackEmulator();
  const open = async (fields: JsonObject) => {
    const { payload } = slack.person('alice').slash('farm', '/fleet status');
    return (await callApi(slack, 'views.open', { trigger_id: payload['trigger_id'], view: modal(fields) })).body;
  };
  expect(await open(accepted)).toMatchObject({ ok: true });
  expect(await open(refused)).toMatchObject({ ok: false, error: 'invalid_arguments', errors: [message] });
});
