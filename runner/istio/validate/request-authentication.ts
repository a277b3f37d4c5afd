import type {IstioObject} from '../types.ts';
import type {Collector} from './findings.ts';
import {readJwks} from './jwks.ts';
import {type Attached, validateAttachment} from './selectors.ts';
import {validateDuration} from './values.ts';

interface JwtRule {
  issuer?: string;
  jwksUri?: string;
  jwks_uri?: string;
  jwks?: string;
  timeout?: string;
}

/** Istio: `ValidateRequestAuthentication`. */
export function validateRequestAuthentication(
  policy: IstioObject<Attached & {jwtRules?: JwtRule[]}>,
  found: Collector,
): void {
  const {jwtRules = [], ...attached} = policy.spec ?? {};
  validateAttachment(attached, found);
  for (const {issuer, jwksUri, jwks_uri: oldUri, jwks, timeout} of jwtRules) {
    if (!issuer && !jwksUri && !oldUri) found.listed('issuer or jwksUri must be non-empty string');
    const read = jwks ? readJwks(jwks) : undefined;
    if (read?.fault) found.listed(`jwks parse error: ${read.fault}`);
    validateDuration(timeout, {...found, error: found.listed});
    for (const index of read?.privateKeys ?? []) {
      found.warn(
        `jwks key at index ${index} contains private key material; only public keys are used for verification`,
      );
    }
  }
}
