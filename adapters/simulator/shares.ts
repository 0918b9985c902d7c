/** Work behind one share at the pool's difficulty: an RTX 3070 finds about one in half a minute. */
export const hashesPerShare = 1e9;
