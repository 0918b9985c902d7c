import type { App } from '@slack/bolt';

/** A bot that uses every way there is to answer, for the emulator's own tests. */
export function smallBot(app: App): void {
  app.command('/fleet', async ({ ack, respond, command, client }) => {
    await ack();
    if (command.text === 'modal') {
      await client.views.open({ trigger_id: command.trigger_id, view: attestModal });
      return;
    }
    await respond({
      response_type: 'in_channel',
      text: `${command.text}: 12.40 USD a day`,
      blocks: [
        { type: 'section', text: { type: 'mrkdwn', text: `*${command.text}*: 12.40 USD a day` } },
        {
          type: 'actions',
          elements: [
            { type: 'button', action_id: 'why', text: { type: 'plain_text', text: 'Why' }, value: 'why' },
            {
              type: 'static_select',
              action_id: 'window',
              options: [
                { text: { type: 'plain_text', text: '1 day' }, value: '1d' },
                { text: { type: 'plain_text', text: '7 days' }, value: '7d' },
              ],
            },
          ],
        },
      ],
    });
  });
  app.event('app_mention', async ({ event, say }) => {
    await say({ text: 'in a thread', thread_ts: event.thread_ts ?? event.ts });
  });
  app.message(async ({ say }) => {
    await say('directly');
  });
  app.action('why', async ({ ack, respond }) => {
    await ack();
    await respond({ text: 'because of the hashrate', replace_original: false });
  });
  app.action('window', async ({ ack, client, body, action }) => {
    await ack();
    if (body.type !== 'block_actions' || action.type !== 'static_select') return;
    const { channel, message } = body;
    if (channel === undefined || message === undefined) return;
    const text = `over ${action.selected_option.value}`;
    await client.chat.update({ channel: channel.id, ts: String(message['ts']), text, blocks: [] });
  });
  app.options('rig', async ({ ack, payload }) => {
    const rigs = ['a1', 'a2', 'b1'].filter((rig) => rig.startsWith(payload.value));
    await ack({ options: rigs.map((rig) => ({ text: { type: 'plain_text' as const, text: rig }, value: rig })) });
  });
  app.view('attest', async ({ ack, view, client, body }) => {
    const note = view.state.values['note']?.['text']?.value ?? '';
    if (note === 'wrong') {
      await ack({ response_action: 'errors', errors: { note: 'Say what was seen' } });
      return;
    }
    await ack();
    const rig = view.state.values['rig']?.['rig']?.selected_option?.value ?? '?';
    await client.chat.postMessage({ channel: body.user.id, text: `${rig}: ${note}` });
  });
  app.event('app_home_opened', async ({ event, client }) => {
    const text = { type: 'plain_text' as const, text: 'The fleet' };
    await client.views.publish({ user_id: event.user, view: { type: 'home', blocks: [{ type: 'header', text }] } });
  });
}

const attestModal = {
  type: 'modal' as const,
  callback_id: 'attest',
  title: { type: 'plain_text' as const, text: 'Attest' },
  submit: { type: 'plain_text' as const, text: 'Save' },
  blocks: [
    {
      type: 'input' as const,
      block_id: 'rig',
      label: { type: 'plain_text' as const, text: 'Rig' },
      element: { type: 'external_select' as const, action_id: 'rig', min_query_length: 1 },
    },
    {
      type: 'input' as const,
      block_id: 'note',
      label: { type: 'plain_text' as const, text: 'Note' },
      element: { type: 'plain_text_input' as const, action_id: 'text' },
    },
  ],
};
