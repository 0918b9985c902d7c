import type { FromBot, PageWanted, ToBot } from './chat-process.ts';
import { type EventLoopDelay, whileMeasured } from './event-loop-delay.ts';

export function tell(message: FromBot): void {
  if (process.connected) process.send?.(message);
}

/** Does what the bench says; settles when it is gone. */
export function obeyBench(page: (page: PageWanted) => void): Promise<void> {
  let report: () => void = () => undefined;
  process.on('message', (message: ToBot) => {
    if (message.kind === 'page') page(message.page);
    if (message.kind === 'report') report();
    if (message.kind !== 'watch') return;
    const asked = new Promise<void>((resolve) => {
      report = resolve;
    });
    void watch(asked);
  });
  return new Promise((resolve) => process.once('disconnect', resolve));
}

async function watch(asked: Promise<void>): Promise<void> {
  const before = process.cpuUsage();
  const { delay }: { delay: EventLoopDelay } = await whileMeasured(() => asked);
  const { user, system } = process.cpuUsage(before);
  tell({ kind: 'vitals', delay, cpuSeconds: (user + system) / 1e6 });
}
