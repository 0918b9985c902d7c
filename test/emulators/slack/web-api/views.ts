import type { JsonObject } from '../json.ts';
import { viewFaults, viewIsTooLarge } from '../view-limits.ts';
import { viewShape } from '../view-shape.ts';
import type { Trigger, View } from '../workspace.ts';
import { type Arguments, type Method, type MethodContext, Refusal, refuseFaults } from './method.ts';

const triggerLifeMs = 3_000;
/** The root and two pushed onto it. */
const stackedViews = 3;

export const viewMethods: Readonly<Record<string, Method>> = {
  'views.open': { token: 'bot', scope: null, run: openView },
  'views.push': { token: 'bot', scope: null, run: pushView },
  'views.update': { token: 'bot', scope: null, run: updateView },
  'views.publish': { token: 'bot', scope: null, run: publishView },
};

function openView(context: MethodContext): JsonObject {
  const { args, state } = context;
  const definition = checkedView(args, 'modal');
  const trigger = spendTrigger(context);
  const view = state.addView({
    type: 'modal',
    userId: trigger.userId,
    definition,
    triggerId: args.text('trigger_id'),
    previous: null,
  });
  return { view: viewShape(view) };
}

function pushView(context: MethodContext): JsonObject {
  const { args, state } = context;
  const definition = checkedView(args, 'modal');
  const trigger = spendTrigger(context);
  const previous = trigger.viewId === null ? undefined : state.views.get(trigger.viewId);
  if (previous === undefined || !previous.isOpen || previous.type !== 'modal') throw new Refusal('not_found');
  const stack = [...state.views.values()].filter((view) => view.isOpen && view.rootViewId === previous.rootViewId);
  if (stack.length >= stackedViews) throw new Refusal('push_limit_reached');
  const triggerId = args.text('trigger_id');
  const view = state.addView({ type: 'modal', userId: trigger.userId, definition, triggerId, previous });
  return { view: viewShape(view) };
}

function updateView({ args, state }: MethodContext): JsonObject {
  const viewId = args.text('view_id');
  const externalId = args.text('external_id');
  const view = [...state.views.values()].find(
    (candidate) =>
      candidate.isOpen &&
      (candidate.id === viewId || (externalId !== null && candidate.definition['external_id'] === externalId)),
  );
  if (view === undefined) throw new Refusal('not_found');
  const definition = checkedView(args, view.type);
  checkHash(args, view);
  state.updateView(view, definition);
  return { view: viewShape(view) };
}

function publishView({ args, state }: MethodContext): JsonObject {
  const userId = args.required('user_id');
  if (!state.users.has(userId)) throw new Refusal('user_not_found');
  const definition = checkedView(args, 'home');
  const known = [...state.views.values()].find((view) => view.type === 'home' && view.userId === userId);
  if (known === undefined) {
    return { view: viewShape(state.addView({ type: 'home', userId, definition, triggerId: null, previous: null })) };
  }
  checkHash(args, known);
  state.updateView(known, definition);
  return { view: viewShape(known) };
}

function checkedView(args: Arguments, type: 'modal' | 'home'): JsonObject {
  const view = args.object('view');
  refuseFaults('invalid_arguments', viewFaults(view, type));
  if (viewIsTooLarge(view)) throw new Refusal('view_too_large');
  return view ?? {};
}

function checkHash(args: Arguments, view: View): void {
  const hash = args.text('hash');
  if (hash !== null && hash !== view.hash) throw new Refusal('hash_conflict');
}

/** A trigger is good once, for three seconds; a failed try with a bad view leaves it whole. */
function spendTrigger({ args, state }: MethodContext): Trigger {
  const trigger = state.triggers.get(args.required('trigger_id'));
  if (trigger === undefined) throw new Refusal('invalid_trigger_id');
  if (trigger.isUsed) throw new Refusal('exchanged_trigger_id');
  if (state.now() - trigger.bornMs > triggerLifeMs) throw new Refusal('expired_trigger_id');
  trigger.isUsed = true;
  return trigger;
}
