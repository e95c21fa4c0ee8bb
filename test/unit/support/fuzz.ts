import type fc from 'fast-check';

/** `npm run test:fuzz` sets it: so many times the usual inputs, other ones each time. */
const TIMES = Number(process.env['FUZZ_TIMES'] ?? 0);

/**
 * How a property is tried: with the same few inputs each time, so that a change is judged by what
 * it does and within seconds; or with very many, drawn anew.
 *
 * @param few how many inputs are usual
 */
export const runs = (few: number): fc.Parameters<unknown> =>
  TIMES > 0 ? { numRuns: few * TIMES } : { numRuns: few, seed: 1 };
