import type {IstioObject} from '../types.ts';
import {validateDestinationRule} from './destination-rule.ts';
import {collector, type Findings} from './findings.ts';
import {validateGateway} from './gateway.ts';
import {validateServiceEntry, validateSidecar} from './networking.ts';
import {validateAuthorizationPolicy, validatePeerAuthentication} from './security.ts';
import {validateVirtualService} from './virtual-service.ts';

const validators: Record<string, (object: any, found: ReturnType<typeof collector>) => void> = {
  VirtualService: validateVirtualService,
  DestinationRule: validateDestinationRule,
  Gateway: validateGateway,
  ServiceEntry: validateServiceEntry,
  Sidecar: validateSidecar,
  PeerAuthentication: validatePeerAuthentication,
  AuthorizationPolicy: validateAuthorizationPolicy,
};

/**
 * What istiod's webhook answers for an object: errors refuse it, each in the words after `configuration is
 * invalid: `; warnings let it pass. Kinds without a validator here have neither.
 */
export function validateConfig(object: IstioObject): Findings {
  const found = collector();
  validators[object.kind]?.(object, found);
  return {errors: found.errors, warnings: found.warnings};
}
