import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { z } from 'zod';
import { profit } from '../../commands/profit.ts';
import { type FakeExporter, startExporter } from '../support/exporter-farm.ts';
import { ask } from '../support/run-rigshift.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/*
 * Case G26 of the reference cases for money, from the text that exporters print to the figures that an operator reads:
 * one RTX 3090 that mines at 294 W and makes 0.60 USD a day.
 */

const uuid = '6f1d2a3b-0c4e-4a5b-9d6f-7e8091a2b3c4';

const nvidia = `# HELP nvidia_smi_gpu_info GPU information
# TYPE nvidia_smi_gpu_info gauge
nvidia_smi_gpu_info{compute_cap="8.6",cuda_version="12.4",driver_model_current="[N/A]",driver_version="550.54.14",index="0",name="NVIDIA GeForce RTX 3090",pci_bus_id="00000000:01:00.0",uuid="${uuid}",vbios_version="94.02.42.00.a9"} 1
# HELP nvidia_smi_memory_total_bytes memory.total [MiB]
# TYPE nvidia_smi_memory_total_bytes gauge
nvidia_smi_memory_total_bytes{uuid="${uuid}"} 2.5769803776e+10
# HELP nvidia_smi_power_draw_watts power.draw [W]
# TYPE nvidia_smi_power_draw_watts gauge
nvidia_smi_power_draw_watts{uuid="${uuid}"} 294
# HELP nvidia_smi_utilization_gpu_ratio utilization.gpu [%]
# TYPE nvidia_smi_utilization_gpu_ratio gauge
nvidia_smi_utilization_gpu_ratio{uuid="${uuid}"} 1
`;

/** 2^25 H/s, in the way of each miner. */
const miners = {
  trex: (accepted: number, rejected: number) => `# TYPE trex_gpu_hashrate gauge
trex_gpu_hashrate{device_id="0",name="RTX 3090",worker="a1"} 33554432
trex_gpu_power{device_id="0",name="RTX 3090",worker="a1"} 291
trex_gpu_accepted_count{device_id="0",name="RTX 3090",worker="a1"} ${accepted}
trex_gpu_rejected_count{device_id="0",name="RTX 3090",worker="a1"} ${rejected}
`,
  lolminer: () => `# TYPE lolminer_gpu_info gauge
lolminer_mining_info{algorithm="Etchash",pool="stratum.example:4444"} 1
lolminer_gpu_info{gpu_index="0",name="NVIDIA GeForce RTX 3090",pcie_address="1:0"} 1
lolminer_gpu_performance_mhps{gpu_index="0"} 33.554432
`,
} as const;

interface Case {
  readonly market: string;
  readonly miner: string;
  readonly coin: object;
  readonly poolFee: number;
}

/** Each makes 25 coins a day before fees: 2^25 H/s * 86,400 s * 2,500 coins per block / hashes per block. */
const cases: readonly Case[] = [
  {
    market: 'a Bitcoin-style difficulty: 67,500 * 2^32 hashes per block',
    miner: miners.trex(0, 0),
    coin: { algorithm: 'kawpow', difficulty: 67_500, difficultyUnit: 'btc', blockReward: 2_500, price: 0.024 },
    poolFee: 0,
  },
  {
    market: 'a difficulty in hashes',
    miner: miners.lolminer(),
    coin: {
      algorithm: 'etchash',
      difficulty: 289_910_292_480_000,
      difficultyUnit: 'hashes',
      blockReward: 2_500,
      price: 0.024,
    },
    poolFee: 0,
  },
  {
    market: 'a pool fee of 4 % and one share in five rejected',
    miner: miners.trex(80, 20),
    coin: { algorithm: 'kawpow', difficulty: 67_500, difficultyUnit: 'btc', blockReward: 2_500, price: 0.03125 },
    poolFee: 0.04,
  },
];

const figures = {
  revenue: '0.600000 USD',
  netMine: '0.114304 USD',
  netRent: '2.025040 USD',
  netMixed: '2.0946016 USD',
  occupancy: '0.0578550',
  rentPerGpuHour: '0.0430800 USD',
  pricePerKwhMine: '0.0747269 USD',
  pricePerKwhRent: '0.4637161 USD',
};

it.each(cases)('`ask "profit" --json` has the figures of G26 to six digits with $market', async (given) => {
  await using farm = await startFarm(given.miner);
  using folder = temporaryFolder();
  const file = join(folder.path, 'farm.yaml');
  writeFileSync(file, configuration(farm.exporters, given));
  const askFor = (question: string) => ask(question, ['--config', file], { cwd: folder.path });

  const answers = await Promise.all(['profit', 'profit rig:a1', 'profit site:garage'].map(askFor));
  for (const { code, answer } of answers) {
    const facts = profit.facts.parse(answer.facts);
    expect(code).toBe(0);
    expect(printed(facts)).toEqual(figures);
    expect(facts).toMatchObject({ best: 'mixed', basis: 'estimated', coverage: { gpus: 1, compared: 1 } });
    // The same figures in words, rounded once.
    expect(answer.reply.headline).toMatch(/\$2\.09 per day \(est\.\).*\$0\.114\b.*\$2\.03\b/);
  }
});

function printed({ perDay, breakEven }: z.infer<typeof profit.facts>): typeof figures {
  return {
    revenue: digits(perDay.mine.revenue, 6),
    netMine: digits(perDay.mine.net, 6),
    netRent: digits(perDay.rent.net, 6),
    netMixed: digits(perDay.mixed.net, 7),
    occupancy: breakEven.occupancy?.toFixed(7) ?? 'unknown',
    rentPerGpuHour: digits(breakEven.rentPerGpuHour, 7),
    pricePerKwhMine: digits(breakEven.pricePerKwhMine, 7),
    pricePerKwhRent: digits(breakEven.pricePerKwhRent, 7),
  };
}

function digits(money: { readonly amount: number; readonly currency: string } | null, decimals: number): string {
  return money === null ? 'unknown' : `${money.amount.toFixed(decimals)} ${money.currency}`;
}

async function startFarm(miner: string): Promise<AsyncDisposable & { readonly exporters: readonly FakeExporter[] }> {
  const exporters = await Promise.all([nvidia, miner].map((text) => startExporter({ kind: 'prints', text })));
  return {
    exporters,
    async [Symbol.asyncDispose]() {
      await Promise.all(exporters.map((exporter) => exporter.stop()));
    },
  };
}

function configuration(exporters: readonly FakeExporter[], { coin, poolFee }: Case): string {
  return stringify({
    farm: { name: 'one card', currency: 'USD' },
    mining: { coin: 'COIN', poolFee },
    sites: [{ name: 'garage', pue: 1.1, hostWatts: 0, psuEfficiency: 1, tariff: { pricePerKwh: 0.06 } }],
    metrics: { exporters: { targets: [{ rig: 'a1', site: 'garage', urls: exporters.map(({ url }) => url) }] } },
    market: {
      static: {
        coins: { COIN: coin },
        rentals: { 'RTX 3090': { pricePerGpuHour: 0.22, side: 'renter', platformFee: 0.25, occupancy: 0.6 } },
      },
    },
    operations: { miningPerGpuDay: 0.02, rentalPerGpuDay: 0.05, idleWatts: 25, rentalWatts: { 'RTX 3090': 300 } },
  });
}
