const secretKey =
  /token|passw|secret|authori[sz]ation|credential|cookie|(?:api|private|signing)[-_]?key|webhook[-_]?url|database[-_]?url|^dsn$/i;
/** `://user:password@` of a URL inside any text. */
const urlPassword = /(:\/\/[^\s/:@]*):[^\s/@]+@/g;

const redacted = '[redacted]';
/** A shorter secret would be found inside words that give nothing away; it is replaced where it is the whole text. */
const minInnerSecretLength = 8;
const maxDepth = 6;
const maxItems = 100;
const maxTextLength = 8_192;

/**
 * Makes what is logged safe and plain. Values of secret keys, known secrets in any text and passwords in URLs become
 * `[redacted]`; errors become objects with their cause chain; depth, lists and texts are cut at a limit and say so.
 */
export function createScrubber(secrets: readonly string[]): <T>(value: T) => unknown {
  const known = secrets.filter((secret) => secret.trim() !== '').sort((a, b) => b.length - a.length);
  const inner = known.filter((secret) => secret.length >= minInnerSecretLength);

  const scrubText = (text: string): string => {
    if (known.includes(text)) return redacted;
    const safe = inner.reduce((rest, secret) => rest.replaceAll(secret, redacted), text);
    const hidden = safe.replace(urlPassword, `$1:${redacted}@`);
    return hidden.length > maxTextLength ? `${hidden.slice(0, maxTextLength)}… (${text.length} characters)` : hidden;
  };

  const scrubEntries = (entries: Iterable<readonly [string, unknown]>, depth: number): Record<string, unknown> =>
    Object.fromEntries(
      [...entries].map(([key, value]) => [
        scrubText(key),
        secretKey.test(key) && value !== null && value !== undefined ? redacted : scrub(value, depth + 1),
      ]),
    );

  const scrub = (value: unknown, depth: number): unknown => {
    if (typeof value === 'string') return scrubText(value);
    if (typeof value === 'bigint') return value.toString();
    if (typeof value !== 'object' || value === null) return value;
    if (depth >= maxDepth) return '[too deep]';
    if (value instanceof Error) return scrubEntries(errorEntries(value), depth);
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
    if (value instanceof Map || value instanceof Set) return scrub([...value], depth);
    if ('toJSON' in value && typeof value.toJSON === 'function') return scrub(value.toJSON(), depth + 1);
    if (!Array.isArray(value)) return scrubEntries(Object.entries(value), depth);
    const items = value.slice(0, maxItems).map((item) => scrub(item, depth + 1));
    return value.length > maxItems ? [...items, `… (${value.length} items)`] : items;
  };

  return (value) => scrub(value, 0);
}

/** What an error says of itself, its own fields (an UpstreamError's system) and its cause included. */
function errorEntries(error: Error): [string, unknown][] {
  return [
    ['type', error.name],
    ['message', error.message],
    ...Object.entries(error).filter(([key]) => key !== 'name'),
    ...(error instanceof AggregateError ? [['errors', error.errors] satisfies [string, unknown]] : []),
    ['stack', error.stack],
    ...(error.cause === undefined ? [] : [['cause', error.cause] satisfies [string, unknown]]),
  ];
}
