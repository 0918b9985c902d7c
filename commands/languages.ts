import type { Language } from '../src/chat/languages/say.ts';
import { french } from './french/index.ts';

/** What answers can be said in besides English. */
export const languages: readonly Language[] = [french];
