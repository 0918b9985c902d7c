const usualLimitMs = 5_000;

/** Looks again every few milliseconds until there is something; @throws naming `what` after the limit. */
export async function waitFor<Found>(
  what: string | (() => string),
  find: () => Found | null | undefined,
  limitMs = usualLimitMs,
): Promise<Found> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const found = find();
    if (found !== null && found !== undefined) return found;
    if (performance.now() > deadline) {
      throw new Error(`not within ${limitMs} ms: ${typeof what === 'string' ? what : what()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
