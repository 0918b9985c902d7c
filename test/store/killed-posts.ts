import type { OutboxResult, OutboxState, Store } from '../../src/ports/store.ts';
import { askedFor, postOf } from './posts.ts';

/** How the attempts of the posts end, in turn. */
const endings = [
  { state: 'sent', receipt: '{"ts":"1.2"}', atMs: 4 },
  { state: 'waiting', notBeforeMs: 9, error: 'rate limited' },
  { state: 'failed', error: 'no such channel', atMs: 5 },
  { state: 'unsure', error: 'no answer', atMs: 6 },
] as const satisfies readonly OutboxResult[];

/** The states that a post goes through, in their order. */
export function pathOf(index: number): readonly OutboxState[] {
  return ['waiting', 'sending', endingOf(index).state];
}

/** One post after the other: claims it, notes who asked, and takes it to its end. Each step is told when it is answered for. */
export async function sendPosts(store: Store, round: string, done: (step: string) => void): Promise<never> {
  const { outbox, claims, audit } = store;
  for (let index = 0; ; index += 1) {
    const key = `${round}-${index}`;
    if (!(await claims.claim(key, 1))) throw new Error(`${key} was claimed`);
    done(`claimed ${key}`);
    await audit.begin(askedFor(key, 1));
    done(`asked ${key}`);
    await outbox.add(postOf(key));
    done(`reached ${key} 0`);
    if (!(await outbox.begin(key, 2))) throw new Error(`${key} did not begin`);
    done(`reached ${key} 1`);
    if (!(await outbox.end(key, endingOf(index)))) throw new Error(`${key} did not end`);
    done(`reached ${key} 2`);
    await audit.end(key, 'done', key);
    done(`answered ${key}`);
  }
}

function endingOf(index: number): OutboxResult {
  return endings[index % endings.length] ?? endings[0];
}
