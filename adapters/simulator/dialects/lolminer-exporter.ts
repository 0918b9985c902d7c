import type { Algorithm } from '../cards.ts';
import { Exposition, labels, type Row } from '../exposition.ts';
import { type CardReading, minerIndex, type RigReading } from '../reading.ts';
import { hashesPerShare } from '../shares.ts';

const algorithmNames = {
  kawpow: 'KawPow',
  etchash: 'Etchash',
  autolykos2: 'Autolykos V2',
} as const satisfies Partial<Record<Algorithm, string>>;

function nameOf(algorithm: Algorithm | null): string {
  return algorithm !== null && algorithm in algorithmNames
    ? algorithmNames[algorithm as keyof typeof algorithmNames]
    : '';
}

/** prometheus-lolminer-exporter: speeds in MH/s, cards by their index alone, a PCIe address of decimal bus and device. */
export function renderLolminerExporter(reading: RigReading): string {
  const page = new Exposition();
  addCards(page, reading);
  addSession(page, reading);
  page.gauge('lolminer_exporter_info', 'Metadata about the exporter.', [[labels({ version: '1.0.0' }), 1]]);
  page.gauge('lolminer_software_info', 'Metadata about the software.', [[labels({ software: 'lolMiner 1.88' }), 1]]);
  const { algorithm } = reading.rig.kind;
  page.gauge('lolminer_mining_info', 'Metadata about mining.', [[labels({ algorithm: nameOf(algorithm) }), 1]]);
  const stratum = labels({ stratum_pool: 'pool.example.org:1010', stratum_user: reading.rig.name });
  page.gauge('lolminer_stratum_average_latency_seconds', 'Average latency for the stratum (s).', [[stratum, 0.0318]]);
  page.gauge('lolminer_stratum_info', 'Metadata about the stratum.', [[stratum, 1]]);
  return page.sortedText();
}

function addCards(page: Exposition, reading: RigReading): void {
  const rows = (value: (card: CardReading) => number): Row[] =>
    reading.cards.map((card) => [labels({ gpu_index: minerIndex(reading, card) }), value(card)]);
  page.gauge(
    'lolminer_gpu_fan_speed',
    'GPU fan speed (0-1).',
    rows(({ coreCelsius }) => Math.max(30, coreCelsius + 8) / 100),
  );
  page.gauge(
    'lolminer_gpu_info',
    'Metadata about a GPU.',
    reading.cards.map(
      (card): Row => [
        labels({
          gpu_index: minerIndex(reading, card),
          name: card.card.model.name,
          pcie_address: `${card.card.bus}:0`,
        }),
        1,
      ],
    ),
  );
  page.gauge('lolminer_gpu_performance_mhps', 'GPU performance (Mh/s).', rows(megahashes));
  page.gauge(
    'lolminer_gpu_power_watts',
    'GPU power usage (Watt).',
    rows(({ watts }) => round(watts, 3)),
  );
  page.gauge(
    'lolminer_gpu_temperature_celsius',
    'GPU temperature (deg. C).',
    rows(({ coreCelsius }) => coreCelsius),
  );
  const counts: readonly (readonly [string, string, (card: CardReading) => number])[] = [
    ['accepted_shares', 'Number of accepted shared for the GPU during the current session.', acceptedShares],
    ['hardware_errors', 'Number of hardware errors for the GPU during the current session.', hardwareErrors],
    ['submitted_shares', 'Number of submitted shared for the GPU during the current session.', submittedShares],
  ];
  for (const [name, help, count] of counts) page.counter(`lolminer_gpu_session_${name}_total`, help, rows(count));
}

function addSession(page: Exposition, reading: RigReading): void {
  const { minerStartMs } = reading;
  const startup = new Date(minerStartMs).toISOString().slice(0, 19).replace('T', '_').replaceAll(':', '-');
  const session = labels({ session_startup_time: startup });
  const sum = (value: (card: CardReading) => number) => reading.cards.reduce((total, card) => total + value(card), 0);
  const gauge = (name: string, help: string, value: number) =>
    page.gauge(`lolminer_session_${name}`, help, [[session, value]]);
  const counter = (name: string, help: string, value: number) =>
    page.counter(`lolminer_session_${name}`, help, [[session, value]]);
  counter('accepted_shares_total', 'Number of accepted shares for this session.', sum(acceptedShares));
  counter('submitted_shares_total', 'Number of submitted shares for this session.', sum(submittedShares));
  gauge(
    'active_gpus',
    'Number of active GPUs.',
    sum(({ activity }) => (activity === 'mining' ? 1 : 0)),
  );
  gauge('info', 'Metadata about the session.', 1);
  gauge('last_update_seconds_timestamp', 'Timestamp for last update.', Math.floor(reading.atMs / 1000));
  gauge('performance_total_mhps', 'Total current performance for the session (Mh/s).', round(sum(megahashes), 2));
  gauge(
    'power_total_watts',
    'Total current power usage for the session (Watt).',
    round(
      sum(({ watts }) => watts),
      3,
    ),
  );
  gauge('startup_seconds_timestamp', 'Timestamp for the start of the session.', minerStartMs / 1000);
  gauge('uptime_seconds', 'Uptime for the session (s).', Math.floor((reading.atMs - minerStartMs) / 1000));
}

function megahashes({ hashesPerSecond }: CardReading): number {
  return round(hashesPerSecond / 1e6, 2);
}

function submittedShares({ hashesCounted }: CardReading): number {
  return Math.floor(hashesCounted / hashesPerShare);
}

function acceptedShares(card: CardReading): number {
  return submittedShares(card) - Math.floor(submittedShares(card) / 210);
}

/** The first card of such a rig has a tired memory: one wrong result in some hundred shares. */
function hardwareErrors(card: CardReading): number {
  return card.card.index === 0 ? Math.floor(submittedShares(card) / 400) : 0;
}

function round(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}
