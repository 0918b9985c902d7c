import type { TargetReading } from './target-reading.ts';

/**
 * Without targets that are an exporter of cards or miners which several jobs scrape: what cannot be told apart by a UUID
 * would count several times.
 */
export function oncePerExporter(targets: readonly TargetReading[]): readonly TargetReading[] {
  const instances = new Set(targets.map(({ instance }) => instance));
  if (instances.size === targets.length) return targets;
  const prints = new Set<string>();
  return targets.filter((target) => {
    const counted = [target.cards, target.minerTotals, target.asics].map((printed) => [...printed.keys()].sort());
    if (counted.every(({ length }) => length === 0)) return true;
    const print = JSON.stringify([target.instance, ...counted]);
    if (prints.has(print)) return false;
    prints.add(print);
    return true;
  });
}
