import { BlockFaults } from './block-fault.ts';
import { blocksOf } from './block-lookup.ts';
import { checkOptionGroups, checkOptions } from './element-limits.ts';
import { isObject, type JsonObject, objectsOf } from './json.ts';
import type { EmulatorLog } from './log.ts';
import { messageContent } from './message-content.ts';
import { app, type SlackState } from './state.ts';
import { viewFaults } from './view-limits.ts';
import { Arguments, Refusal } from './web-api/method.ts';
import type { View } from './workspace.ts';

const mostOptions = 100;

interface Parts {
  readonly state: SlackState;
  readonly log: EmulatorLog;
}

/** A command's acknowledgement may carry the answer itself. */
export function showCommandAnswer(
  { state, log }: Parts,
  body: JsonObject | null,
  asked: { readonly channel: string; readonly userId: string; readonly interaction: number },
): void {
  if (body === null) return;
  try {
    const { text, blocks } = messageContent(new Arguments(body), log, false);
    state.addMessage({
      channel: asked.channel,
      user: app.botUserId,
      byBot: true,
      text,
      blocks: blocks ?? [],
      ephemeralTo: body['response_type'] === 'in_channel' ? null : asked.userId,
      origin: 'acknowledgement',
      interaction: asked.interaction,
    });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    log.violation('refused acknowledgement', JSON.stringify({ error: error.error, ...error.extra }));
  }
}

/** What a submitted modal does next: closes, shows errors, changes, opens another or clears all. */
export function applySubmission({ state, log }: Parts, view: View, body: JsonObject | null): void {
  const action = body?.['response_action'];
  if (action === undefined) {
    closeTop(state, view);
    return;
  }
  if (action === 'clear') state.closeViews(view.rootViewId);
  else if (action === 'errors') checkErrors(log, view, body?.['errors']);
  else if (action === 'update' || action === 'push') {
    const definition = body?.['view'];
    const faults = viewFaults(definition, 'modal');
    if (faults.length > 0 || !isObject(definition)) {
      log.violation('refused acknowledgement', JSON.stringify(faults));
      return;
    }
    if (action === 'update') state.updateView(view, definition);
    else state.addView({ type: 'modal', userId: view.userId, definition, triggerId: null, previous: view });
  } else log.violation('refused acknowledgement', `no response_action ${String(action)}`);
}

function closeTop(state: SlackState, view: View): void {
  if (view.id === view.rootViewId) state.closeViews(view.rootViewId);
  else view.isOpen = false;
}

/** Errors name the blocks of inputs; others would be dropped and the person would see nothing. */
function checkErrors(log: EmulatorLog, view: View, errors: unknown): void {
  const inputs = blocksOf(view).flatMap((block) => (block['type'] === 'input' ? [block['block_id']] : []));
  const named = isObject(errors) ? Object.keys(errors) : [];
  const unknown = named.filter((blockId) => !inputs.includes(blockId));
  if (named.length === 0 || unknown.length > 0) {
    log.violation('errors for no input', `${JSON.stringify(errors)}; inputs: ${inputs.join(', ')}`);
  }
}

/** The options that an external select was answered with; none where the answer breaks a limit. */
export function suggestedOptions(log: EmulatorLog, body: JsonObject | null): readonly JsonObject[] {
  const faults = new BlockFaults();
  const groups = body?.['option_groups'];
  const options = body?.['options'];
  const isEmpty = Array.isArray(options) && options.length === 0;
  if (groups !== undefined) checkOptionGroups(groups, '/option_groups', faults);
  else if (!isEmpty) checkOptions(options, mostOptions, '/options', faults);
  if (faults.found.length > 0) {
    log.violation('refused suggestions', JSON.stringify(faults.found));
    return [];
  }
  return groups === undefined ? objectsOf(options) : objectsOf(groups).flatMap((group) => objectsOf(group['options']));
}
