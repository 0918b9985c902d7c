import { UserError } from '../domain/errors.ts';
import type { AuditResult, AuditTrail } from './audit.ts';
import type { Invocation } from './invocation.ts';

/** What has to be there before something may be changed. */
export interface ChangeLedger {
  readonly audit: AuditTrail;
  /** True for the first caller with this key, of all that share the store. */
  claim(key: string, nowMs: number): Promise<boolean>;
}

export interface Change<Facts> {
  readonly invocation: Invocation;
  readonly command: string;
  readonly atMs: number;
  readonly run: () => Promise<Facts>;
  /** What was done, in a sentence. */
  readonly tell: (facts: Facts) => string;
  /** Told where the change was made but could not be written down any more. */
  readonly onLost: (error: unknown) => void;
}

/**
 * Makes a change once for each event of the platform, however often it repeats it, and writes it down before and after.
 * A change that cannot be written down is not made.
 * @throws UserError for an event that was acted on before, and what `run` throws.
 */
export async function makeChange<Facts>(change: Change<Facts>, ledger: ChangeLedger): Promise<Facts> {
  const { invocation, atMs, run, tell } = change;
  const { platform, id } = invocation;
  if (id !== null && !(await ledger.claim(`asked ${platform} ${id}`, atMs))) {
    throw new UserError('That was asked before, and it is done only once.', 'Type audit to see what came of it.');
  }
  const auditId = await begin(change, ledger);
  const end = (result: AuditResult, detail: string) => ledger.audit.end(auditId, result, detail).catch(change.onLost);
  let facts: Facts;
  try {
    facts = await run();
  } catch (error) {
    await end('failed', error instanceof Error ? firstLine(error.message) : String(error));
    throw error;
  }
  await end('done', tell(facts));
  return facts;
}

/** Writes down that somebody without the role tried. */
export async function refuseChange(
  change: Pick<Change<never>, 'invocation' | 'command' | 'atMs'>,
  why: string,
  ledger: ChangeLedger,
): Promise<void> {
  await ledger.audit.end(await begin(change, ledger), 'denied', why);
}

async function begin(
  { invocation, command, atMs }: Pick<Change<never>, 'invocation' | 'command' | 'atMs'>,
  { audit }: ChangeLedger,
): Promise<string> {
  const { platform, channel, user, text } = invocation;
  const id = crypto.randomUUID();
  await audit.begin({ id, atMs, platform, channel, userId: user.id, userName: user.name, command, text });
  return id;
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? '';
}
