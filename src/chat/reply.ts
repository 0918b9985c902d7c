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
  /** One question out of many of a kind: which rig, which page. */
  readonly pick?: Pick;
  readonly files?: readonly ReplyFile[];
}

export type ReplyBlock = TableBlock | FieldsBlock | TextBlock | NotesBlock | ChartBlock;

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

/** A picture: where none can be shown, `alt` says the same. */
export interface ChartBlock {
  readonly kind: 'chart';
  readonly title: string;
  /** What the picture shows, in words and figures. */
  readonly alt: string;
  readonly form: 'bars' | 'stacked bars' | 'lines';
  /** Of every value, as the axis names it: `USD per day`, `GPU-hours`. */
  readonly unit: string;
  readonly along:
    | { readonly kind: 'names'; readonly names: readonly string[] }
    /** Unix ms, rising; where each bar or point begins. */
    | { readonly kind: 'instants'; readonly atMs: readonly number[] };
  /** As many values as there are names or instants; null is unknown: a gap, never 0. */
  readonly series: readonly { readonly name: string; readonly values: readonly (number | null)[] }[];
}

export interface Suggestion {
  readonly label: string;
  /** A whole command: `rig name:a1`. */
  readonly command: string;
  /** Its answer takes the place of this reply, as the next page of a table does. */
  readonly replaces?: true;
  /** The command's options are asked for first; those that `command` gives are filled in. */
  readonly form?: true;
}

export interface Pick {
  /** What is picked: `A rig`. */
  readonly label: string;
  readonly options: readonly Suggestion[];
}

/** A file that comes along with a reply; small enough to be sent whole. */
export interface ReplyFile {
  /** `rigs.csv`. */
  readonly name: string;
  readonly mediaType: 'text/csv' | 'text/plain' | 'application/json';
  readonly text: string;
  /** What is in it, in a few words. */
  readonly description: string;
}
