import type {Sidecar} from '../../types.ts';
import type {Candidate} from '../cause.ts';
import {objectName, showCommand} from '../cause.ts';
import {withChanged} from '../mend.ts';
import {calleeOf, type Mechanism} from './mechanism.ts';

/** A Sidecar resource that hides the host, or a mesh that lets nobody out to what is not in its registry. */
export const scopes: Mechanism = ({snapshot, hop}): readonly Candidate[] => {
  const {decision, service, from} = hop;
  if (decision.kind !== 'passthrough' && decision.kind !== 'blocked') return [];
  const {scope} = decision;
  if (!scope) {
    if (decision.kind !== 'blocked') return [];
    return [
      {
        code: 'host-not-in-registry',
        sentence: `${hop.request.host} is not in the registry, and REGISTRY_ONLY lets nothing else out.`,
        look: 'The mesh lets its pods call only what a Service or a ServiceEntry names.',
        object: 'ConfigMap istio-system/istio',
        fix: `add a ServiceEntry for ${hop.request.host}`,
        command: 'kubectl get serviceentries -A',
        mended: {...snapshot, meshConfig: {...snapshot.meshConfig, outboundTrafficPolicy: 'ALLOW_ANY'}},
      },
    ];
  }
  const owner = service?.split('.')[1] ?? from.namespace;
  const entry = owner === from.namespace ? './*' : `${owner}/*`;
  return [
    {
      code: 'sidecar-hides-host',
      sentence: `${objectName(scope)} does not list ${calleeOf(hop)}, so ${from.app}'s proxy does not know it and uses no rule for it.`,
      look: 'egress.hosts is all that a proxy knows of; its own namespace is ./*, and has to be said too.',
      object: objectName(scope),
      fix: `spec.egress[0].hosts: add "${entry}"`,
      command: showCommand(scope),
      mended: withChanged<Sidecar>(snapshot, scope, copy => {
        const first = copy.spec?.egress?.[0];
        if (first) first.hosts = [...(first.hosts ?? []), entry];
      }),
    },
  ];
};
