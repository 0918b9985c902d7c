/** A way to use GPUs within a sentence; to be said with `way`. */
export const wayInSentence =
  '{way, select, mine {mining} rent {GPU rental} mixed {mine while idle} off {off} other {{way}}}';

/** The same as a title. */
export const wayAsTitle =
  '{way, select, mine {Mine} rent {GPU rental} mixed {Mine while idle} off {Off} other {{way}}}';
