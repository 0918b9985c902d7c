/**
 * A reply without a platform. Every adapter renders it within its own limits and never fails. Text is plain: adapters
 * escape it, so that a rig's name cannot mention, link or format anything.
 */
export interface Reply {
  /** The answer in words, with its figure. One sentence. */
  readonly headline: string;
  readonly blocks: readonly ReplyBlock[];
  /** Likely next questions, as somebody would type them. */
  readonly next: readonly Suggestion[];
}

export type ReplyBlock = TableBlock | FieldsBlock | TextBlock | NotesBlock;

export interface TableBlock {
  readonly kind: 'table';
  readonly title: string | null;
  readonly columns: readonly { readonly title: string; readonly align: 'left' | 'right' }[];
  readonly rows: readonly (readonly string[])[];
  /** Rows that were left out on purpose (paging), and how to see them. */
  readonly more: { readonly count: number; readonly hint: string } | null;
}

/** Name and value pairs. */
export interface FieldsBlock {
  readonly kind: 'fields';
  readonly title: string | null;
  readonly fields: readonly { readonly name: string; readonly value: string }[];
}

export interface TextBlock {
  readonly kind: 'text';
  readonly text: string;
}

/** Small print: assumptions, ages, coverage. `warning` marks what makes a figure doubtful. */
export interface NotesBlock {
  readonly kind: 'notes';
  readonly tone: 'plain' | 'warning';
  readonly notes: readonly string[];
}

export interface Suggestion {
  readonly label: string;
  /** A whole command: `rig name:a1`. */
  readonly command: string;
}
