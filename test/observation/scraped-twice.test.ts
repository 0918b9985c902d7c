import { expect, it } from 'vitest';
import { readingOf, rigOfTargets } from './readings.ts';

/** Two cards that nobody else knows, of a miner in whose exporter nothing tells them apart but an index. */
const miner = `trex_gpu_hashrate{device_id="0",name="RTX 3080"} 1e8
trex_gpu_power{device_id="0",name="RTX 3080"} 200
trex_gpu_hashrate{device_id="1",name="RTX 3080"} 1.1e8
trex_gpu_power{device_id="1",name="RTX 3080"} 210
`;
const card = (index: number) =>
  `nvidia_smi_gpu_info{uuid="${index}a",index="${index}",name="NVIDIA GeForce RTX 3080"} 1\n`;
const host = readingOf([0, 1, 2, 3].map(card).join(''), { instance: 'a1:9835' });
const minedBy = (...jobs: readonly string[]) =>
  rigOfTargets([host, ...jobs.map((job) => readingOf(miner, { instance: 'a1:9400', labels: { job } }))]);

it('a miner that two jobs scrape mines once', () => {
  const once = minedBy('rigs');
  expect(once.looseMiners.map(({ hashrate }) => hashrate)).toEqual([1e8, 1.1e8]);
  expect({ ...minedBy('rigs', 'rigs-slow'), exporters: once.exporters }).toEqual(once);
});

it('two jobs that ask one exporter for different things are both read', () => {
  const rig = rigOfTargets([
    readingOf(card(0), { instance: 'a1:9100', labels: { job: 'cards' } }),
    readingOf('node_memory_MemTotal_bytes 64e9\n', { instance: 'a1:9100', labels: { job: 'memory' } }),
  ]);
  expect(rig.gpus).toHaveLength(1);
  expect(rig.host?.ramTotalBytes).toBe(64e9);
});

it('two miners of one address are two', () => {
  const other = miner.replaceAll('device_id="0"', 'device_id="2"').replaceAll('device_id="1"', 'device_id="3"');
  const rig = rigOfTargets([
    readingOf(miner, { instance: 'a1:80', labels: { job: 'one' } }),
    readingOf(other, { instance: 'a1:80', labels: { job: 'two' } }),
  ]);
  const hashrates = [...rig.gpus, ...rig.looseMiners].map(({ hashrate }) => hashrate);
  expect(hashrates).toHaveLength(4);
});

const federated = (rigs: readonly string[], more = '') =>
  readingOf(
    rigs.map((rig) => `trex_gpu_hashrate{device_id="0",job="rigs",instance="${rig}:9400"${more}} 1e8\n`).join(''),
    { instance: 'prometheus:9090', labels: { job: 'federate' } },
  );

it('rigs that a federating server calls by one name are not one rig', () => {
  const reading = federated(['a1', 'b1']);
  expect(reading.failure).toEqual({
    kind: 'malformed',
    message:
      'its series come from several targets, a1:9400 (rigs) and b1:9400 (rigs) for example: scrape it with honor_labels, or scrape those targets',
  });
  expect([reading.cards.size, reading.minerTotals.size]).toEqual([0, 0]);
});

it('the only one of another server is that rig', () => {
  expect(federated(['a1']).failure).toBeNull();
});
