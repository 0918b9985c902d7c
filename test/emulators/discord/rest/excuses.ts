import type { Interactions } from '../interactions.ts';
import type { Refusal } from '../refusal.ts';
import type { DiscordState } from '../state.ts';

const GONE = new Set([10003, 10004, 10008, 10015]);
const FORBIDDEN = new Set([50001, 50013]);
const INTERACTION = new Set([10062, 40060, 10015, 10008]);

/** Whether a test brought the refusal about (something deleted, denied, disturbed), so that the bot is not to blame. */
export function excuses(
  { code }: Refusal,
  params: Readonly<Record<string, string>>,
  state: DiscordState,
  interactions: Interactions,
): boolean {
  const interaction = interactions.findByToken(params['token'] ?? '');
  if (code === 40060 && (interaction?.deliveries ?? 0) > 1) return true;
  if (interaction !== null && INTERACTION.has(code) && (interaction.disturbed || interaction.deliveries === 0)) {
    return true;
  }
  if (GONE.has(code)) {
    const { original, source, channel } = interaction ?? {};
    const ids = [...Object.values(params), original?.json.id, source?.json.id, channel?.id];
    return ids.some((id) => id !== undefined && state.deletedIds.has(id));
  }
  if (FORBIDDEN.has(code)) {
    if (state.deletedIds.has(params['guild'] ?? '')) return true;
    const channel = state.channels.get(params['channel'] ?? '');
    const parent = state.channels.get(channel?.parentId ?? '');
    return (channel?.denied.size ?? 0) + (parent?.denied.size ?? 0) > 0;
  }
  return code === 50007 && state.closedDirectMessages.size > 0;
}
