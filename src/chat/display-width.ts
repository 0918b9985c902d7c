const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const printableAscii = /^[\x20-\x7e]*$/;
const invisible = /^[\p{Mark}\p{Default_Ignorable_Code_Point}\p{Format}]*$/u;
const halfwidth = /^[\uff61-\uffdc\uffe8-\uffee]/;
const wide =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]|\p{Emoji}\ufe0f/u;

/** What a reader sees as single characters, combining marks and joined emoji included. */
export function graphemes(text: string): string[] {
  if (printableAscii.test(text)) return text.split('');
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

function graphemeWidth(grapheme: string): number {
  if (invisible.test(grapheme)) return 0;
  if (halfwidth.test(grapheme)) return 1;
  return wide.test(grapheme) ? 2 : 1;
}

/** Columns that the text takes where every character has the same width: East Asian ones and emoji take two. */
export function displayWidth(text: string): number {
  if (printableAscii.test(text)) return text.length;
  return graphemes(text).reduce((width, grapheme) => width + graphemeWidth(grapheme), 0);
}
