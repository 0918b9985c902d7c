import type { JsonObject } from './json.ts';
import { app, team } from './state.ts';
import type { View } from './workspace.ts';

/** A view as the Web API and the payloads show it. */
export function viewShape(view: View): JsonObject {
  const { definition } = view;
  return {
    id: view.id,
    team_id: team.id,
    type: view.type,
    blocks: definition['blocks'] ?? [],
    private_metadata: definition['private_metadata'] ?? '',
    callback_id: definition['callback_id'] ?? '',
    state: { values: view.values },
    hash: view.hash,
    title: definition['title'] ?? { type: 'plain_text', text: 'View Title', emoji: true },
    clear_on_close: definition['clear_on_close'] ?? false,
    notify_on_close: definition['notify_on_close'] ?? false,
    close: definition['close'] ?? null,
    submit: definition['submit'] ?? null,
    previous_view_id: view.previousViewId,
    root_view_id: view.rootViewId,
    app_id: app.id,
    external_id: definition['external_id'] ?? '',
    app_installed_team_id: team.id,
    bot_id: app.botId,
  };
}
