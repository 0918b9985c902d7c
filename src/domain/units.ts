/** Units in which exporters print, each with its dimension and its factor to the canonical unit of that dimension. */
export const units = {
  celsius: { dimension: 'temperature', factor: 1 },
  W: { dimension: 'power', factor: 1 },
  mW: { dimension: 'power', factor: 1e-3 },
  uW: { dimension: 'power', factor: 1e-6 },
  kW: { dimension: 'power', factor: 1e3 },
  J: { dimension: 'energy', factor: 1 },
  mJ: { dimension: 'energy', factor: 1e-3 },
  uJ: { dimension: 'energy', factor: 1e-6 },
  kWh: { dimension: 'energy', factor: 3.6e6 },
  ratio: { dimension: 'ratio', factor: 1 },
  percent: { dimension: 'ratio', factor: 0.01 },
  byte: { dimension: 'data', factor: 1 },
  kB: { dimension: 'data', factor: 1e3 },
  MB: { dimension: 'data', factor: 1e6 },
  GB: { dimension: 'data', factor: 1e9 },
  KiB: { dimension: 'data', factor: 2 ** 10 },
  MiB: { dimension: 'data', factor: 2 ** 20 },
  GiB: { dimension: 'data', factor: 2 ** 30 },
  'bit/s': { dimension: 'data rate', factor: 1 },
  'kbit/s': { dimension: 'data rate', factor: 1e3 },
  'Mbit/s': { dimension: 'data rate', factor: 1e6 },
  'Gbit/s': { dimension: 'data rate', factor: 1e9 },
  'byte/s': { dimension: 'data rate', factor: 8 },
  'kB/s': { dimension: 'data rate', factor: 8e3 },
  'MB/s': { dimension: 'data rate', factor: 8e6 },
  /** Also solutions and graphs per second, for the algorithms that count those. */
  'H/s': { dimension: 'hashrate', factor: 1 },
  'kH/s': { dimension: 'hashrate', factor: 1e3 },
  'MH/s': { dimension: 'hashrate', factor: 1e6 },
  'GH/s': { dimension: 'hashrate', factor: 1e9 },
  'TH/s': { dimension: 'hashrate', factor: 1e12 },
  /** Transfers per second of a PCI Express lane. */
  'T/s': { dimension: 'transfers', factor: 1 },
  'GT/s': { dimension: 'transfers', factor: 1e9 },
  s: { dimension: 'time', factor: 1 },
  ms: { dimension: 'time', factor: 1e-3 },
  us: { dimension: 'time', factor: 1e-6 },
  ns: { dimension: 'time', factor: 1e-9 },
  /** A plain number: cards, lanes, errors, codes. */
  count: { dimension: 'count', factor: 1 },
  /** 0 for no, anything else for yes. */
  flag: { dimension: 'flag', factor: 1 },
  USD: { dimension: 'USD', factor: 1 },
  'USD/GPU-h': { dimension: 'price', factor: 1 },
} as const satisfies Record<string, { readonly dimension: string; readonly factor: number }>;

export type Unit = keyof typeof units;
/** The canonical units: °C, W, J, a ratio, bytes, bit/s, H/s, transfers/s, seconds, a number, 0 or 1, USD, USD per GPU-hour. */
export type Dimension = (typeof units)[Unit]['dimension'];
