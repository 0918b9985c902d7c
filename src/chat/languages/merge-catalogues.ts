import type { Catalogue } from './say.ts';

/** @throws Error for a sentence that two of them have: it would be said in one of two ways. */
export function mergeCatalogues(catalogues: readonly Catalogue[]): Catalogue {
  const merged: Record<string, string> = {};
  for (const catalogue of catalogues) {
    for (const [english, message] of Object.entries(catalogue)) {
      if (Object.hasOwn(merged, english)) throw new Error(`twice in the catalogues: ${english}`);
      merged[english] = message;
    }
  }
  return merged;
}
