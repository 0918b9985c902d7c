import { describe, expect, it } from 'vitest';
import { garage, parseWritten, smallest } from './written.ts';

describe('what a configuration means', () => {
  it('reads who may do what where people chat', async () => {
    const { chat } = await parseWritten(
      `${garage}\nchat: {locale: FR-ca, discord: {admins: ["123456789012345678"]}, slack: {operators: [U1, " S2 "], adminChannel: C3}}`,
    );
    expect(chat).toEqual({
      locale: 'fr-CA',
      discord: { admins: ['123456789012345678'], operators: [], adminChannel: null },
      slack: { admins: [], operators: ['U1', 'S2'], adminChannel: 'C3' },
    });
  });

  it('reads the garage with one rig', async () => {
    const { farm, metrics, chat, configPath } = await parseWritten(garage);
    expect(configPath).toBe('/farm/rigshift.yaml');
    const nobody = { admins: [], operators: [], adminChannel: null };
    expect(chat).toEqual({ locale: 'en', discord: nobody, slack: nobody });
    expect(metrics).toEqual({
      intervalMs: 30_000,
      source: {
        kind: 'exporters',
        targets: [{ rig: 'a1', site: 'garage', urls: ['http://127.0.0.1:9835/metrics'], labels: {} }],
        file: null,
      },
      sharedHosts: [],
      rigLabels: ['rig', 'worker', 'nodename', 'hostname', 'Hostname'],
      rewrites: [],
    });
    expect(farm).toEqual({
      name: 'g26',
      currency: 'USD',
      timezone: 'UTC',
      sites: [
        {
          name: 'garage',
          match: {},
          timezone: 'UTC',
          pue: 1.1,
          psuEfficiency: null,
          hostWatts: null,
          tariff: { pricePerKwh: { amount: 0.06, currency: 'USD' } },
          mining: { coin: null, poolFee: null },
          capacity: { lineUpMbps: null, lineDownMbps: null, publicIps: null, powerKw: null },
          meter: null,
        },
      ],
      rigs: new Map(),
      inventory: new Map(),
      market: {
        coins: [
          {
            coin: 'RVN',
            algorithm: 'kawpow',
            difficulty: 100_000,
            difficultyUnit: 'btc',
            blockReward: 2500,
            price: { amount: 0.02, currency: 'USD' },
            source: 'configuration',
            asOfMs: null,
          },
        ],
        rentals: [
          {
            model: 'RTX 3090',
            pricePerGpuHour: { amount: 0.22, currency: 'USD' },
            side: 'renter',
            platformFee: 0.25,
            occupancy: 0.6,
            source: 'configuration',
            asOfMs: null,
          },
        ],
        fx: [],
      },
      operations: {
        miningPerGpuDay: { amount: 0.02, currency: 'USD' },
        rentalPerGpuDay: { amount: 0.05, currency: 'USD' },
        offPerGpuDay: null,
        idleWatts: 25,
        offWatts: null,
        rentalWatts: new Map([['RTX 3090', 300]]),
      },
      mixed: { idleShareMined: 1, switchesPerDay: 0, switchHours: 0 },
      mining: { coin: 'RVN', poolFee: 0 },
    });
  });

  it('leaves unknown what nobody said, instead of 0', async () => {
    const { farm } = await parseWritten(smallest);
    expect(farm.operations).toEqual({
      miningPerGpuDay: null,
      rentalPerGpuDay: null,
      offPerGpuDay: null,
      idleWatts: null,
      offWatts: null,
      rentalWatts: new Map(),
    });
    expect(farm.mining).toEqual({ coin: null, poolFee: null });
    expect(farm).toMatchObject({ name: 'farm', currency: 'USD', timezone: 'UTC' });
  });

  it.each([
    ['0.06', { amount: 0.06, currency: 'EUR' }],
    ['-0.02', { amount: -0.02, currency: 'EUR' }],
    ['0.06 cad', { amount: 0.06, currency: 'CAD' }],
    ['"6e-2 CAD"', { amount: 0.06, currency: 'CAD' }],
    ['{amount: 0.06, currency: CAD}', { amount: 0.06, currency: 'CAD' }],
    ['0.06, currency: cad', { amount: 0.06, currency: 'CAD' }],
    ['0.06 CAD, currency: CAD', { amount: 0.06, currency: 'CAD' }],
  ])('reads the power price %s', async (written, expected) => {
    const yaml = smallest.replace('0.06', written);
    const { farm } = await parseWritten(`farm: {currency: eur}\n${yaml}`);
    expect(farm.sites[0]?.tariff.pricePerKwh).toEqual(expected);
  });

  it.each([
    ['30s', 30_000],
    ['1m', 60_000],
    ['1m30s', 90_000],
    ['15', 15_000],
    ['7.5', 7_500],
    ['10m', 600_000],
  ])('reads the interval %s', async (written, expected) => {
    const { metrics } = await parseWritten(smallest.replace('metrics: {', `metrics: {interval: ${written}, `));
    expect(metrics.intervalMs).toBe(expected);
  });

  it('gives sites the zone of the farm, in its usual spelling', async () => {
    const yaml = smallest.replace(
      'sites: [',
      'sites: [{name: other, timezone: asia/kolkata, tariff: {pricePerKwh: 1}}, ',
    );
    const { farm } = await parseWritten(`farm: {timezone: america/toronto}\n${yaml}`);
    expect(farm.sites.map(({ timezone }) => timezone)).toEqual(['Asia/Kolkata', 'America/Toronto']);
  });

  it('normalises GPU models and dates the quotes', async () => {
    const { farm } = await parseWritten(`${smallest}
operations: {rentalWatts: {NVIDIA GeForce RTX 3070: 180}}
market:
  static:
    rentals: {NVIDIA GeForce RTX 3090: {pricePerGpuHour: 0.22 CAD, side: host, source: contract, asOf: 2026-10-01}}
    coins: {ETC: {algorithm: Etchash, difficulty: 3.1e+15, difficultyUnit: hashes, blockReward: 2, price: 18,
      asOf: "2026-10-01T12:00:00+02:00"}}
    fx: {usd/cad: 1.39, EUR/USD: {rate: 1.1, asOf: 2026-10-01}}
`);
    expect([...farm.operations.rentalWatts]).toEqual([['RTX 3070', 180]]);
    expect(farm.market.rentals).toEqual([
      {
        model: 'RTX 3090',
        pricePerGpuHour: { amount: 0.22, currency: 'CAD' },
        side: 'host',
        platformFee: null,
        occupancy: null,
        source: 'contract',
        asOfMs: Date.UTC(2026, 9, 1),
      },
    ]);
    expect(farm.market.coins[0]).toMatchObject({ algorithm: 'etchash', asOfMs: Date.UTC(2026, 9, 1, 10) });
    expect(farm.market.fx).toEqual([
      { base: 'USD', quote: 'CAD', rate: 1.39, asOf: null },
      { base: 'EUR', quote: 'USD', rate: 1.1, asOf: '2026-10-01' },
    ]);
  });

  it('keeps the names of rigs that look like numbers', async () => {
    const { farm } = await parseWritten(`${smallest}\nrigs: {007: {hostWatts: 40}, 1e3: {}, 0x10: {}, ~: {}}`);
    expect([...farm.rigs.keys()].sort()).toEqual(['007', '0x10', '1e3', '~']);
    expect(farm.rigs.get('007')).toEqual({
      site: null,
      mining: { coin: null, poolFee: null },
      hostWatts: 40,
      psuEfficiency: null,
    });
  });

  it('takes a key without a value as left out', async () => {
    const { farm } = await parseWritten(`${smallest}\nfarm:\nrigs:\nmining: {coin: , poolFee: ~}\n`);
    expect(farm).toMatchObject({ currency: 'USD', mining: { coin: null, poolFee: null } });
  });

  it('finds the file of targets beside the configuration', async () => {
    const yaml = smallest.replace(/prometheus:.*/, 'exporters: {file: sd/rigs.json}}');
    expect((await parseWritten(yaml)).metrics.source).toEqual({
      kind: 'exporters',
      targets: [],
      file: '/farm/sd/rigs.json',
    });
  });
});

describe('where Prometheus is', () => {
  const noMetrics = 'sites: [{name: garage, tariff: {pricePerKwh: 0.06}}]';
  const url = 'http://prometheus:9090/prefix';

  it.each([
    ['no metrics', noMetrics],
    ['an interval only', `${noMetrics}\nmetrics: {interval: 15s}`],
    ['prometheus without address', `${noMetrics}\nmetrics: {prometheus: {}}`],
    ['another address', smallest],
  ])('takes PROMETHEUS_URL where the file has %s', async (_, yaml) => {
    const { metrics } = await parseWritten(yaml, { env: { PROMETHEUS_URL: ` ${url}\n` } });
    expect(metrics.source).toEqual({ kind: 'prometheus', url, credentials: { kind: 'none' } });
  });

  it.each([
    [{ PROMETHEUS_TOKEN: 't' }, { kind: 'bearer', token: 't' }],
    [
      { PROMETHEUS_USERNAME: 'u', PROMETHEUS_PASSWORD: 'p' },
      { kind: 'basic', username: 'u', password: 'p' },
    ],
    [{ PROMETHEUS_USERNAME: '', PROMETHEUS_PASSWORD: ' ' }, { kind: 'none' }],
  ])('reads credentials %#', async (env, credentials) => {
    expect((await parseWritten(smallest, { env })).metrics.source).toMatchObject({ credentials });
  });
});

describe('the inventory', () => {
  it('is read beside the file, with unknowns as null and prices in their currency', async () => {
    const csv = [
      '\uFEFFpurchasePrice,rig,site,psuWatts,consoleUrl,purchaseCurrency,purchaseDate',
      '500,a1,garage,1600,https://10.0.0.5/ui,cad,2021-04-12',
      '',
      '"99.5 EUR","b 2",,,,,',
      '700,c3,,,,,',
    ].join('\r\n');
    const { farm } = await parseWritten(`${smallest}\ninventory: rigs.csv`, { csv });
    expect(farm.inventory.get('a1')).toEqual({
      rig: 'a1',
      site: 'garage',
      rack: null,
      shelf: null,
      pdu: null,
      outlet: null,
      switch: null,
      psuWatts: 1600,
      consoleUrl: 'https://10.0.0.5/ui',
      purchasePrice: { amount: 500, currency: 'CAD' },
      purchaseDate: '2021-04-12',
    });
    expect(farm.inventory.get('b 2')).toMatchObject({ site: null, purchasePrice: { amount: 99.5, currency: 'EUR' } });
    expect(farm.inventory.get('c3')?.purchasePrice).toEqual({ amount: 700, currency: 'USD' });
    expect(farm.inventory.size).toBe(3);
  });
});
