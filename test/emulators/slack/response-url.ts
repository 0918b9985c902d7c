import type { JsonObject } from './json.ts';
import type { EmulatorLog } from './log.ts';
import { messageContent, messageMetadata } from './message-content.ts';
import type { Outcome } from './outcome.ts';
import { app, type SlackState } from './state.ts';
import { Arguments, Refusal } from './web-api/method.ts';
import type { ResponseUrl } from './workspace.ts';

const lifeMs = 30 * 60_000;
const mostUses = 5;

/** A POST to a response_url: posts, replaces or deletes. Statuses of refusals are not documented; Bolt wants one of its own. */
export function answerResponseUrl(
  { state, log }: { readonly state: SlackState; readonly log: EmulatorLog },
  id: string,
  body: JsonObject,
): Outcome {
  try {
    const url = state.responseUrls.get(id);
    if (url === undefined) throw new Refusal('no_service');
    if (state.now() - url.bornMs > lifeMs) throw new Refusal('expired_url');
    if (url.uses >= mostUses) throw new Refusal('used_url');
    apply(state, log, url, new Arguments(body));
    url.uses += 1;
    return { status: 200, answer: { ok: true }, refused: null };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const isGone = ['no_service', 'expired_url', 'used_url'].includes(error.error);
    const answer = { ok: false, error: error.error, ...error.extra };
    return { status: isGone ? 404 : 400, answer, refused: JSON.stringify(answer) };
  }
}

function apply(state: SlackState, log: EmulatorLog, url: ResponseUrl, args: Arguments): void {
  const original = url.originalTs === null ? null : state.findMessage(url.channel, url.originalTs);
  const changesOriginal = args.flag('replace_original') || args.flag('delete_original');
  if (changesOriginal && original === null) {
    log.violation('response_url without an original', 'replace_original and delete_original need a pressed message');
  }
  if (args.flag('delete_original') && original !== null) {
    state.deleteMessage(original);
    return;
  }
  const { text, blocks } = messageContent(args, log, false);
  if (args.flag('replace_original') && original !== null) {
    state.updateMessage(original, { text, blocks: blocks ?? [] });
    return;
  }
  state.addMessage({
    channel: url.channel,
    user: app.botUserId,
    byBot: true,
    text,
    blocks: blocks ?? [],
    metadata: messageMetadata(args),
    threadTs: args.text('thread_ts'),
    ephemeralTo: args.text('response_type') === 'in_channel' ? null : url.userId,
    origin: 'response_url',
    interaction: url.interaction,
  });
}
