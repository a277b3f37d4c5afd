import type {Collector} from './findings.ts';
import {list, quoted} from './go-format.ts';

const noLabels = 'workload selector specified without labels';

type Labels = Readonly<Record<string, string>>;

/** A selector of `matchLabels`; what its labels may be is in the CRD (Istio: `validateWorkloadSelector`). */
export function validateSelector(selector: {matchLabels?: Labels} | undefined, found: Collector): void {
  if (selector && Object.keys(selector.matchLabels ?? {}).length === 0) found.warn(noLabels);
}

/**
 * A selector of `labels`, as the older kinds have it (Istio: `ValidateAlphaWorkloadSelector`).
 * @returns whether it is right; istiod looks no further when it is not
 */
export function validateLabelSelector(
  selector: {labels?: Labels} | undefined,
  kind: string,
  found: Collector,
): boolean {
  const entries = Object.entries(selector?.labels ?? {});
  for (const [key, value] of entries) {
    const pair = quoted(`${key}=${value}`);
    if (key === '') found.error(`empty key is not supported in selector: ${pair}`);
    if (key.includes('*') || value.includes('*'))
      found.error(`wildcard is not supported in selector: ${pair}`);
  }
  if (selector && entries.length === 0) {
    found.warn(`${kind}: ${noLabels}, will be applied to all services in namespace`);
  }
  return found.errors.length === 0;
}

export interface TargetRef {
  group?: string;
  kind?: string;
  name?: string;
}

const targets = [
  ['core', 'v1', 'Service'],
  ['networking.istio.io', 'v1', 'ServiceEntry'],
  ['gateway.networking.k8s.io', 'v1', 'Gateway'],
  ['gateway.networking.k8s.io', 'v1', 'GatewayClass'],
];

export interface Attached {
  targetRef?: TargetRef;
  targetRefs?: readonly TargetRef[];
  selector?: {matchLabels?: Labels};
}

/** What a policy is attached to: a selector, or targets by name (Istio: `validatePolicyTargetReference`). */
export function validateAttachment({selector, targetRef, targetRefs = []}: Attached, found: Collector): void {
  validateSelector(selector, found);
  for (const {group = '', kind = ''} of [...(targetRef ? [targetRef] : []), ...targetRefs]) {
    const canonical = group || 'core';
    if (targets.some(([own, , name]) => own === canonical && name === kind)) continue;
    found.error(
      `targetRef must be to one of ${list(targets.map(parts => parts.join('/')))} but was ${group}/${kind}`,
    );
  }
}
