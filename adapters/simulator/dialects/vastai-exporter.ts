import { lastPayoutMs, paidBeforeUsd } from '../account.ts';
import type { CardModel } from '../cards.ts';
import { Exposition, labels, type Row } from '../exposition.ts';
import { chance, topics } from '../random.ts';
import type { RigReading } from '../reading.ts';

export interface AccountReading {
  readonly seed: number;
  readonly atMs: number;
  /** The machines of the account: rigs that are on the marketplace. */
  readonly machines: readonly RigReading[];
  /** Earned since the epoch, and what of it was earned by the newest payout. */
  readonly earnedUsd: number;
  readonly earnedByPayoutUsd: number;
}

/** vastai_exporter: one target for a whole account; counts per machine, never per card. */
export function renderVastaiExporter(account: AccountReading): string {
  const page = new Exposition();
  addMachines(page, account);
  addRentals(page, account);
  addDefaultJobs(page, account);
  addPayouts(page, account);
  addMarket(page, account);
  return page.sortedText();
}

function addMachines(page: Exposition, { seed, machines }: AccountReading): void {
  page.gauge(
    'vastai_machine_info',
    'Machine info',
    machines.map(
      (machine): Row => [
        labels({ gpu_name: modelOf(machine).shortName, hostname: machine.rig.name, machine_id: idOf(machine) }),
        1,
      ],
    ),
  );
  const gauges: readonly (readonly [string, string, (machine: RigReading) => number])[] = [
    ['gpu_count', 'Number of GPUs', ({ cards }) => cards.length],
    ['has_static_ip', 'Does machine have static IP (1) or not (0)', isVerified],
    ['is_dc', 'Is machine marked as datacenter (1) or not (0)', () => 0],
    ['is_listed', 'Is machine listed (1) or not (0)', () => 1],
    ['is_online', 'Is machine online (1) or not (0)', isOnline],
    ['is_verified', 'Is machine verified (1) or not (0)', isVerified],
    [
      'ondemand_price_per_gpu_dollars',
      'Machine on-demand price per GPU/hour',
      ({ rig }) => rig.machine?.usdPerGpuHour ?? 0,
    ],
    [
      'per_gpu_dlperf_score_chunk',
      'DLPerf score per GPU (measured on a minimal chunk)',
      (machine) => modelOf(machine).teraflops * 0.76,
    ],
    [
      'per_gpu_dlperf_score_whole',
      'DLPerf score per GPU (measured on the whole machine)',
      (machine) => modelOf(machine).teraflops * 0.74,
    ],
    ['per_gpu_teraflops', 'Performance in TFLOPS per GPU', (machine) => modelOf(machine).teraflops],
    ['reliability', 'Reliability indicator (0.0-1.0)', (machine) => reliabilityOf(seed, machine)],
    ['supports_vms', 'Does machine support VMs (1) or not (0)', isVerified],
  ];
  for (const [name, help, value] of gauges) {
    page.gauge(
      `vastai_machine_${name}`,
      help,
      machines.map((machine): Row => [labels({ machine_id: idOf(machine) }), value(machine)]),
    );
  }
  page.gauge(
    'vastai_machine_inet_bps',
    "Measured internet speed, download or upload (direction = 'up'/'down')",
    machines.flatMap((machine) =>
      (['down', 'up'] as const).map(
        (direction): Row => [
          labels({ direction, ip_address: `203.0.113.${machine.rig.index % 250}`, machine_id: idOf(machine) }),
          (direction === 'down' ? 1 : 0.92) *
            Math.round(620 + 250 * chance(seed, topics.host, machine.rig.index, 7)) *
            1e6,
        ],
      ),
    ),
  );
}

function addRentals(page: Exposition, { machines }: AccountReading): void {
  page.gauge(
    'vastai_machine_used_gpu_count',
    "Number of GPUs running jobs (rental_type = 'ondemand'/'reserved'/'bid'/'default'/'my')",
    machines.flatMap((machine) =>
      Object.entries(usedGpus(machine)).map(
        ([type, gpus]): Row => [labels({ machine_id: idOf(machine), rental_type: type }), gpus],
      ),
    ),
  );
  page.gauge(
    'vastai_machine_rentals_count',
    "Count of current rentals (rental_type = 'ondemand'/'bid'/'default'/'my', rental_status = 'running'/'stopped')",
    machines.flatMap((machine) =>
      (['running', 'stopped'] as const).flatMap((status) => {
        const { bid, default: ownJob, ondemand } = usedGpus(machine);
        const stopped = { bid: 2, default: machine.rentedCards, my: 0, ondemand: 3 };
        const running = { bid: Math.min(bid, 1), default: ownJob, my: 0, ondemand: Math.min(ondemand, 1) };
        return Object.entries(status === 'running' ? running : stopped).map(
          ([type, count]): Row => [
            labels({ machine_id: idOf(machine), rental_status: status, rental_type: type }),
            count,
          ],
        );
      }),
    ),
  );
}

/** A third of the rented cards goes to interruptible bids; a whole verified machine now and then is reserved. */
function usedGpus(machine: RigReading): Readonly<Record<'bid' | 'default' | 'my' | 'ondemand' | 'reserved', number>> {
  const rented = machine.rentedCards;
  const bid = Math.floor(rented / 3);
  const reserved = machine.rig.machine?.verified === true && rented === machine.cards.length ? 1 : 0;
  const ownJob = machine.cards.filter(({ activity }) => activity === 'mining').length;
  return { bid, default: ownJob, my: 0, ondemand: rented - bid - reserved, reserved };
}

/** The host's own miner, one instance for each card, stopped where the card is rented. */
function addDefaultJobs(page: Exposition, { machines, seed }: AccountReading): void {
  const jobs = machines
    .filter(({ rig }) => rig.kind.work.activity === 'mining')
    .flatMap((machine) => machine.cards.map((reading) => ({ machine, reading })));
  const instance = ({ machine, reading }: (typeof jobs)[number]) => ({
    instance_id: 1_414_000 + machine.rig.index * 40 + reading.card.index,
    machine_id: idOf(machine),
    rental_type: 'default',
  });
  page.gauge(
    'vastai_instance_info',
    'Instance info',
    jobs.map(
      (job): Row => [
        labels({ docker_image: 'example/t-rex', gpu_name: modelOf(job.machine).shortName, ...instance(job) }),
        1,
      ],
    ),
  );
  const gauges: readonly (readonly [string, string, (job: (typeof jobs)[number]) => number])[] = [
    ['gpu_count', 'Number of GPUs assigned to this instance', () => 1],
    [
      'gpu_fraction',
      'Number of GPUs assigned to this instance divided by total number of GPUs on the host',
      ({ machine }) => 1 / machine.cards.length,
    ],
    [
      'is_running',
      'Is instance running (1) or stopped/outbid/initializing (0)',
      ({ reading }) => (reading.activity === 'mining' ? 1 : 0),
    ],
    [
      'min_bid_per_gpu_dollars',
      "Min bid to outbid this instance per GPU/hour (makes sense if rental_type = 'default'/'bid')",
      ({ machine }) => (machine.rig.machine?.usdPerGpuHour ?? 0) * 0.6,
    ],
    ['my_bid_per_gpu_dollars', 'My bid on this instance per GPU/hour', () => 0.02],
    [
      'start_timestamp',
      'Unix timestamp when instance was started',
      ({ machine }) => machine.bootMs / 1000 + chance(seed, topics.market, machine.rig.index, 3) * 600,
    ],
  ];
  for (const [name, help, value] of gauges) {
    page.gauge(
      `vastai_instance_${name}`,
      help,
      jobs.map((job): Row => [labels(instance(job)), value(job)]),
    );
  }
}

function addPayouts(page: Exposition, { atMs, earnedUsd, earnedByPayoutUsd }: AccountReading): void {
  // To the hundredth of a cent, so that the sum of both keeps growing steadily.
  const paid = roundUsd(paidBeforeUsd + earnedByPayoutUsd);
  page.gauge('vastai_paid_out_dollars', 'All-time paid out amount (minus service fees)', [['', paid]]);
  page.gauge('vastai_pending_payout_dollars', 'Pending payout (minus service fees)', [
    ['', roundUsd(paidBeforeUsd + earnedUsd - paid)],
  ]);
  page.gauge('vastai_last_payout_time', 'Unix timestamp of last completed payout', [['', lastPayoutMs(atMs) / 1000]]);
}

/** Offers of everybody for the account's models; prices move by the hour. */
function addMarket(page: Exposition, { seed, atMs, machines }: AccountReading): void {
  const models = [...new Map(machines.map((machine) => [modelOf(machine).shortName, modelOf(machine)])).values()];
  const hour = Math.floor(atMs / 3_600_000);
  const quote = (model: CardModel, factor: number) =>
    Math.round(
      (model.vastFloorUsd ?? 0.1) * factor * (0.97 + 0.06 * chance(seed, topics.market, model.pciDeviceId, hour)) * 1e4,
    ) / 1e4;
  page.gauge(
    'vastai_gpu_count',
    'Number of GPUs offered on site',
    models.flatMap((model) => offerRows(seed, model, hour)),
  );
  const percentiles = [
    ['median_dollars', 'Median on-demand price per GPU model', 1.34],
    ['10th_percentile_dollars', '10th percentile of on-demand prices per GPU model', 1.02],
    ['90th_percentile_dollars', '90th percentile of on-demand prices per GPU model', 1.92],
  ] as const;
  for (const [name, help, factor] of percentiles) {
    page.gauge(
      `vastai_ondemand_price_${name}`,
      help,
      models.flatMap((model) =>
        (['any', 'no', 'yes'] as const).flatMap((rented) =>
          (['any', 'no', 'yes'] as const).map(
            (verified): Row => [
              labels({ gpu_name: model.shortName, rented, verified }),
              quote(model, factor * premium[rented] * premium[verified]),
            ],
          ),
        ),
      ),
    );
  }
}

/** Rented offers are a little cheaper than free ones; verified ones dearer. */
const premium = { any: 1, no: 0.96, yes: 1.03 } as const;

function offerRows(seed: number, model: CardModel, hour: number): Row[] {
  const offers = Math.round(240 + 900 * chance(seed, topics.market, model.pciDeviceId));
  const occupancy =
    0.45 +
    0.3 * chance(seed, topics.market, model.pciDeviceId, 1) +
    0.04 * chance(seed, topics.market, model.pciDeviceId, hour, 2);
  return (['no', 'yes'] as const).flatMap((rented) =>
    (['no', 'yes'] as const).map((verified): Row => {
      const count = offers * (rented === 'yes' ? occupancy : 1 - occupancy) * (verified === 'yes' ? 0.7 : 0.3);
      return [labels({ gpu_name: model.shortName, rented, verified }), Math.round(count)];
    }),
  );
}

function idOf({ rig }: RigReading): number {
  return rig.machine?.id ?? 0;
}

function isOnline({ cards }: RigReading): number {
  return cards.some(({ activity }) => activity !== 'off') ? 1 : 0;
}

function isVerified({ rig }: RigReading): number {
  return rig.machine?.verified === true ? 1 : 0;
}

function reliabilityOf(seed: number, { rig }: RigReading): number {
  const worst = rig.machine?.verified === true ? 0.985 : 0.91;
  return Math.round((worst + (0.999 - worst) * chance(seed, topics.host, rig.index, 8)) * 1e7) / 1e7;
}

function modelOf(machine: RigReading): CardModel {
  const first = machine.cards[0];
  if (first === undefined) throw new Error(`${machine.rig.name} has no cards`);
  return first.card.model;
}

function roundUsd(usd: number): number {
  return Math.round(usd * 1e4) / 1e4;
}
