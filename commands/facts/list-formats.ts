/** How a list is answered: a page of it as a table, or all of it as a file. */
export const listFormats = ['table', 'csv'] as const;
