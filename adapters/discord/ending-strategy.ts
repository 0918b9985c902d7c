import {
  type IShardingStrategy,
  SimpleShardingStrategy,
  type WebSocketOptions,
  WebSocketShardStatus,
} from 'discord.js';
import { settledWithin } from './settled-within.ts';

type Manager = Parameters<NonNullable<WebSocketOptions['buildStrategy']>>[0];

/** Under the name of their own enumeration discord.js exports another one. */
const opening = ['hello', 'ready', 'closed'] as Parameters<Manager['once']>[0][];

const OPENING_LIMIT_MS = 1_000;
const CLOSING_LIMIT_MS = 1_000;

/**
 * discord.js's own strategy, made to end. Between two connections a shard sleeps, cannot be destroyed and then connects
 * again: once `ended`, no connection is begun any more. A socket that is still opening is forgotten without being closed:
 * it is waited for. A shard that waits for HELLO destroys itself anew when it is destroyed, and the first never settles.
 */
export function endingStrategy(manager: Manager, ended: AbortSignal): IShardingStrategy {
  const strategy = new SimpleShardingStrategy(manager);
  const { retrieveSessionInfo } = manager.options;
  // A shard asks for its session right before it connects.
  manager.options.retrieveSessionInfo = (shardId) =>
    ended.aborted ? Promise.withResolvers<null>().promise : retrieveSessionInfo(shardId);
  return {
    spawn: (shardIds) => strategy.spawn(shardIds),
    connect: () => strategy.connect(),
    send: (shardId, payload) => strategy.send(shardId, payload),
    fetchStatus: () => strategy.fetchStatus(),
    async destroy(options) {
      const statuses = await strategy.fetchStatus();
      if (statuses.some((status) => status === WebSocketShardStatus.Connecting)) await opened(manager);
      await settledWithin(strategy.destroy(options), CLOSING_LIMIT_MS);
    },
  };
}

async function opened(manager: Manager): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const settle = () => resolve();
  for (const event of opening) manager.once(event, settle);
  await settledWithin(promise, OPENING_LIMIT_MS);
  for (const event of opening) manager.off(event, settle);
}
