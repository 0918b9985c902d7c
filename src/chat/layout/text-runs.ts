export interface TextRun {
  /** Its characters stand under one another, so that every one must be as wide as the others. */
  readonly aligned: boolean;
  readonly lines: readonly string[];
}

/** A text's lines in runs: a line that begins with blanks points at something in the line above, so both are aligned. */
export function textRuns(text: string): readonly TextRun[] {
  const lines = text.split(/\r?\n/);
  const indented = (line: string | undefined): boolean => line !== undefined && /^[ \t]+\S/.test(line);
  const runs: { aligned: boolean; lines: string[] }[] = [];
  for (const [index, line] of lines.entries()) {
    const aligned = indented(line) || (line.trim() !== '' && indented(lines[index + 1]));
    const last = runs.at(-1);
    if (last?.aligned === aligned) last.lines.push(line);
    else runs.push({ aligned, lines: [line] });
  }
  return runs;
}
