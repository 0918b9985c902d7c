import { parentPort } from 'node:worker_threads';
import type { SqliteRequest } from '../../adapters/store/sqlite-messages.ts';

/** A database thread that dies of `begin immediate`, a writer's first word, and says nothing to anything else. */
parentPort?.on('message', ({ request }: { readonly request: SqliteRequest }) => {
  if (request.kind === 'query' && request.sql === 'begin immediate') process.exit(1);
});
