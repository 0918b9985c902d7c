import { describe, expect, it } from 'vitest';
import { FleetMemory } from '../../src/fleet/fleet-memory.ts';
import { failedReading, node, readingOf } from '../observation/readings.ts';
import { farmOf } from '../support/farms.ts';
import { atMs } from '../support/rigs.ts';

describe('one address that two jobs scrape', () => {
  const at = (job: string) => ({ instance: 'a1:9100', labels: { job } });

  it('is an exporter of the rig to one and a probe of it to the other', () => {
    const memory = new FleetMemory(farmOf());
    memory.addTarget(readingOf(node('a1'), at('node')), atMs);
    memory.addTarget(readingOf('probe_success 1\n', at('blackbox')), atMs);
    expect(memory.strangers.has(failedReading(at('node')).key)).toBe(false);
    expect(memory.strangers.has(failedReading(at('blackbox')).key)).toBe(true);
  });
});

it('an exporter of many rigs is remembered with them', () => {
  const memory = new FleetMemory(farmOf());
  const hive = readingOf('hiveos_gpu_hashrate{rig="alpha",card="0",brand="amd"} 1\n', { instance: 'hive:9101' });
  memory.addTarget(hive, atMs);
  expect(memory.strangers.has(hive.key)).toBe(true);
  expect(memory.partsOf(hive.key)).toEqual(['alpha']);
});
