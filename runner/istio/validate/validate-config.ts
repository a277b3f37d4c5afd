import type {IstioObject} from '../types.ts';
import {validateAuthorizationPolicy} from './authorization-policy.ts';
import {decodingFault} from './decoding.ts';
import {validateDestinationRule} from './destination-rule.ts';
import {validateEnvoyFilter} from './envoy-filter.ts';
import {type Collector, collector, type Findings, joinErrors} from './findings.ts';
import {validateGateway} from './gateway.ts';
import {annotationFault} from './metadata.ts';
import {validatePeerAuthentication} from './peer-authentication.ts';
import {validateRequestAuthentication} from './request-authentication.ts';
import {validateAttachment, validateSelector} from './selectors.ts';
import {validateServiceEntry} from './service-entry.ts';
import {validateSidecar} from './sidecar.ts';
import {validateTelemetry} from './telemetry.ts';
import {validateVirtualService} from './virtual-service.ts';
import {validateWorkloadEntry} from './workload-entry.ts';
import {validateWorkloadGroup} from './workload-group.ts';

type Validator = (object: IstioObject, found: Collector) => void;

/** For plugins and extensions, of which the CRD says the rest. */
const attachmentOnly: Validator = ({spec}, found) => validateAttachment(spec ?? {}, found);

const validators: Record<string, Validator> = {
  VirtualService: validateVirtualService,
  DestinationRule: validateDestinationRule,
  Gateway: validateGateway,
  ServiceEntry: validateServiceEntry,
  Sidecar: validateSidecar,
  WorkloadEntry: validateWorkloadEntry,
  WorkloadGroup: validateWorkloadGroup,
  PeerAuthentication: validatePeerAuthentication,
  RequestAuthentication: validateRequestAuthentication,
  AuthorizationPolicy: validateAuthorizationPolicy,
  Telemetry: validateTelemetry,
  EnvoyFilter: validateEnvoyFilter,
  ProxyConfig: ({spec}, found) => validateSelector(spec?.selector, found),
  WasmPlugin: attachmentOnly,
  TrafficExtension: attachmentOnly,
};

/**
 * What istiod's webhook answers for an object that has passed its CRD's schema and rules: what those refuse is not
 * looked for again. A refusal comes without the warnings, as from istiod.
 */
export function validateConfig(object: IstioObject): Findings {
  const undecodable = decodingFault(object);
  if (undecodable) return refused([undecodable], `error decoding configuration: ${undecodable}`);
  const annotation = annotationFault(object);
  if (annotation) return refused([annotation], `configuration is invalid: ${annotation}`);
  const found = collector();
  validators[object.kind]?.(object, found);
  const {errors, warnings} = found;
  return errors.length > 0
    ? refused(errors, `configuration is invalid: ${joinErrors(found)}`)
    : {errors, warnings};
}

function refused(errors: string[], refusal: string): Findings {
  return {errors, warnings: [], refusal};
}
