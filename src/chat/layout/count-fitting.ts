/** How many of the sizes fit, from the first on: all of them, or as many as leave `reserve` of the room. */
export function countFitting(sizes: readonly number[], room: number, reserve: number): number {
  const sum = sizes.reduce((total, size) => total + size, 0);
  if (sum <= room) return sizes.length;
  let used = reserve;
  const first = sizes.findIndex((size) => {
    used += size;
    return used > room;
  });
  return Math.max(0, first);
}
