import type { BotKeeper } from './bot-keeper.ts';
import type { Exporters } from './exporters.ts';
import type { Disturbance } from './plan.ts';

/** Afterwards bot and exporters run again. */
export async function disturb(disturbance: Disturbance, bot: BotKeeper, exporters: Exporters): Promise<void> {
  switch (disturbance.kind) {
    case 'kill':
      await bot.kill();
      return bot.start();
    case 'kill in commit':
      await bot.killInCommit(disturbance);
      return bot.start();
    case 'kill and start blind':
      await bot.kill();
      await Promise.all([exporters.suspendFor(disturbance.blindMs), bot.start()]);
      return;
    case 'stop':
      await bot.stop();
      return bot.start();
    case 'suspend exporters':
      return exporters.suspendFor(disturbance.durationMs);
    case 'restart exporters':
      return exporters.restartAfter(disturbance.durationMs);
  }
}
