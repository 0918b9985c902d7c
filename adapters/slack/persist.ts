import { setTimeout as wait } from 'node:timers/promises';
import { createPersist } from '../../src/chat/persist.ts';
import { failureOf } from './api-failure.ts';

export const persist = createPersist(failureOf, (durationMs, signal) => wait(durationMs, undefined, { signal }));
