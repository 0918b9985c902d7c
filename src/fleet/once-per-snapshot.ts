import type { Snapshot } from '../domain/snapshot.ts';

/**
 * Works something out once per snapshot, however many people ask: a snapshot never changes. Asked with other arguments than
 * the last time (by identity) it works again. What is being worked out is shared; a failure is not kept.
 */
export function oncePerSnapshot<Arguments extends readonly unknown[], Result>(
  work: (snapshot: Snapshot, ...args: Arguments) => Result,
): (snapshot: Snapshot, ...args: Arguments) => Result {
  const known = new WeakMap<Snapshot, { readonly args: Arguments; readonly result: Result }>();
  return (snapshot, ...args) => {
    const last = known.get(snapshot);
    if (last?.args.every((value, index) => value === args[index]) === true) return last.result;
    const result = work(snapshot, ...args);
    const entry = { args, result };
    known.set(snapshot, entry);
    if (result instanceof Promise) {
      result.catch(() => {
        if (known.get(snapshot) === entry) known.delete(snapshot);
      });
    }
    return result;
  };
}
