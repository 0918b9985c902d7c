import { mergeCatalogues } from '../merge-catalogues.ts';
import type { Language } from '../say.ts';
import { frenchLayout } from './layout.ts';
import { frenchMistakes } from './mistakes.ts';
import { frenchNotices } from './notices.ts';
import { frenchPlatforms } from './platforms.ts';
import { frenchReplies } from './replies.ts';

/** What chat itself says in French; commands add their own. */
export const frenchOfChat: Language = {
  code: 'fr',
  sentences: mergeCatalogues([frenchReplies, frenchLayout, frenchPlatforms]),
  phrases: mergeCatalogues([frenchMistakes, frenchNotices]),
};
