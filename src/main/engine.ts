import { setFlagsFromString } from 'node:v8';

// V8's middle compiler computes wrong values on the Node that package.json pins (decision 008). Before anything gets hot.
setFlagsFromString('--no-maglev');
