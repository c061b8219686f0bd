/**
 * For a test that holds a clock to a bound. Another program on the machine can only slow such a test down, so the best of
 * three is what the code does; a fault in the code is there all three times.
 */
export const TIMED = { retry: 2 };
