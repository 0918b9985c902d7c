/** Work behind one share at the pool's difficulty: an RTX 3070 finds about one in half a minute. */
export const hashesPerShare = 1e9;

/** The same for ASICs: one of 100 TH/s finds about two in a minute. */
export const hashesPerAsicShare = 3e15;
