import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { Gauge, type Registry } from 'prom-client';

const resolutionMs = 10;

/**
 * How late the event loop was since the scrape before. Returns how to stop measuring. The label is `stat`, because
 * Prometheus keeps `quantile` for summaries.
 */
export function registerEventLoopMetrics(registry: Registry): () => void {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  delays.enable();
  new Gauge({
    name: 'rigshift_event_loop_delay_seconds',
    help: 'Delay of the event loop since the previous scrape: median, 99th percentile and maximum.',
    labelNames: ['stat'],
    registers: [registry],
    async collect() {
      // A stall that ended just now is measured at the next tick, and a reset before that would lose it.
      await setImmediate();
      await setImmediate();
      this.reset();
      for (const [stat, seconds] of Object.entries(statistics(delays))) this.set({ stat }, seconds);
      delays.reset();
    },
  });
  return () => void delays.disable();
}

/** Empty where nothing was measured yet. */
function statistics(delays: ReturnType<typeof monitorEventLoopDelay>): Record<string, number> {
  if (delays.count === 0) return {};
  // What is measured is the time from one tick of the timer to the next, the timer's own interval included.
  const lateSeconds = (nanoseconds: number) => Math.max(0, nanoseconds / 1e9 - resolutionMs / 1e3);
  return {
    p50: lateSeconds(delays.percentile(50)),
    p99: lateSeconds(delays.percentile(99)),
    max: lateSeconds(delays.max),
  };
}
