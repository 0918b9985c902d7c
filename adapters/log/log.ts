import { destination, type LevelWithSilent, type Logger, pino, stdTimeFunctions } from 'pino';
import type { Log } from '../../src/ports/log.ts';
import { prettyLine } from './pretty.ts';
import { createScrubber } from './scrub.ts';

export interface LogOptions {
  readonly level: LevelWithSilent;
  /** Where lines go; stderr by default, because stdout belongs to answers. */
  readonly stream?: { write(line: string): unknown };
  /** Lines for a terminal instead of JSON. */
  readonly pretty?: boolean;
  /** Values that never appear in a line, whatever the field is called. */
  readonly secrets?: readonly string[];
}

const stderr = 2;

/** One JSON line per entry: `level`, `time` (ISO 8601), the fields, `msg`. `err` is an error with its cause chain. */
export function createLog({ level, stream, pretty = false, secrets = [] }: LogOptions): Log {
  // Written at once: what is said last before a crash is what matters most, and nothing waits in memory.
  const target = stream ?? destination({ dest: stderr, sync: true });
  const logger = pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      // Errors arrive here as plain objects already.
      serializers: { err: (value: unknown) => value },
    },
    pretty ? { write: (line: string) => target.write(prettyLine(line)) } : target,
  );
  return wrap(logger, createScrubber(secrets));
}

function wrap(logger: Logger, scrub: (value: unknown) => unknown): Log {
  const at = (level: 'debug' | 'info' | 'warn' | 'error') => (fields: object, message: string) => {
    if (!logger.isLevelEnabled(level)) return;
    logger[level](plainFields(fields), String(scrub(message)));
  };
  /** An error in place of fields is the field `err`. */
  const plainFields = (fields: object): object => {
    const plain = scrub(fields instanceof Error ? { err: fields } : fields);
    return typeof plain === 'object' && plain !== null ? plain : {};
  };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => wrap(logger.child(plainFields(fields)), scrub),
  };
}
