import { describe, expect, it } from 'vitest';
import { secretsOf } from '../../src/config/secrets.ts';
import { garage, parseWritten, pem, smallest } from './written.ts';

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
    const { farm, metrics, ledger, chat, configPath } = await parseWritten(garage);
    expect(configPath).toBe('/farm/rigshift.yaml');
    const nobody = { admins: [], operators: [], adminChannel: null };
    expect(chat).toEqual({ locale: 'en', discord: nobody, slack: nobody });
    expect(metrics).toEqual({
      intervalMs: 30_000,
      source: {
        kind: 'exporters',
        targets: [{ rig: 'a1', site: 'garage', urls: ['http://127.0.0.1:9835/metrics'], labels: {} }],
        files: [],
        httpSd: [],
        timeoutMs: 10_000,
        maxBytes: 32 * 2 ** 20,
        spreadMs: 15_000,
      },
      sharedHosts: [],
      rigLabels: ['rig', 'worker', 'nodename', 'hostname', 'Hostname'],
      rewrites: [],
      dialects: [],
      states: { miningGapMs: 120_000, downAfterMs: 120_000 },
      tooOldMs: 900_000,
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
      retired: new Set(),
    });
    expect(ledger).toEqual({ hoursDays: 60, aggregatesDays: 400, changesDays: 60, backfillDays: 7 });
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
      formerly: [],
    });
  });

  it('takes a key without a value as left out', async () => {
    const { farm } = await parseWritten(`${smallest}\nfarm:\nrigs:\nmining: {coin: , poolFee: ~}\n`);
    expect(farm).toMatchObject({ currency: 'USD', mining: { coin: null, poolFee: null } });
  });

  it('keeps what a rig was called before, and what is gone', async () => {
    const { farm } = await parseWritten(
      `${smallest}\nrigs: {a1: {formerly: [old-1, " old 2 "]}}\nretired: [b1, b1/#0, GPU-0A000000-0000-0000-0000-000000000001]`,
    );
    expect(farm.rigs.get('a1')?.formerly).toEqual(['old-1', 'old 2']);
    expect([...farm.retired]).toEqual(['b1', 'b1/#0', '0a000000-0000-0000-0000-000000000001']);
  });

  it('reads how long the ledger keeps what', async () => {
    const { ledger } = await parseWritten(
      `${smallest}\nledger: {hours: 35d, aggregates: 3650d, changes: 1d, backfill: 0d}`,
    );
    expect(ledger).toEqual({ hoursDays: 35, aggregatesDays: 3650, changesDays: 1, backfillDays: 0 });
  });
});

describe('how metrics are read', () => {
  const within = (metrics: string) => `sites: [{name: garage, tariff: {pricePerKwh: 0.06}}]\nmetrics: {${metrics}}`;
  const prometheus = 'prometheus: {url: "http://p"}';

  it('finds the files of targets beside the configuration, the old key and the new one', async () => {
    const yaml = within(
      'exporters: {file: sd/rigs.json, files: [sd/*.json, sd/rigs.json, /etc/x.yml], httpSd: ["http://i/"]}',
    );
    expect((await parseWritten(yaml)).metrics.source).toMatchObject({
      kind: 'exporters',
      targets: [],
      files: ['/farm/sd/rigs.json', '/farm/sd/*.json', '/etc/x.yml'],
      httpSd: ['http://i/'],
    });
  });

  it.each([
    ['', 10_000, 15_000],
    ['interval: 5s,', 5_000, 2_500],
    ['interval: 1m,', 10_000, 30_000],
  ])('waits for an exporter and spreads scrapes by default: %s', async (interval, timeoutMs, spreadMs) => {
    const { source } = (await parseWritten(within(`${interval} exporters: {file: x.json}`))).metrics;
    expect(source).toMatchObject({ timeoutMs, spreadMs });
  });

  it('takes the limits of both sources', async () => {
    const exporters = within('exporters: {file: x, timeout: 3s, maxBytes: 1.5MiB, spread: 0s}');
    expect((await parseWritten(exporters)).metrics.source).toMatchObject({
      timeoutMs: 3_000,
      maxBytes: 1.5 * 2 ** 20,
      spreadMs: 0,
    });
    const server = within(
      'prometheus: {url: "http://p", timeout: 1m, delay: 5m, maxSamples: 1000, maxBytes: 512MiB, dedup: false}',
    );
    expect((await parseWritten(server)).metrics.source).toMatchObject({
      timeoutMs: 60_000,
      delayMs: 300_000,
      maxSamples: 1000,
      maxBytes: 512 * 2 ** 20,
      dedup: false,
      partialResponse: null,
    });
  });

  it.each([
    ['interval: 30s', 900_000],
    ['interval: 10m', 1_800_000],
    ['interval: 10m, tooOld: 30m', 1_800_000],
    ['tooOld: 90s', 90_000],
    ['interval: 10m, prometheus: {url: "http://p", delay: 5m}', 2_100_000],
  ])('is too old by default after a quarter of an hour, three intervals at least: %s', async (written, tooOldMs) => {
    const source = written.includes('prometheus') ? '' : `, ${prometheus}`;
    expect((await parseWritten(within(`${written}${source}`))).metrics.tooOldMs).toBe(tooOldMs);
  });

  it('believes at once where it is told to', async () => {
    const { metrics } = await parseWritten(within(`states: {miningGap: 0s, downAfter: 10m}, ${prometheus}`));
    expect(metrics.states).toEqual({ miningGapMs: 0, downAfterMs: 600_000 });
  });

  it.each([
    ['site', ['qc', 'barn']],
    ['{label: site}', ['qc', 'barn']],
    ['rack', ['quebec', 'barn']],
    ['{label: site, values: [a, b]}', ['a', 'b']],
  ])('asks part by part: %s', async (written, values) => {
    const yaml = `sites: [{name: quebec, match: {site: qc}, tariff: {pricePerKwh: 1}}, {name: barn, tariff: {pricePerKwh: 1}}]
metrics: {prometheus: {url: "http://p", shardBy: ${written}}}`;
    expect((await parseWritten(yaml)).metrics.source).toMatchObject({ shards: { values } });
  });

  it.each([
    ['{instance: 10.0.3.17, rig: a$1}', '10.0.3.17', 'a$1'],
    ['{match: "rig-(\\\\d+)\\\\..*", rig: "r$1"}', 'RIG-07.farm.lan', 'r07'],
    ['{match: "(?<site>qc|tx)-(\\\\d{1,3})", rig: "$<site>/$2$$"}', 'qc-12', 'qc/12$'],
    ['{match: "a|b.c", rig: z}', 'bxc', 'z'],
  ])('rewrites %s', async (rewrite, host, rig) => {
    const [rule] = (await parseWritten(within(`rewrites: [${rewrite}], ${prometheus}`))).metrics.rewrites;
    expect(rule?.pattern.test(`x${host}`)).toBe(false);
    expect(rule?.pattern.test(`${host}x`) && !rewrite.includes('.*')).toBe(false);
    expect(host.replace(rule?.pattern ?? /$^/, rule?.rig ?? '')).toBe(rig);
  });

  it('takes an exact host literally', async () => {
    const [rule] = (await parseWritten(within(`rewrites: [{instance: 10.0.0.1, rig: a}], ${prometheus}`))).metrics
      .rewrites;
    expect(rule?.pattern.test('10x0.0.1')).toBe(false);
  });

  it('takes values of headers from variables, and knows them as secrets', async () => {
    const yaml = within('prometheus: {url: "http://p", headers: {X-Scope-OrgID: north, Authorization: $FARM_AUTH}}');
    const config = await parseWritten(yaml, { env: { FARM_AUTH: 'Token abcdefgh' } });
    expect(config.metrics.source).toMatchObject({
      headers: { 'X-Scope-OrgID': 'north', Authorization: 'Token abcdefgh' },
    });
    expect(secretsOf(config)).toEqual(['Token abcdefgh']);
  });

  it('reads certificates beside the configuration, and knows the key as a secret', async () => {
    const [certificate, key] = [pem('CERTIFICATE'), pem('EC PRIVATE KEY')];
    const yaml = within(
      'prometheus: {url: "https://p", tls: {certificate: tls/a.pem, key: /etc/a.key, serverName: p.lan}}',
    );
    const config = await parseWritten(yaml, { files: { '/farm/tls/a.pem': certificate, '/etc/a.key': key } });
    expect(config.metrics.source).toMatchObject({ tls: { ca: null, certificate, key, serverName: 'p.lan' } });
    expect(secretsOf(config)).toEqual([key]);
  });

  it('knows a speed test by its series', async () => {
    const line =
      'download: {series: d, unit: Mbit/s}, upload: {series: u, unit: byte/s, only: {label: way, value: up}}';
    const { dialects } = (await parseWritten(within(`speedtest: {${line}}, ${prometheus}`))).metrics;
    expect(dialects).toMatchObject([
      {
        id: 'speedtest',
        evidence: 'configured',
        series: {
          d: { kind: 'line', direction: 'down', unit: 'Mbit/s' },
          u: { kind: 'line', direction: 'up', unit: 'byte/s', only: { label: 'way', value: 'up' } },
        },
      },
    ]);
  });
});

describe('speed tests', () => {
  const dialectOf = async (written: string) =>
    (await parseWritten(`${smallest.trim().slice(0, -1)}, speedtest: ${written}}`)).metrics.dialects[0];

  it('are known by name', async () => {
    expect(await dialectOf('billimek')).toMatchObject({
      evidence: 'published',
      series: { speedtest_download_bytes: { kind: 'line', direction: 'down', unit: 'byte/s' } },
    });
    expect(await dialectOf('{variant: billimek}')).toEqual(await dialectOf('billimek'));
  });

  it('may print both directions under one name', async () => {
    const line = (way: string) => `{series: s, unit: kB/s, only: {label: way, value: ${way}}}`;
    expect(await dialectOf(`{download: ${line('in')}, upload: ${line('out')}}`)).toMatchObject({
      series: { s: { kind: 'lines', label: 'way', down: 'in', up: 'out', unit: 'kB/s' } },
    });
  });
});

describe("an operator's own dialects", () => {
  const dialectOf = async (dialect: string) =>
    (await parseWritten(`${smallest.trim().slice(0, -1)}, dialects: [${dialect}]}`)).metrics.dialects[0];

  it('say what each series is, in which unit, and what means nothing', async () => {
    expect(
      await dialectOf(`{id: panel, cards: {slot: [gpu, card], uuid: uuid}, series: {
        p_power: {signal: powerWatts, unit: mW, unknown: 0, fallback: true},
        p_rate: {signal: hashrate, unit: kH/s, unknown: [0, -1], unknownFrom: 1e9, sum: true},
        p_temp: {signal: coreTemperatureCelsius, among: {label: sensor, values: core}},
        p_width: pcieWidth,
        p_info: card.info,
        p_app: {signal: card.process, label: app}}}`),
    ).toEqual({
      id: 'panel',
      evidence: 'configured',
      source: 'metrics.dialects',
      scope: 'rig',
      card: { slot: ['gpu', 'card'], uuid: ['uuid'] },
      nameLabels: [],
      series: {
        p_power: { kind: 'card', signal: 'powerWatts', unit: 'mW', unknown: [0], fallback: true },
        p_rate: { kind: 'card', signal: 'hashrate', unit: 'kH/s', unknown: [0, -1], unknownFrom: 1e9, sum: true },
        p_temp: {
          kind: 'card',
          signal: 'coreTemperatureCelsius',
          unit: 'celsius',
          among: { label: 'sensor', values: ['core'] },
        },
        p_width: { kind: 'card', signal: 'pcieWidth', unit: 'count' },
        p_info: { kind: 'card-info' },
        p_app: { kind: 'card-process', label: 'app' },
      },
    });
  });

  it('speak of many rigs where a label names them', async () => {
    const dialect = await dialectOf(`{id: panel, rig: worker, series: {
      p_rented: {signal: rig.rentedGpus, label: market}, p_usd: rig.revenueUsd, p_wall: {signal: rig.powerWatts, unit: kW},
      p_asic: {signal: asic.hashrate, unit: TH/s}, p_down: {signal: line.down, unit: MB/s},
      p_ram: host.ramBytes, p_disk: {signal: disk.smartPassed, label: dev}}}`);
    expect(dialect).toMatchObject({ scope: 'farm', rig: ['worker'] });
    expect(dialect?.series).toEqual({
      p_rented: { kind: 'rig-rented', platform: 'market', unit: 'count' },
      p_usd: { kind: 'rig-revenue', platform: 'platform', unit: 'USD' },
      p_wall: { kind: 'rig-power', unit: 'kW' },
      p_asic: { kind: 'asic', signal: 'hashrate', unit: 'TH/s' },
      p_down: { kind: 'line', direction: 'down', unit: 'MB/s' },
      p_ram: { kind: 'host-ram' },
      p_disk: { kind: 'disk', signal: 'smartPassed', device: 'dev', unit: 'flag' },
    });
  });

  it('name the rig by a label', async () => {
    const dialect = await dialectOf(
      '{id: panel, series: {p_info: {signal: host.name, label: worker}, p_other: host.name}}',
    );
    expect(dialect).toMatchObject({ nameLabels: ['worker', 'nodename'], series: { p_info: { kind: 'host-name' } } });
  });

  it('may map a series that a built-in dialect maps', async () => {
    const dialect = await dialectOf(
      '{id: mine, cards: {slot: uuid}, series: {nvidia_smi_power_draw_watts: {signal: powerWatts, unit: mW}}}',
    );
    expect(dialect?.series).toHaveProperty('nvidia_smi_power_draw_watts');
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
    expect(metrics.source).toEqual({
      kind: 'prometheus',
      url,
      credentials: { kind: 'none' },
      headers: {},
      tls: null,
      timeoutMs: 30_000,
      delayMs: 0,
      maxSamples: 50_000_000,
      maxBytes: 2 ** 31,
      shards: null,
      dedup: null,
      partialResponse: null,
    });
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
