import type { z } from 'zod';
import { UpstreamError, UserError } from '../domain/errors.ts';
import { boundedReply } from './bounded-reply.ts';
import type { AnyCommand, Presentation, Role } from './command.ts';
import { bugReply, mistakeReply, timeLimitReply, unfinishedReply, upstreamReply } from './failure-reply.ts';
import { bindOptions, createVocabulary, findCommand, type Question, type Vocabulary } from './find-command.ts';
import type { Answer, Dispatch, Invocation, Outcome } from './invocation.ts';
import { type ChangeLedger, makeChange, refuseChange } from './make-change.ts';
import type { RateLimit } from './rate-limit.ts';
import type { Reply } from './reply.ts';
import { mayAct } from './roles.ts';

/** The part of the log port that dispatch writes to. */
export interface DispatchLog {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface DispatchOptions<Context> {
  readonly commands: readonly AnyCommand<Context>[];
  readonly context: Context;
  readonly log: DispatchLog;
  /** Unix ms. */
  readonly clock: { now(): number };
  /** How to print for a locale, whether it exists or not. */
  readonly presentation: (locale: string) => Presentation;
  readonly roleOf: (invocation: Invocation) => Role | Promise<Role>;
  /** Null where nothing can be changed: whoever asks once and is gone. */
  readonly changes: ChangeLedger | null;
  readonly rateLimit?: RateLimit;
  /** How long a command may run; 10 s by default. */
  readonly timeLimitMs?: number;
  /** Told of every invocation, after it was answered. */
  readonly onOutcome?: (event: OutcomeEvent) => void;
  /** Names one failure of ours in the reply and in the log. */
  readonly newFailureId?: () => string;
}

export interface OutcomeEvent {
  readonly command: string | null;
  readonly outcome: Outcome;
  readonly durationMs: number;
}

const DEFAULT_TIME_LIMIT_MS = 10_000;

/** A command that ran out of time: as far as the asker is concerned, something outside did not answer. */
class TimeLimitError extends Error {
  override readonly name = 'TimeLimitError';

  constructor(timeLimitMs: number) {
    super(`not done within ${timeLimitMs / 1000} s; it may be done later all the same`);
  }
}

/**
 * Find, authorise, parse, run within the time limit, check the facts, present. Every failure becomes an answer.
 * @throws Error at once where two commands claim the same word.
 */
export function createDispatch<Context>(options: DispatchOptions<Context>): Dispatch {
  const vocabulary = createVocabulary(options.commands);
  return async (invocation) => {
    const startedMs = options.clock.now();
    const answer = await answerTo(invocation, vocabulary, options);
    const { command, outcome } = answer;
    try {
      options.onOutcome?.({ command, outcome, durationMs: options.clock.now() - startedMs });
    } catch (error) {
      options.log.error({ err: error, command }, 'outcome not counted');
    }
    return answer;
  };
}

async function answerTo<Context>(
  invocation: Invocation,
  vocabulary: Vocabulary<AnyCommand<Context>>,
  options: DispatchOptions<Context>,
): Promise<Answer> {
  let command: string | null = null;
  try {
    // Mistakes count, too: they are answered.
    options.rateLimit?.(invocation);
    const question = findCommand(invocation.text, vocabulary);
    command = question.command.name;
    return await ask(question, invocation, options);
  } catch (error) {
    return failed(error, invocation, command, options);
  }
}

async function ask<Context>(
  question: Question<AnyCommand<Context>>,
  invocation: Invocation,
  options: DispatchOptions<Context>,
): Promise<Answer> {
  const { command } = question;
  await authorise(invocation, command, options);
  const parsed = command.parse.safeParse(bindOptions(question));
  if (!parsed.success) throw misunderstood(parsed.error, command);
  const timeLimitMs = options.timeLimitMs ?? DEFAULT_TIME_LIMIT_MS;
  const run = async () =>
    command.facts.parse(await withinLimit(command.run(parsed.data, options.context), timeLimitMs));
  const facts = command.changes ? await change(command, invocation, run, options) : await run();
  const presentation = options.presentation(invocation.locale);
  const reply = boundedReply(command.present(facts, presentation), presentation);
  return { outcome: 'answered', command: command.name, facts, reply };
}

function change<Context>(
  command: AnyCommand<Context>,
  invocation: Invocation,
  run: () => Promise<unknown>,
  { changes, clock, presentation, log }: DispatchOptions<Context>,
): Promise<unknown> {
  if (changes === null) {
    throw new UserError(
      `${command.name} changes something, and nothing can be changed from here.`,
      'Ask a running bot.',
    );
  }
  return makeChange(
    {
      invocation,
      command: command.name,
      atMs: clock.now(),
      run,
      tell: (facts) => command.present(facts, presentation('en')).headline,
      onLost: (err) => log.error({ err, command: command.name }, 'result of a change not written down'),
    },
    changes,
  );
}

async function authorise<Context>(
  invocation: Invocation,
  command: AnyCommand<Context>,
  { roleOf, changes, clock }: DispatchOptions<Context>,
): Promise<void> {
  const role = await roleOf(invocation);
  if (mayAct(role, command.role)) return;
  const why = `${command.name} is for the role ${command.role}, and you have the role ${role}.`;
  if (command.changes && changes !== null) {
    await refuseChange({ invocation, command: command.name, atMs: clock.now() }, why, changes);
  }
  throw new UserError(why, `Ask one of the farm's ${command.role}s, or ask an admin for the role.`);
}

function misunderstood<Context>(error: z.ZodError, command: AnyCommand<Context>): UserError {
  const issue = error.issues[0];
  const where = issue?.path[0] === undefined ? command.name : String(issue.path[0]);
  const message = issue?.message.replace(/\.$/, '') ?? 'not understood';
  return new UserError(`${where}: ${message}.`, `Type help ${command.name} to see its options.`);
}

/** The loser of the race is not waited for; its late failure is nobody's any more. */
async function withinLimit<T>(running: Promise<T>, timeLimitMs: number): Promise<T> {
  const { promise: expired, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new TimeLimitError(timeLimitMs)), timeLimitMs);
  try {
    return await Promise.race([running, expired]);
  } finally {
    clearTimeout(timer);
  }
}

function failed<Context>(
  error: unknown,
  invocation: Invocation,
  command: string | null,
  options: DispatchOptions<Context>,
): Answer {
  const answer = (outcome: Outcome, reply: Reply): Answer => ({ outcome, command, facts: null, reply });
  const presentation = options.presentation(invocation.locale);
  const fields = { command, platform: invocation.platform };
  if (error instanceof UserError) return answer('user', mistakeReply(error, command, presentation));
  if (error instanceof UpstreamError) {
    options.log.warn({ ...fields, system: error.system, retryable: error.retryable, err: error }, 'upstream failed');
    return answer('upstream', upstreamReply(error, invocation, presentation));
  }
  if (error instanceof TimeLimitError) {
    const timeLimitMs = options.timeLimitMs ?? DEFAULT_TIME_LIMIT_MS;
    options.log.warn({ ...fields, timeLimitMs }, 'command ran out of time');
    const changes = options.commands.some(({ name, changes }) => name === command && changes);
    const reply = changes ? unfinishedReply : timeLimitReply;
    return answer('upstream', reply(timeLimitMs, invocation, presentation));
  }
  const failureId = (options.newFailureId ?? (() => crypto.randomUUID().slice(0, 8)))();
  options.log.error({ ...fields, failureId, err: error }, 'command failed');
  return answer('bug', bugReply(failureId, presentation));
}
