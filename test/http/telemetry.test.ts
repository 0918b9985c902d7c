import { execFileSync } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import parsePrometheusTextFormat from 'parse-prometheus-text-format';
import { afterEach, describe, expect, it } from 'vitest';
import type { ObservedFleet } from '../../adapters/http/fleet-metrics.ts';
import type { WaitingPosts } from '../../adapters/http/outbox-metrics.ts';
import { createTelemetry, type Telemetry } from '../../adapters/http/telemetry.ts';
import type { RigState } from '../../src/domain/rig.ts';
import type { TargetFailureKind } from '../../src/domain/snapshot.ts';
import { noStates, type PerState } from '../../src/domain/work-state.ts';
import { findProgram, missingServers } from '../support/servers.ts';

const observedAtMs = Date.UTC(2026, 10, 22);

function rig(state: RigState, gpuStates: Partial<PerState>): ObservedFleet['rigs'][number] {
  return { state, gpuStates: { ...noStates(), ...gpuStates } };
}

function fleetOf(rigs: ObservedFleet['rigs'], failures: readonly TargetFailureKind[] = []): ObservedFleet {
  return {
    atMs: observedAtMs,
    durationMs: 1_250,
    rigs,
    targetsUp: 5 - failures.length,
    failures: failures.map((kind) => ({ instance: 'a1:9100', rig: null, kind, message: kind })),
  };
}

let telemetry: Telemetry;
let snapshot: ObservedFleet | null;
let outbox: Promise<WaitingPosts>;
afterEach(() => telemetry.close());

function create(commands = ['rigs', 'profit']): Telemetry {
  snapshot = null;
  outbox = Promise.resolve({ waiting: 3, sending: 1, failed: 0, unsure: 2, oldestWaitingMs: 4_500 });
  telemetry = createTelemetry({
    version: '0.1.0',
    clock: { now: () => observedAtMs + 42_500 },
    snapshot: () => snapshot,
    outbox: () => outbox,
    commands,
  });
  return telemetry;
}

/** One family as `label="value"` to number; no entry for what has no series. */
async function scrape(name: string): Promise<Record<string, number>> {
  const family = parsePrometheusTextFormat(await telemetry.registry.metrics()).find((each) => each.name === name);
  expect(family, `${name} is declared`).toBeDefined();
  return Object.fromEntries(
    family!.metrics.map(({ labels = {}, value, count }) => [
      Object.entries(labels)
        .map(([label, text]) => `${label}=${text}`)
        .join(' '),
      Number(value ?? count),
    ]),
  );
}

describe('the outbox', () => {
  it('is counted by state, and how late it is', async () => {
    create();
    expect(await scrape('rigshift_outbox_posts')).toEqual({
      'state=waiting': 3,
      'state=sending': 1,
      'state=failed': 0,
      'state=unsure': 2,
    });
    expect(await scrape('rigshift_outbox_late_seconds')).toEqual({ '': 4.5 });
    outbox = outbox.then((status) => ({ ...status, oldestWaitingMs: null }));
    expect(await scrape('rigshift_outbox_late_seconds')).toEqual({ '': 0 });
  });

  it('whose store does not answer is not known, and not 0', async () => {
    create();
    await telemetry.registry.metrics();
    outbox = Promise.reject(new Error('the store is away'));
    const text = await telemetry.registry.metrics();
    expect(text).not.toMatch(/^rigshift_outbox/m);
    expect(text).toMatch(/^rigshift_build_info/m);
  });
});

describe('before the first observation', () => {
  it.each([
    'rigshift_observation_age_seconds',
    'rigshift_observation_duration_seconds',
    'rigshift_rigs',
    'rigshift_gpus',
    'rigshift_targets',
  ])('%s has no series: unknown is not 0', async (name) => {
    const text = await create().registry.metrics();
    expect(text).toContain(`# TYPE ${name} gauge`);
    expect(text).not.toMatch(new RegExp(`^${name}[ {]`, 'm'));
  });
});

describe('the fleet', () => {
  it('is counted from the newest snapshot at each scrape', async () => {
    create();
    snapshot = fleetOf(
      [rig('up', { mining: 6, rented: 2 }), rig('partial', { mining: 4 }), rig('down', { down: 8 })],
      ['timeout', 'timeout', 'refused'],
    );
    expect(await scrape('rigshift_observation_age_seconds')).toEqual({ '': 42.5 });
    expect(await scrape('rigshift_observation_duration_seconds')).toEqual({ '': 1.25 });
    expect(await scrape('rigshift_rigs')).toEqual({
      'state=up': 1,
      'state=partial': 1,
      'state=silent': 0,
      'state=down': 1,
    });
    expect(await scrape('rigshift_gpus')).toMatchObject({
      'state=mining': 10,
      'state=rented': 2,
      'state=down': 8,
      'state=unknown': 0,
    });
    expect(await scrape('rigshift_targets')).toMatchObject({
      'outcome=up': 2,
      'outcome=timeout': 2,
      'outcome=refused': 1,
      'outcome=network': 0,
    });

    snapshot = fleetOf([rig('up', { rented: 8 })]);
    expect(await scrape('rigshift_rigs')).toEqual({
      'state=up': 1,
      'state=partial': 0,
      'state=silent': 0,
      'state=down': 0,
    });
    expect(await scrape('rigshift_gpus')).toMatchObject({ 'state=mining': 0, 'state=rented': 8 });

    snapshot = null;
    expect(await telemetry.registry.metrics()).not.toMatch(/^rigshift_(?:rigs|gpus|targets|observation)/m);
  });

  it('is scraped without a stall at ten thousand rigs', async () => {
    create();
    snapshot = fleetOf(Array.from({ length: 10_000 }, () => rig('up', { mining: 8 })));
    const startMs = performance.now();
    expect(await scrape('rigshift_gpus')).toMatchObject({ 'state=mining': 80_000 });
    expect(performance.now() - startMs).toBeLessThan(500);
  });
});

describe('commands', () => {
  it('are counted by name and outcome, and timed', async () => {
    const { answered, registry } = create();
    answered({ command: 'rigs', outcome: 'answered', seconds: 0.0008 });
    answered({ command: 'rigs', outcome: 'answered', seconds: 0.03 });
    answered({ command: 'profit', outcome: 'upstream', seconds: 11 });
    expect(await scrape('rigshift_commands_total')).toMatchObject({
      'command=rigs outcome=answered': 2,
      'command=rigs outcome=bug': 0,
      'command=profit outcome=upstream': 1,
      'command=unknown outcome=user': 0,
    });
    const text = await registry.metrics();
    expect(text).toContain('rigshift_command_duration_seconds_bucket{le="0.001",command="rigs"} 1');
    expect(text).toContain('rigshift_command_duration_seconds_bucket{le="0.05",command="rigs"} 2');
    expect(text).toContain('rigshift_command_duration_seconds_bucket{le="10",command="profit"} 0');
    expect(text).toContain('rigshift_command_duration_seconds_bucket{le="+Inf",command="profit"} 1');
  });

  it('that do not exist share one label, however they are called', async () => {
    const { answered, registry } = create(['rigs']);
    for (let n = 0; n < 200; n += 1) answered({ command: `nonsense-${n}`, outcome: 'user', seconds: 0 });
    answered({ command: null, outcome: 'user', seconds: 0 });
    answered({ command: '__proto__', outcome: 'user', seconds: 0 });
    expect(await scrape('rigshift_commands_total')).toMatchObject({ 'command=unknown outcome=user': 202 });
    expect(await registry.metrics()).not.toContain('nonsense');
  });
});

describe('events', () => {
  it('add up what observations read, and what went wrong', async () => {
    const { observed, unhandledRejection, failed } = create();
    observed({ samplesRead: 700 });
    observed({ samplesRead: 300 });
    unhandledRejection();
    failed('prometheus');
    failed('prometheus');
    failed('store');
    expect(await scrape('rigshift_samples_read_total')).toEqual({ '': 1_000 });
    expect(await scrape('rigshift_unhandled_rejections_total')).toEqual({ '': 1 });
    expect(await scrape('rigshift_errors_total')).toEqual({ 'system=prometheus': 2, 'system=store': 1 });
  });

  it('keep the number of systems bounded', async () => {
    const { failed } = create();
    for (let n = 0; n < 500; n += 1) failed(`host-${n}`);
    const series = await scrape('rigshift_errors_total');
    expect(Object.keys(series)).toHaveLength(33);
    expect(series['system=other']).toBe(468);
  });
});

describe('the event loop', () => {
  const delays = () => scrape('rigshift_event_loop_delay_seconds');

  it('shows a stall as long as it was, until the next scrape', async () => {
    create();
    // The timer that measures has to tick twice first, and says nothing when it does.
    await setTimeout(50);
    const startMs = performance.now();
    while (performance.now() - startMs < 120);
    expect((await delays())['stat=max']).toBeGreaterThan(0.09);
    expect((await delays())['stat=max'] ?? 0).toBeLessThan(0.09);
  });

  it('does not count the interval of its own timer', async () => {
    create();
    await expect.poll(async () => (await delays())['stat=p50']).toBeLessThan(0.009);
  });
});

describe('the exposition', () => {
  async function full(): Promise<string> {
    const { answered, failed, registry } = create();
    snapshot = fleetOf([rig('up', { mining: 8 })], ['timeout']);
    answered({ command: 'rigs', outcome: 'answered', seconds: 0.01 });
    failed('prometheus');
    return registry.metrics();
  }

  it('names the build and describes the process', async () => {
    const text = await full();
    expect(text).toContain(`rigshift_build_info{version="0.1.0",node="${process.version}"} 1`);
    expect(text).toMatch(/^process_resident_memory_bytes \d+/m);
  });

  it('is separate for each telemetry', async () => {
    const first = create();
    first.observed({ samplesRead: 5 });
    first.close();
    create();
    expect(await scrape('rigshift_samples_read_total')).toEqual({ '': 0 });
  });

  it.skipIf(missingServers('promtool'))("passes Prometheus' own linter", async () => {
    const input = await full();
    expect(execFileSync(findProgram('promtool') ?? 'promtool', ['check', 'metrics'], { input, encoding: 'utf8' })).toBe(
      '',
    );
  });
});
