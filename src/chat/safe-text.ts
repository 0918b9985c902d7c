/** Characters that turn the direction of what follows, so that a figure could read backwards. */
const directions = /[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
// What a terminal obeys instead of showing it; escapes begin with one of these.
const controls = /[\p{Control}]/gu;
const nothingToSee = /^[\p{White_Space}\p{Default_Ignorable_Code_Point}\u2800]*$/u;

/** Text from outside made harmless wherever it is shown, with what was harmful visible: ESC becomes `␛`. */
export function safeText(text: string): string {
  return text
    .toWellFormed()
    .replace(directions, '\ufffd')
    .replace(controls, (control) => {
      const code = control.charCodeAt(0);
      if (code === 0x09) return ' ';
      if (code === 0x7f) return '␡';
      return code < 0x20 ? String.fromCharCode(0x2400 + code) : '\ufffd';
    });
}

/** The same for text of several lines. */
export function safeLines(text: string): string[] {
  return text.split(/\r?\n/).map(safeText);
}

/** The same in one line. */
export function safeLine(text: string): string {
  return safeLines(text).join(' ');
}

/** The text, or a dash where a reader would see nothing at all: chat platforms refuse empty texts. */
export function visible(text: string): string {
  return nothingToSee.test(text) ? '–' : text;
}

/** Takes no room and no part in any word, so it breaks what a platform would act on and nobody sees it. */
export const BREAK = '\u200b';
