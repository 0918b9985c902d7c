import { describe, expect, it } from 'vitest';
import type { CardReading } from '../../src/domain/observation/card-reading.ts';
import type { TargetReading } from '../../src/domain/observation/target-reading.ts';
import { readingOf } from './readings.ts';

function onlyCard(reading: TargetReading): CardReading {
  const [card, ...others] = reading.cards.values();
  if (card === undefined || others.length > 0) throw new Error(`${reading.cards.size} cards`);
  return card;
}

describe('payouts', () => {
  it('are paid plus pending', () => {
    expect(readingOf('vastai_paid_out_dollars 303.34\nvastai_pending_payout_dollars 28.23\n').payoutUsd).toBeCloseTo(
      331.57,
      9,
    );
  });

  it.each([
    'vastai_paid_out_dollars 303.34\n',
    'vastai_pending_payout_dollars 28.23\n',
    'vastai_paid_out_dollars 303.34\nvastai_pending_payout_dollars NaN\n',
    'vastai_machine_gpu_count{machine_id="1"} 2\n',
  ])('are unknown with half of it: %j', (text) => {
    expect(readingOf(text).payoutUsd).toBeNull();
  });
});

describe('XIDs', () => {
  const card = '{gpu="0",UUID="GPU-aa"';
  it.each<[string, string, unknown]>([
    ['nobody reports them', `DCGM_FI_DEV_GPU_TEMP${card}} 60\n`, null],
    ['the last code is 0', `DCGM_FI_DEV_XID_ERRORS${card}} 0\n`, []],
    ['the last code', `DCGM_FI_DEV_XID_ERRORS${card}} 79\n`, [{ code: 79, lastAtMs: null }]],
    ['not supported', `DCGM_FI_DEV_XID_ERRORS${card}} 9223372036854775794\n`, null],
    ['not supported, in 32 bits', `DCGM_FI_DEV_XID_ERRORS${card}} 2147483632\n`, null],
    ['a count of 0', `DCGM_EXP_XID_ERRORS_COUNT${card},xid="13"} 0\n`, []],
    ['a count', `DCGM_EXP_XID_ERRORS_COUNT${card},xid="13"} 2\n`, [{ code: 13, lastAtMs: null }]],
    [
      'a count and its time',
      'nvidia_smi_xid_errors_total{uuid="aa",xid="79"} 2\nnvidia_smi_xid_last_timestamp_seconds{uuid="aa",xid="79"} 1700000000\n',
      [{ code: 79, lastAtMs: 1_700_000_000_000 }],
    ],
    ['watched and none seen', 'nvidia_smi_pstate{uuid="aa"} 0\nnvidia_smi_nvml_return_code 0\n', []],
  ])('%s', (_name, text, xids) => {
    const known = onlyCard(readingOf(text)).xids;
    expect(known === null ? null : [...known.values()]).toEqual(xids);
  });
});

describe('processes', () => {
  it.each<[string, string, unknown]>([
    ['nobody counts them', 'nvidia_smi_pstate{uuid="aa"} 0\n', null],
    ['none', 'nvidia_smi_compute_apps{uuid="aa"} 0\n', []],
    ['some without a name', 'nvidia_smi_compute_apps{uuid="aa"} 2\n', null],
    [
      'two of one name',
      'nvidia_smi_compute_app_info{uuid="aa",pid="1",process_name="python"} 1\nnvidia_smi_compute_app_info{uuid="aa",pid="2",process_name="python"} 1\n',
      ['python'],
    ],
  ])('%s', (_name, text, processes) => {
    const known = onlyCard(readingOf(text)).processes;
    expect(known === null ? null : [...known]).toEqual(processes);
  });
});

describe('the host', () => {
  it('does not count cores that are not numbered', () => {
    const { host } = readingOf('node_cpu_info{cpu="0",model_name="X"} 1\nnode_cpu_info{cpu="1",model_name="X"} 1\n');
    expect(host).toMatchObject({ cpuModel: 'X', cores: new Set() });
  });

  it('takes the fastest physical port, and none without a link', () => {
    const port = (device: string, bytes: number) => `node_network_speed_bytes{device="${device}"} ${bytes}\n`;
    const text = port('eth0', 1.25e8) + port('eth1', -125_000) + port('docker0', 1.25e9) + port('veth1', 1.25e9);
    expect(readingOf(text).host?.nicBytesPerSecond).toBe(1.25e8);
    expect(readingOf(port('eth1', -125_000)).host?.nicBytesPerSecond).toBeNull();
  });
});

it('a placeholder price of 0 is no price', () => {
  const { market } = readingOf(
    'vastai_ondemand_price_median_dollars{gpu_name="RTX 3090",rented="yes",verified="yes"} 0\n',
  );
  expect(market.get('RTX 3090')?.prices).toEqual([]);
});

it('a scrape that breaks leaves nothing behind', () => {
  const reading = readingOf(
    'lolminer_mining_info{algorithm="KAWPOW"} 1\nlolminer_gpu_performance_mhps{gpu_index="0"} 30\nnode_memory_MemTotal_bytes 8e9\nvastai_paid_out_dollars 1\nvastai_pending_payout_dollars 1\n',
  );
  reading.fail('truncated', 'ends within line 3');
  expect(reading).toMatchObject({ algorithm: null, host: null, payoutUsd: null, isAccount: false });
  expect(
    [reading.cards, reading.machines, reading.market, reading.names, reading.dialects].map(({ size }) => size),
  ).toEqual([0, 0, 0, 0, 0]);
});

it('of several names under one label the order of the series decides nothing', () => {
  const one = 'trex_gpu_hashrate{device_id="0",worker="b"} 1\n';
  const other = 'trex_gpu_hashrate{device_id="1",worker="a"} 1\n';
  expect(readingOf(one + other).names.get('worker')).toBe('a');
  expect(readingOf(other + one).names.get('worker')).toBe('a');
});
