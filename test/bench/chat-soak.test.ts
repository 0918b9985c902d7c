import { beforeEach, expect, it, vi } from 'vitest';
import { ChatCommands } from '../../bench/soak/chat-commands.ts';
import type { BotLife } from '../../bench/soak/chat-keeper.ts';
import { Outages } from '../../bench/soak/chat-outages.ts';
import { planEnds, planFaults } from '../../bench/soak/chat-plan.ts';
import { ChatPosts } from '../../bench/soak/chat-posts.ts';
import type { Progress, Standing } from '../../bench/soak/chat-side.ts';
import { Violations } from '../../bench/soak/violations.ts';

/** What the soak of the chats would miss, nobody would hear of: its judges are shown every wrong once. */

beforeEach(() => {
  const quiet = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  return () => quiet.mockRestore();
});

function kindsOf(violations: Violations): readonly string[] {
  return violations.kinds.map(({ what }) => what);
}

const stands = (place: string, text: string): Standing => ({ place, text, isMarked: false });
const marked = (place: string, text: string): Standing => ({ place, text, isMarked: true });
const [first, second] = ['Post 0 of the soak.', 'Post 1 of the soak.'];

it.each<[string, readonly Standing[], readonly string[]]>([
  ['each once', [stands('a', first), stands('b', second)], []],
  ['a page said again and marked', [stands('a', first), marked('a', first), stands('b', second)], []],
  ['none that was taken', [stands('b', second)], ['a page was taken and stands nowhere']],
  ['a page twice', [stands('a', first), stands('a', first)], ['a page stands twice']],
  ['a digest twice', [stands('a', first), stands('b', second), marked('b', second)], ['a digest stands twice']],
  ['elsewhere', [stands('b', first)], ['a post stands in another channel']],
])('posts: %s', (_, standing, wrong) => {
  const violations = new Violations();
  const posts = new ChatPosts(violations);
  const page = posts.next({ platform: 'slack', channel: 'a', priority: 'page' });
  posts.next({ platform: 'slack', channel: 'b', priority: 'digest' });
  posts.taken(page.key);
  posts.check([{ platform: 'slack', posts: () => standing }]);
  expect(kindsOf(violations)).toEqual(wrong);
});

const answeredOnce: Progress = {
  acknowledged: true,
  answers: 1,
  markedRepeats: 0,
  isIndiscreet: false,
  isDisturbed: false,
};
const unanswered = { ...answeredOnce, answers: 0 };
const hour = 3_600_000;

type End = { readonly how: 'killed' | 'stopped'; readonly afterMs: number };

const living = null;
const killed = (afterMs: number): End => ({ how: 'killed', afterMs });
const stopped: End = { how: 'stopped', afterMs: 50 };

/** What is found of a command that a bot took, which ended so. */
function judged(progress: Progress, end: End | null, outages = new Outages()): readonly string[] {
  const violations = new Violations();
  const commands = new ChatCommands(new Map([['discord', outages]]), violations);
  const life: BotLife = { startedMs: 0, ended: null, rssBytes: [] };
  commands.add('discord', { kind: 'slash', title: '/fleet status', look: () => progress });
  commands.look(life);
  if (end !== null) life.ended = { how: end.how, atMs: performance.now() + end.afterMs };
  commands.check();
  return kindsOf(violations);
}

it.each<[string, Progress, End | null, readonly string[]]>([
  ['answered', answeredOnce, living, []],
  ['answered by one that was killed', answeredOnce, killed(50), []],
  ['not answered', unanswered, living, ['discord: a slash was acknowledged and not answered']],
  ['not acknowledged', { ...unanswered, acknowledged: false }, living, []],
  ['killed before the answer', unanswered, killed(50), []],
  ['killed long after', unanswered, killed(hour), ['discord: a slash was acknowledged and not answered']],
  ['stopped before the answer', unanswered, stopped, ['discord: a slash was acknowledged and not answered']],
  ['answered twice', { ...answeredOnce, answers: 2 }, killed(50), ['discord: a slash was answered twice']],
  ['answered again, marked', { ...answeredOnce, markedRepeats: 1 }, living, []],
  [
    'shown to others',
    { ...answeredOnce, isIndiscreet: true },
    living,
    ['discord: a slash for one person was answered to others'],
  ],
])('commands: %s', (_, progress, end, wrong) => {
  expect(judged(progress, end)).toEqual(wrong);
});

it('a stop during a fault owes no answer', () => {
  const outages = new Outages();
  outages.begin('everything is 502');
  expect(judged(unanswered, stopped, outages)).toEqual([]);
});

it('a seed is a plan; every fault has its turn before any comes again', () => {
  const kinds = ['a', 'b', 'c'];
  const faults = planFaults(7, 'slack', kinds, 60_000);
  expect(planFaults(7, 'slack', kinds, 60_000)).toEqual(faults);
  expect(planFaults(8, 'slack', kinds, 60_000)).not.toEqual(faults);
  for (const from of [0, 3, 6]) {
    expect(
      faults
        .slice(from, from + 3)
        .map(({ kind }) => kind)
        .toSorted(),
    ).toEqual(kinds);
  }
  const ends = planEnds(7).take(8).toArray();
  expect(planEnds(7).take(8).toArray()).toEqual(ends);
  expect(ends.filter(({ how }) => how === 'stop')).toHaveLength(2);
});
