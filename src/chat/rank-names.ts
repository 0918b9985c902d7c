/**
 * The names that somebody most likely means by what was typed so far, whatever its case, the likeliest first: those that begin
 * with it, then those with a word that does, then those that contain it; within each in the order given. At most `most`.
 */
export function rankNames(names: readonly string[], typed: string, most: number): readonly string[] {
  const wanted = typed.trim().toLowerCase();
  const ranked: [string[], string[], string[]] = [[], [], []];
  for (const name of names) {
    const rank = rankOf(name.toLowerCase(), wanted);
    const same = rank === null ? undefined : ranked[rank];
    if (same !== undefined && same.length < most) same.push(name);
    if (ranked[0].length === most) break;
  }
  return ranked.flat().slice(0, most);
}

function rankOf(name: string, wanted: string): 0 | 1 | 2 | null {
  for (let at = name.indexOf(wanted); at >= 0; at = name.indexOf(wanted, at + 1)) {
    if (at === 0) return 0;
    if (!isWordCharacter(name.charAt(at - 1))) return 1;
  }
  return name.includes(wanted) ? 2 : null;
}

function isWordCharacter(character: string): boolean {
  return /[\p{L}\p{N}]/u.test(character);
}
