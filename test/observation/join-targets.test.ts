import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rewrite } from '../../src/domain/metrics-settings.ts';
import { hostPart, isLoopback } from '../../src/domain/observation/instance-host.ts';
import { type IdentityRules, joinTargets } from '../../src/domain/observation/join-targets.ts';
import type { TargetReading } from '../../src/domain/observation/target-reading.ts';
import { dcgm, failedReading, node, noRules, nvidia, readingOf, type Target, trex } from './readings.ts';

/** Rewrites of whole host parts. */
function rewritesOf(pairs: readonly (readonly [host: string, rig: string])[]): Rewrite[] {
  return pairs.map(([host, rig]) => ({ pattern: new RegExp(`^${RegExp.escape(host)}$`, 'i'), rig }));
}

const card = nvidia({ uuid: 'aa' });
const printing = (text: string, instance: string, target: Target = {}) => readingOf(text, { ...target, instance });

/** Names of the rigs with the instances joined into each. */
function joined(targets: readonly TargetReading[], rules: Partial<IdentityRules> = {}): Record<string, string[]> {
  const groups = joinTargets(targets, { ...noRules, ...rules });
  expect(new Set(groups.map(({ name }) => name)).size).toBe(groups.length);
  return Object.fromEntries(groups.map(({ name, targets: of }) => [name, of.map(({ instance }) => instance).sort()]));
}

describe('joining targets', () => {
  const rig = (name: string): Target => ({ labels: { rig: name } });
  it.each<[string, TargetReading[], Partial<IdentityRules>, Record<string, string[]>]>([
    [
      'an equal host part',
      [printing(card, 'a1:9835'), printing(node('a1'), 'a1:9100'), printing(card, 'b1:9835')],
      {},
      { a1: ['a1:9100', 'a1:9835'], b1: ['b1:9835'] },
    ],
    [
      'a configured rig, whatever the host',
      [printing(card, '10.0.0.1:9835', { rig: 'alpha' }), printing(node('x'), '10.0.0.2:9100', { rig: 'alpha' })],
      {},
      { alpha: ['10.0.0.1:9835', '10.0.0.2:9100'] },
    ],
    [
      'a configured rig before its label',
      [printing(card, 'a1:9835', { rig: 'alpha', ...rig('beta') })],
      {},
      { alpha: ['a1:9835'] },
    ],
    [
      'a rig label, and its host brings the others along',
      [printing(card, 'a1:9835', rig('alpha')), printing(node('n1'), 'a1:9100')],
      {},
      { alpha: ['a1:9100', 'a1:9835'] },
    ],
    [
      'two explicit rigs on one host: the third target belongs to neither',
      [printing(card, 'a1:1', rig('alpha')), printing(card, 'a1:2', rig('beta')), printing(node('n1'), 'a1:9100')],
      {},
      { alpha: ['a1:1'], beta: ['a1:2'], n1: ['a1:9100'] },
    ],
    [
      'never loopback',
      [printing(card, '127.0.0.1:1'), printing(card, '127.0.0.1:2'), printing(card, 'localhost:3')],
      {},
      { '127.0.0.1:1': ['127.0.0.1:1'], '127.0.0.1:2': ['127.0.0.1:2'], 'localhost:3': ['localhost:3'] },
    ],
    [
      'never a shared host',
      [printing(trex('w1', { id: 0 }), 'nat:1'), printing(trex('w2', { id: 0 }), 'nat:2')],
      { sharedHosts: new Set(['nat']) },
      { w1: ['nat:1'], w2: ['nat:2'] },
    ],
    [
      'a rewrite where nothing else names it',
      [printing(card, '10.0.0.1:9835'), printing(node('n1'), '10.0.0.2:9100')],
      {
        rewrites: rewritesOf([
          ['10.0.0.1', 'alpha'],
          ['10.0.0.2', 'alpha'],
        ]),
      },
      { alpha: ['10.0.0.1:9835', '10.0.0.2:9100'] },
    ],
    [
      'an explicit rig on the host before a rewrite',
      [printing(card, 'a1:9835', rig('alpha')), printing(node('n1'), 'a1:9100')],
      { rewrites: rewritesOf([['a1', 'beta']]) },
      { alpha: ['a1:9100', 'a1:9835'] },
    ],
    [
      'one rig under two addresses, by the name both print',
      [printing(trex('w1', { id: 0 }), '10.0.0.1:4068'), printing(node('w1'), '192.168.0.1:9100')],
      {},
      { w1: ['10.0.0.1:4068', '192.168.0.1:9100'] },
    ],
    [
      'worker, nodename and Hostname of one host are one rig, named by the first of the labels',
      [
        printing(trex('w1', { id: 0 }), 'h:4068'),
        printing(node('n1'), 'h:9100'),
        printing(dcgm({ uuid: 'aa', gpu: 0 }), 'h:9400'),
      ],
      {},
      { w1: ['h:4068', 'h:9100', 'h:9400'] },
    ],
    [
      'the labels in the configured order',
      [printing(trex('w1', { id: 0 }), 'h:4068'), printing(node('n1'), 'h:9100')],
      { rigLabels: ['nodename', 'worker'] },
      { n1: ['h:4068', 'h:9100'] },
    ],
    [
      'an account is no rig, and neither while it fails',
      [printing('vastai_paid_out_dollars 1\n', 'v:8622'), failedReading({ instance: 'v2:8622' })],
      { accounts: new Map([['v2:8622', []]]) },
      {},
    ],
  ])('%s', (_name, targets, rules, rigs) => {
    expect(joined(targets, rules)).toEqual(rigs);
  });

  it('two rigs with one label are told apart by their addresses, and it is said', () => {
    const groups = joinTargets(
      [printing(trex('rig', { id: 0 }), '10.0.0.1:4068'), printing(trex('rig', { id: 0 }), '10.0.0.2:4068')],
      noRules,
    );
    expect(groups.map(({ name }) => name)).toEqual(['rig (10.0.0.1)', 'rig (10.0.0.2)']);
    expect(groups[0]?.problems).toEqual(['2 rigs are labelled rig; the address is added to tell them apart']);
    expect(groups.flatMap(({ conflicts }) => conflicts)).toMatchObject([
      {
        kind: 'rig-name',
        rigs: ['rig (10.0.0.1)', 'rig (10.0.0.2)'],
        remedy: expect.stringMatching(/a name of its own/),
      },
    ]);
  });

  it('and stay so while one of them fails, which takes its label along', () => {
    const remembered = new Map([
      ['10.0.0.1:4068', 'rig (10.0.0.1)'],
      ['10.0.0.2:4068', 'rig (10.0.0.2)'],
    ]);
    const one = printing(trex('rig', { id: 0 }), '10.0.0.2:4068');
    expect(joined([failedReading({ instance: '10.0.0.1:4068' }), one], { remembered })).toEqual({
      'rig (10.0.0.1)': ['10.0.0.1:4068'],
      'rig (10.0.0.2)': ['10.0.0.2:4068'],
    });
    expect(joined([one], { remembered })).toEqual({ rig: ['10.0.0.2:4068'] });
  });

  it('behind one shared address the port tells them apart too', () => {
    const targets = [printing(trex('rig', { id: 0 }), 'nat:1'), printing(trex('rig', { id: 0 }), 'nat:2')];
    expect(joined(targets, { sharedHosts: new Set(['nat']) })).toEqual({
      'rig (nat:1)': ['nat:1'],
      'rig (nat:2)': ['nat:2'],
    });
  });

  it('says that exporters of one rig name it differently', () => {
    const [group] = joinTargets(
      [printing(trex('b', { id: 0 }), 'h:1'), printing(trex('a', { id: 0 }), 'h:2')],
      noRules,
    );
    expect(group).toMatchObject({
      name: 'a',
      problems: ['label worker names this rig a and b; a is used'],
      conflicts: [{ kind: 'rig-label', rigs: ['a'], message: 'label worker names this rig a and b; a is used' }],
    });
  });

  it('says that the configuration names an exporter otherwise than its label does', () => {
    const target = (label: string) => printing(card, 'h:1', { rig: 'alpha', labels: { rig: label } });
    expect(joinTargets([target('beta')], noRules)[0]).toMatchObject({
      name: 'alpha',
      conflicts: [{ kind: 'rig-label', rigs: ['alpha'], message: expect.stringMatching(/labelled beta/) }],
    });
    expect(joinTargets([target('alpha')], noRules)[0]?.conflicts).toEqual([]);
  });

  it('a rewrite takes what its pattern matched', () => {
    const rewrites = [{ pattern: /^node-(\d+)\.farm$/i, rig: 'rig-$1' }];
    const targets = [printing(card, 'NODE-07.farm:9835'), printing(node('n'), 'node-08.farm:9100')];
    expect(Object.keys(joined(targets, { rewrites }))).toEqual(['rig-07', 'rig-08']);
  });
});

describe('rigs that scrape themselves', () => {
  const of = (hostname: string): Target => ({ labels: { hostname, job: 'agent' } });
  const rigs = ['alpha', 'beta'].flatMap((name) => [
    printing(node(name), 'localhost:9100', of(name)),
    printing(nvidia({ uuid: name }), 'localhost:9835', of(name)),
    printing(trex('x', { id: 0 }), 'miner:4068', of(name)),
  ]);
  const each = ['localhost:9100', 'localhost:9835', 'miner:4068'];

  it('are told apart by what their agents add, whatever they call themselves', () => {
    expect(joined(rigs, { rigLabels: ['hostname', 'worker'] })).toEqual({ alpha: each, beta: each });
  });

  it('and have keys of their own, so that one that is down is remembered as itself', () => {
    const keys = new Set(rigs.map(({ key }) => key));
    expect(keys.size).toBe(rigs.length);
    const remembered = new Map(rigs.map(({ key }, index) => [key, index < 3 ? 'alpha' : 'beta']));
    const down = each.map((instance) => failedReading({ ...of('alpha'), instance }));
    const rigLabels = ['hostname', 'worker'];
    expect(joined([...down, ...rigs.slice(3)], { remembered, rigLabels })).toEqual({ alpha: each, beta: each });
  });
});

describe('names that differ in capitals and blanks', () => {
  const of = (rig: string): Target => ({ labels: { rig } });

  it('are one rig, and it is said', () => {
    const groups = joinTargets(
      [printing(card, 'a:9835', of('Rig-1')), printing(trex('w', { id: 0 }), 'a:4068', of('rig-1 '))],
      noRules,
    );
    const message = 'exporters call this rig Rig-1 and rig-1; Rig-1 is used';
    expect(groups).toMatchObject([{ name: 'Rig-1', problems: [message], conflicts: [{ kind: 'rig-label', message }] }]);
  });

  it('are two where both hold an exporter of the same kind, also while one of them fails', () => {
    const two = [printing(card, 'a:9835', of('Rig-1')), printing(card, 'b:9835', of('rig-1'))];
    const apart = { 'Rig-1': ['a:9835'], 'rig-1': ['b:9835'] };
    expect(joined(two)).toEqual(apart);
    const remembered = new Map(two.map(({ key }, index) => [key, index === 0 ? 'Rig-1' : 'rig-1']));
    expect(
      joined([two[0] as TargetReading, failedReading({ ...of('rig-1'), instance: 'b:9835' })], { remembered }),
    ).toEqual(apart);
  });

  it('a name of blanks is none, and one that no database can hold is mended', () => {
    expect(joined([printing(card, 'a:9835', of('  '))])).toEqual({ a: ['a:9835'] });
    expect(joined([printing(card, 'a:9835', of('x\0'))])).toEqual({ 'x\u{FFFD}': ['a:9835'] });
  });
});

describe('a rig keeps its name', () => {
  const remembered = new Map([
    ['h:4068', 'w1'],
    ['h:9100', 'w1'],
  ]);
  it('when all of it goes down', () => {
    const targets = [failedReading({ instance: 'h:4068' }), failedReading({ instance: 'h:9100' })];
    expect(joined(targets, { remembered })).toEqual({ w1: ['h:4068', 'h:9100'] });
    expect(joined(targets)).toEqual({ h: ['h:4068', 'h:9100'] });
  });

  it('when the exporter that named it fails', () => {
    const targets = [failedReading({ instance: 'h:4068' }), printing(node('n1'), 'h:9100')];
    expect(joined(targets, { remembered })).toEqual({ w1: ['h:4068', 'h:9100'] });
  });

  it('until its exporters, all of them well, say another', () => {
    const targets = [printing(trex('w2', { id: 0 }), 'h:4068'), printing(node('n1'), 'h:9100')];
    expect(joined(targets, { remembered })).toEqual({ w2: ['h:4068', 'h:9100'] });
  });
});

it('the order of targets decides nothing', () => {
  const targets = [
    printing(card, 'a1:9835', { labels: { rig: 'alpha' } }),
    printing(node('n1'), 'a1:9100'),
    printing(trex('w', { id: 0 }), 'nat:1'),
    printing(trex('w', { id: 0 }), 'nat:2'),
    printing(node('n2'), 'c1:9100'),
    printing(trex('w2', { id: 0 }), 'c1:4068'),
    failedReading({ instance: 'd1:9835' }),
    printing(trex('w3', { id: 0 }), 'd1:4068'),
  ];
  const rules = {
    ...noRules,
    sharedHosts: new Set(['nat']),
    remembered: new Map([
      ['d1:9835', 'delta'],
      ['d1:4068', 'old'],
    ]),
  };
  const expected = joinTargets(targets, rules);
  fc.assert(
    fc.property(fc.shuffledSubarray(targets, { minLength: targets.length }), (shuffled) => {
      expect(joinTargets(shuffled, rules)).toEqual(expected);
    }),
  );
});

it.each([
  ['a1:9835', 'a1'],
  ['A1.Farm.example:9835', 'a1.farm.example'],
  ['[2001:db8::1]:9835', '2001:db8::1'],
  ['[::1]', '::1'],
  ['2001:db8::1', '2001:db8::1'],
  ['a1', 'a1'],
])('the host part of %s is %s', (instance, host) => {
  expect(hostPart(instance)).toBe(host);
});

it.each([
  ['localhost', true],
  ['127.0.0.1', true],
  ['127.8.0.3', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['localhost.localdomain', true],
  ['128.0.0.1', false],
  ['a1', false],
])('%s is loopback: %s', (host, loopback) => {
  expect(isLoopback(host)).toBe(loopback);
});
