import { describe, expect, test } from 'vitest';
import { missingSamples, sampleText } from '../../support/samples.ts';
import { type SlackEmulator, startSlackEmulator } from './emulator.ts';
import { isObject, type JsonObject } from './json.ts';
import { openSocket } from './raw-client.ts';

/** Where two JSON values differ in keys or in types of their values; arrays are compared by their first items. */
function differences(ours: unknown, recorded: unknown, path = ''): readonly string[] {
  if (Array.isArray(ours) && Array.isArray(recorded)) {
    return ours.length === 0 || recorded.length === 0 ? [] : differences(ours[0], recorded[0], `${path}[]`);
  }
  if (isObject(ours) && isObject(recorded)) {
    const keys = new Set([...Object.keys(ours), ...Object.keys(recorded)]);
    return [...keys].flatMap((key) => {
      const at = path === '' ? key : `${path}.${key}`;
      if (!(key in recorded)) return [`+${at}`];
      if (!(key in ours)) return [`-${at}`];
      return differences(ours[key], recorded[key], at);
    });
  }
  return typeOf(ours) === typeOf(recorded) ? [] : [`${path}: ${typeOf(ours)}, recorded ${typeOf(recorded)}`];
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function recorded(name: string): JsonObject {
  const value: unknown = JSON.parse(sampleText(`chat-payloads/slack/${name}.json`));
  if (!isObject(value)) throw new Error(`${name} is no object`);
  return value;
}

/** The newest frame of a type that the emulator sent. */
function sentFrame(slack: SlackEmulator, type: string): JsonObject {
  const frames = slack.log.entries().flatMap((entry) => (entry.kind === 'frame' ? [entry.frame] : []));
  const frame = frames.findLast((candidate) => isObject(candidate) && candidate['type'] === type);
  if (!isObject(frame)) throw new Error(`no ${type} was sent`);
  return frame;
}

const button = {
  type: 'actions',
  block_id: 'b',
  elements: [{ type: 'button', action_id: 'a', text: { type: 'plain_text', text: 'Why', emoji: true }, value: 'v' }],
};
const bot = { channel: 'C0FARM', user: 'U0BOT', byBot: true, origin: 'web api' } as const;
// Newer than the recordings, and documented: docs.slack.dev/reference/interaction-payloads.
const newerThanRecorded = ['+payload.enterprise', '+payload.is_enterprise_install', '+payload.state'];
// What a bot posts today carries its app's id; the recording is of 2020.
const newerMessage = ['+payload.message.app_id'];

describe.skipIf(missingSamples())('frames have the shape of the recorded ones', () => {
  const cases: readonly {
    readonly sample: string;
    readonly type: string;
    readonly act: (slack: SlackEmulator) => void;
    readonly allowed: readonly string[];
  }[] = [
    { sample: 'socketmode-hello', type: 'hello', act: () => undefined, allowed: [] },
    { sample: 'java-envelope-hello', type: 'hello', act: () => undefined, allowed: [] },
    {
      sample: 'socketmode-disconnect',
      type: 'disconnect',
      act: (slack) => slack.socketMode.disconnect('refresh_requested'),
      allowed: [],
    },
    {
      sample: 'socketmode-slash_commands',
      type: 'slash_commands',
      act: (slack) => slack.person('alice').slash('farm', '/fleet status'),
      allowed: [],
    },
    {
      sample: 'java-envelope-slash_commands',
      type: 'slash_commands',
      act: (slack) => slack.person('alice').slash('farm', '/fleet status'),
      allowed: [],
    },
    {
      sample: 'socketmode-events_api-app_mention',
      type: 'events_api',
      act: (slack) => slack.person('alice').mention('farm', ''),
      allowed: [],
    },
    {
      sample: 'java-envelope-events_api-event_callback-app_mention',
      type: 'events_api',
      act: (slack) => slack.person('alice').mention('farm', 'hey'),
      allowed: [],
    },
    {
      sample: 'socketmode-events_api-message',
      type: 'events_api',
      act: (slack) => slack.person('alice').directMessage('hey'),
      allowed: [],
    },
    {
      sample: 'java-envelope-interactive-block_actions',
      type: 'interactive',
      act: (slack) => {
        const message = slack.state.addMessage({ ...bot, text: 'x', blocks: [button] });
        slack.person('alice').click(message, 'a');
      },
      allowed: [...newerThanRecorded, ...newerMessage],
    },
    {
      sample: 'socketmode-interactive-block_actions',
      type: 'interactive',
      act: (slack) => slack.person('alice').select(openModal(slack), 'a', 'v'),
      // The recorded select has option groups, ours has options.
      allowed: ['+payload.view.blocks[].elements[].options', '-payload.view.blocks[].elements[].option_groups'],
    },
  ];

  test.each(cases)('$sample', async ({ sample, type, act, allowed }) => {
    await using slack = await startSlackEmulator();
    using _socket = await openSocket(slack, { acknowledges: false });
    act(slack);
    expect(differences(sentFrame(slack, type), recorded(sample)).filter((found) => !allowed.includes(found))).toEqual(
      [],
    );
  });
});

describe.skipIf(missingSamples())('payloads have the shape of the recorded ones', () => {
  // Recorded in an organisation of many workspaces; ours is one workspace.
  const oneWorkspace = ['-team.enterprise_id', '-team.enterprise_name', '+enterprise', '+is_enterprise_install'];

  // Texts are as the bot sent them.
  const asSent = ['+view.title.emoji', '+view.close.emoji', '+view.submit.emoji'];

  test('a submitted view', async () => {
    await using slack = await startSlackEmulator();
    const view = openModal(slack);
    const { payload } = slack.person('alice').submit(view, { text: 'test' });
    const allowed = [...oneWorkspace, ...asSent];
    const found = differences(payload, recorded('boltpy-view_submission-body'));
    expect(found.filter((difference) => !allowed.includes(difference) && !isOurInput(difference))).toEqual([]);
  });

  test('a closed view', async () => {
    await using slack = await startSlackEmulator();
    const closed = slack.person('alice').dismiss(openModal(slack));
    const found = differences(closed?.payload, recorded('boltpy-view_closed-body'));
    const allowed = [...oneWorkspace, ...asSent, '+is_cleared'];
    expect(found.filter((difference) => !allowed.includes(difference) && !isOurInput(difference))).toEqual([]);
  });

  test('a button in an ephemeral message, which is not shown to the bot again', async () => {
    await using slack = await startSlackEmulator();
    const message = slack.state.addMessage({ ...bot, text: 'x', blocks: [button], ephemeralTo: 'U0ALICE' });
    const { payload } = slack.person('alice').click(message, 'a');
    const found = differences(payload, recorded('boltpy-block_actions-body'));
    expect(found.filter((difference) => !oneWorkspace.includes(difference))).toEqual(['+state']);
  });
});

/** Their modal has one input, ours a select and an input. */
function isOurInput(difference: string): boolean {
  return /^[+-]view\.(blocks\[\]\.(elements|label|optional|element)|state\.values\.(block|input|hspI))/.test(
    difference,
  );
}

function openModal(slack: SlackEmulator) {
  return slack.state.addView({
    type: 'modal',
    userId: 'U0ALICE',
    triggerId: null,
    previous: null,
    definition: {
      type: 'modal',
      title: { type: 'plain_text', text: 'T', emoji: true },
      submit: { type: 'plain_text', text: 'S', emoji: true },
      close: { type: 'plain_text', text: 'C', emoji: true },
      notify_on_close: true,
      blocks: [
        {
          type: 'actions',
          block_id: 'block',
          elements: [
            {
              type: 'static_select',
              action_id: 'a',
              options: [{ text: { type: 'plain_text', text: 'v', emoji: true }, value: 'v' }],
            },
          ],
        },
        {
          type: 'input',
          block_id: 'input',
          label: { type: 'plain_text', text: 'Label' },
          element: { type: 'plain_text_input', action_id: 'text' },
        },
      ],
    },
  });
}
