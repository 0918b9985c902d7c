import { inspect } from 'node:util';

/** A line of JSON as somebody at a terminal reads it: time, level, message, fields; the stack of an error below. */
export function prettyLine(json: string): string {
  const { time, level, msg, err, ...fields } = JSON.parse(json);
  const clock = String(time).slice(11, 19);
  const rest = Object.entries(fields).map(([key, value]) => ` ${key}=${inlined(value)}`);
  return `${clock} ${String(level).padEnd(5)} ${inlined(msg)}${rest.join('')}\n${errorLines(err)}`;
}

/** On one line, without control characters that a terminal would obey. */
function inlined(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /\p{Cc}/u.test(text) ? inspect(text) : text;
}

function errorLines(error: unknown): string {
  if (typeof error !== 'object' || error === null) return error === undefined ? '' : `  ${inlined(error)}\n`;
  const { stack, message, cause } = error as { stack?: unknown; message?: unknown; cause?: unknown };
  const lines = String(stack ?? message ?? JSON.stringify(error)).split('\n');
  const causes = cause === undefined ? '' : `  caused by\n${errorLines(cause)}`;
  return lines.map((line) => `  ${inlined(line)}\n`).join('') + causes;
}
