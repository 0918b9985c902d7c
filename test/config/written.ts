import { ConfigError, type Mistake } from '../../src/config/mistake.ts';
import { type Config, parseConfig } from '../../src/config/parse.ts';

export const smallest = `
sites: [{name: garage, tariff: {pricePerKwh: 0.06}}]
metrics: {prometheus: {url: "http://127.0.0.1:9090"}}
`;

export const garage = `
farm: {name: g26, currency: USD}
sites: [{name: garage, pue: 1.1, tariff: {pricePerKwh: 0.06}}]
metrics: {exporters: {targets: [{rig: a1, site: garage, urls: ["http://127.0.0.1:9835/metrics"]}]}}
market:
  static:
    coins: {RVN: {algorithm: kawpow, difficulty: 100000, difficultyUnit: btc, blockReward: 2500, price: 0.02}}
    rentals: {"RTX 3090": {pricePerGpuHour: 0.22, platformFee: 0.25, occupancy: 0.6}}
operations: {miningPerGpuDay: 0.02, rentalPerGpuDay: 0.05, idleWatts: 25, rentalWatts: {"RTX 3090": 300}}
mining: {coin: RVN, poolFee: 0}
`;

export interface Surroundings {
  readonly csv?: string;
  /** Other files by their path. */
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** Parses a text as /farm/rigshift.yaml, beside which stands rigs.csv where `csv` is given. */
export function parseWritten(yaml: string, { csv, files = {}, env = {} }: Surroundings = {}): Promise<Config> {
  return parseConfig(yaml, {
    path: '/farm/rigshift.yaml',
    env,
    readFile: async (path) => {
      if (csv !== undefined && path === '/farm/rigs.csv') return csv;
      const text = files[path];
      if (text !== undefined) return text;
      throw Object.assign(new Error(`ENOENT ${path}`), { code: 'ENOENT' });
    },
  });
}

/** The error of a configuration that must not be accepted. */
export async function refusal(attempt: Promise<unknown>): Promise<ConfigError> {
  const result = await attempt.then(
    () => null,
    (error: unknown) => error,
  );
  if (result instanceof ConfigError) return result;
  throw new Error('accepted, or failed otherwise', { cause: result });
}

export async function mistakesOf(yaml: string, surroundings: Surroundings = {}): Promise<readonly Mistake[]> {
  return (await refusal(parseWritten(yaml, surroundings))).mistakes;
}

/** What begins like a PEM file; nothing could be signed with it. */
export function pem(what: string): string {
  return `-----BEGIN ${what}-----\nAAAA\n-----END ${what}-----\n`;
}
