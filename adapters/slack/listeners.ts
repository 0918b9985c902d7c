import { createHash } from 'node:crypto';
import type { App, BlockAction, BlockElementAction, ViewSubmitAction } from '@slack/bolt';
import type { ChatHost } from '../../src/ports/chat.ts';
import type { Log } from '../../src/ports/log.ts';
import { type ClickedElement, decodeClick } from './action-id.ts';
import type { Answering, Question } from './answering.ts';
import type { Place } from './delivery.ts';
import type { Forms } from './forms.ts';
import type { Home } from './home.ts';
import { lineOfMention, typedText } from './message-text.ts';
import { suggestionsFor } from './suggestions.ts';

export interface ListenersOptions {
  readonly host: ChatHost;
  readonly answering: Answering;
  readonly forms: Forms;
  readonly home: Home;
  readonly log: Log;
  /** Null while it is not known. */
  readonly botUserId: () => string | null;
  /** Runs what an event causes; what it throws is logged. */
  readonly track: (work: () => Promise<void>) => void;
}

/** Hears everything that the manifest subscribes to. Each listener acknowledges first, and never throws. */
export function listen(app: App, options: ListenersOptions): void {
  const { host, answering, forms, home, log, botUserId, track } = options;

  // Whatever the command is called in this workspace: each one that the app has means this.
  app.command(/^\//, async ({ ack, command }) => {
    await ack();
    const { trigger_id: id, user_id: userId, channel_id: channel, response_url: responseUrl } = command;
    const line = typedText(command.text);
    const place = { channel, thread: null, isDirect: isDirectChannel(channel), responseUrl };
    ask({ line, id, userId, place, replaces: false, isPrivate: isPrivate(line) });
  });

  app.event('app_mention', async ({ event, body }) => {
    const line = lineOfMention(event.text, botUserId());
    if (line === null || event.user === undefined || isOfBot(event, botUserId())) return;
    const place: Place = {
      channel: event.channel,
      thread: event.thread_ts ?? event.ts,
      ...(event.thread_ts === undefined ? { isNewThread: true } : {}),
      isDirect: false,
      responseUrl: null,
    };
    ask({ line, id: body.event_id, userId: event.user, place, replaces: false, isPrivate: isPrivate(line) });
  });

  app.event('message', async ({ event, body }) => {
    // With a subtype it is an edit, a deletion or something that joined.
    if (event.subtype !== undefined || event.channel_type !== 'im' || isOfBot(event, botUserId())) return;
    const line = lineOfMention(event.text ?? '', botUserId()) ?? typedText(event.text ?? '');
    const place = { channel: event.channel, thread: event.thread_ts ?? null, isDirect: true, responseUrl: null };
    ask({ line, id: body.event_id, userId: event.user, place, replaces: false, isPrivate: false });
  });

  app.event('app_home_opened', async ({ event, body }) => {
    if (event.tab !== 'home' || !host.isNew(body.event_id)) return;
    track(() => home.opened({ userId: event.user, channel: event.channel }));
  });

  app.action<BlockAction>(/./, async ({ ack, body, action }) => {
    await ack();
    track(() => press(body, clickedOf(action)));
  });

  app.options(/./, async ({ ack, options: { action_id: kind, value } }) => {
    let options: ReturnType<typeof suggestionsFor> = [];
    try {
      options = suggestionsFor(kind, value, host);
    } catch (err) {
      log.warn({ err }, 'nothing suggested');
    }
    await ack({ options });
  });

  // What is wrong with a form can be said with its acknowledgement alone.
  app.view<ViewSubmitAction>('form', async ({ ack, body, view }) => {
    const submitted = forms.submitted(view, body.user.id);
    if (submitted.kind === 'mistakes') {
      await ack({ response_action: 'errors', errors: { ...submitted.errors } });
      return;
    }
    await ack();
    if (submitted.kind === 'line') {
      const { context, line } = submitted;
      // Where Slack did not hear that it was taken it stays open, and may be submitted once more.
      const id = `${view.id}-${createHash('sha256').update(line).digest('hex').slice(0, 16)}`;
      const wasPrivate = context.isPrivate || isPrivate(line);
      ask({ line, id, userId: body.user.id, place: context, replaces: false, isPrivate: wasPrivate });
      return;
    }
    const place = { channel: null, thread: null, isDirect: true, responseUrl: null };
    track(() => fromOlderVersion({ id: view.id, userId: body.user.id, place, replaces: false, isPrivate: true }));
  });

  function ask(question: Question): void {
    if (host.isNew(question.id)) track(() => answering.answer(question));
  }

  function isPrivate(line: string): boolean {
    return host.visibilityOf(line) === 'asker';
  }

  async function press(body: BlockAction, action: ClickedElement): Promise<void> {
    const { trigger_id: id, user } = body;
    if (!host.isNew(id)) return;
    const pressed = decodeClick(action);
    const place = placeOf(body);
    // What follows from an answer that one person sees is for that person.
    const wasPrivate = body.container['is_ephemeral'] === true;
    const question = { id, userId: user.id, place, replaces: false, isPrivate: wasPrivate };
    if (pressed === null) return await fromOlderVersion(question);
    const { kind, command: line } = pressed;
    if (kind === 'form') {
      if (!(await forms.open(line, id, question))) await fromOlderVersion(question);
      return;
    }
    // The Home tab is not a message that could be replaced, and what all can read is not replaced by what is for one.
    const isSeenByAll = !wasPrivate && !place.isDirect;
    const replaces = kind === 'replace' && place.responseUrl !== null && !(isSeenByAll && isPrivate(line));
    await answering.answer({ ...question, line, replaces, isPrivate: wasPrivate || isPrivate(line) });
  }

  async function fromOlderVersion(question: Omit<Question, 'line'>): Promise<void> {
    await answering.whisper(question, (say) => ({
      headline: say('This button is of an older version of Rigshift, which nothing answers any more.'),
      blocks: [{ kind: 'text', text: say('Ask again with /fleet; help lists what can be asked.') }],
      next: [{ label: say('Help'), command: 'help' }],
    }));
  }
}

function clickedOf(action: BlockElementAction): ClickedElement {
  const { action_id } = action;
  if (action.type === 'button') return { action_id, value: action.value };
  return action.type === 'static_select' ? { action_id, selected_option: action.selected_option } : { action_id };
}

/** Where a button was pressed; the bot is not shown messages that one person sees, so their container tells. */
function placeOf({ channel, container, response_url: responseUrl }: BlockAction): Place {
  const id = channel?.id ?? null;
  const thread: unknown = container['thread_ts'];
  return {
    channel: id,
    thread: typeof thread === 'string' ? thread : null,
    isDirect: id === null || isDirectChannel(id),
    responseUrl: id === null || responseUrl === undefined || responseUrl === '' ? null : responseUrl,
  };
}

/** https://docs.slack.dev/apis/web-api/using-the-conversations-api: ids of direct messages begin with D. */
function isDirectChannel(channel: string): boolean {
  return channel.startsWith('D');
}

function isOfBot(event: { readonly user?: string }, botUserId: string | null): boolean {
  return ('bot_id' in event && event.bot_id !== undefined) || (botUserId !== null && event.user === botUserId);
}
