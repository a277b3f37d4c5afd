import type {IstioObject} from '../types.ts';
import {quoted} from './go-format.ts';

const dryRun = 'istio.io/dry-run';
const alwaysReject = 'internal.istio.io/webhook-always-reject';
const ownAnnotations = ['internal.istio.io/parent-namespace', 'internal.istio.io/parents'];

/** What istiod refuses in an object's annotations, before it looks at anything else (Istio: `validateMetadata`). */
export function annotationFault(object: IstioObject): string | undefined {
  const annotations = object.metadata.annotations ?? {};
  const fault = dryRunFault(object, annotations[dryRun]);
  if (fault) return fault;
  if (alwaysReject in annotations) return `${quoted(alwaysReject)} annotation found, rejecting`;
  const own = ownAnnotations.find(name => name in annotations);
  return own && `${quoted(own)} annotation found, this may not be set by users`;
}

const booleans = ['1', 't', 'T', 'TRUE', 'true', 'True', '0', 'f', 'F', 'FALSE', 'false', 'False'];

function dryRunFault({kind, metadata, spec}: IstioObject, value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const place = `${metadata.namespace ?? ''}/${metadata.name}`;
  if (kind !== 'AuthorizationPolicy') {
    return `${place} has unsupported annotation ${dryRun}, please remove the annotation`;
  }
  const action = spec?.action ?? 'ALLOW';
  if (action !== 'ALLOW' && action !== 'DENY') {
    return `the annotation ${dryRun} currently only supports action ALLOW/DENY, found action ${action} in ${place}`;
  }
  if (booleans.includes(value)) return undefined;
  return `${place} has annotation ${dryRun} with invalid value (${value}): strconv.ParseBool: parsing ${quoted(value)}: invalid syntax`;
}
