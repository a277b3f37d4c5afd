import type {Visitor} from './observation.ts';

const signedOut = / signed out$/;

/**
 * The name that a visitor is signed in under when the page is read. `anonymous` never signs in; `jason signed out`
 * signs in as jason, signs out again, and is nobody from then on.
 */
export function signedInName(visitor: Visitor): string | undefined {
  return visitor === 'anonymous' || signedOut.test(visitor) ? undefined : visitor;
}

/** Who signs in and out before the first reading: `jason` for `jason signed out`. */
export function signedOutName(visitor: Visitor): string | undefined {
  return signedOut.test(visitor) ? visitor.replace(signedOut, '') : undefined;
}
