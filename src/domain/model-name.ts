/**
 * One name per card model, whoever prints it: "NVIDIA GeForce RTX 3090", "GeForce RTX 3090" and "RTX 3090" are "RTX 3090".
 * Only maker and brand words go; a suffix that tells models apart ("Ti", "12GB", "SXM") stays. Returns null for blank text.
 */
export function normaliseModel(raw: string): string | null {
  let name = known.get(raw);
  if (name !== undefined) return name;
  if (known.size >= MOST_KNOWN) known.clear();
  name = normalise(raw);
  known.set(raw, name);
  return name;
}

/** Every card prints one of a few names with every scrape; all cards of a model then share one string, too. */
const known = new Map<string, string | null>();
const MOST_KNOWN = 1_000;

function normalise(raw: string): string | null {
  let name = raw
    .replace(/\[N\/A\]|\((?:TM|R)\)|[™®]/gi, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  let before: string;
  do {
    before = name;
    name = name.replace(
      /^(?:NVIDIA|AMD|ATI|Advanced Micro Devices,? Inc\.?|GeForce|Radeon(?= (?:RX|Pro|Instinct)))\s+/i,
      '',
    );
  } while (name !== before);
  name = name
    .replace(/\b(rtx|gtx|rx|cmp|hx)(?=\s|\d|$)/gi, (word) => word.toUpperCase())
    .replace(/\b(RTX|GTX|RX|CMP)(?=\d)/g, '$1 ')
    .replace(/\b(ti|super)\b/gi, (word) => (word.toLowerCase() === 'ti' ? 'Ti' : 'Super'))
    .replace(/(\d)\s+(GB)\b/gi, '$1GB');
  return name === '' ? null : name;
}
