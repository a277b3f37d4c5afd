import type {PeerAuthentication} from '../types.ts';
import type {Collector} from './findings.ts';
import {validateSelector} from './selectors.ts';

/** Istio: `ValidatePeerAuthentication`. */
export function validatePeerAuthentication(policy: PeerAuthentication, found: Collector): void {
  const {selector, portLevelMtls} = policy.spec ?? {};
  const ports = Object.keys(portLevelMtls ?? {});
  const selects = Object.keys(selector?.matchLabels ?? {}).length > 0;
  if (!selects && ports.length > 0) {
    found.error('mesh/namespace peer authentication cannot have port level mTLS');
  }
  if (portLevelMtls && ports.length === 0) {
    found.error('port level mTLS, if defined, must have at least one element');
  }
  for (const port of ports) {
    if (Number(port) < 1 || Number(port) > 65_535) found.error('port must be in range 1..65535');
  }
  validateSelector(selector, found);
}
