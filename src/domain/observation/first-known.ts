/** What the first of these says that says anything. */
export function firstKnown<Reading, Value>(
  readings: readonly Reading[],
  pick: (reading: Reading) => Value | null,
): Value | null {
  for (const reading of readings) {
    const value = pick(reading);
    if (value !== null) return value;
  }
  return null;
}
