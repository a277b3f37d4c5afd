import type {DestinationRule, PeerAuthentication} from '../../types.ts';
import type {Branch, Place} from '../../way/way.ts';
import type {Candidate} from '../cause.ts';
import {change, objectName, showCommand} from '../cause.ts';
import {withChanged, withSidecars} from '../mend.ts';
import {sidecarCause} from '../sidecars.ts';
import {calleeOf, type Mechanism, type Suspect} from './mechanism.ts';

/** Two sides that do not agree: one demands mutual TLS and the other sends plain text, or the other way round. */
export const mutualTls: Mechanism = suspect =>
  suspect.hop.branches.flatMap(branch => [...withoutSidecar(suspect, branch), ...ofBranch(suspect, branch)]);

/** Plain text from a pod that should have a sidecar: then that is what is missing, and STRICT is right. */
function withoutSidecar({snapshot, hop}: Suspect, {tls, to}: Branch): readonly Candidate[] {
  const {from} = hop;
  if (!tls || !to || tls.works || tls.server !== 'STRICT' || from.kind !== 'sidecar' || from.sidecar)
    return [];
  const labels = snapshot.namespaces.find(({name}) => name === from.namespace)?.labels ?? {};
  // Where nobody asked for injection, whoever calls may well never have a sidecar.
  if (from.namespace !== to.namespace && labels['istio-injection'] !== 'enabled') return [];
  const pod = snapshot.workloads.find(
    each => each.namespace === from.namespace && each.name === from.pods[0],
  );
  if (!pod) return [];
  const mended = withSidecars(snapshot, {namespace: from.namespace, labels: {app: from.app}});
  return [{...sidecarCause(snapshot, pod), mended}];
}

function ofBranch(suspect: Suspect, {tls, to}: Branch): readonly Candidate[] {
  if (!tls || !to || tls.works) return [];
  const callee = calleeOf(suspect.hop);
  const caller = suspect.hop.from.app;
  const candidates: Candidate[] = [];
  if (tls.clientBy) {
    const asked = tls.client === 'mutual-tls';
    const bare = tls.server === 'no-sidecar';
    candidates.push({
      code: bare ? 'mutual-tls-without-sidecar' : asked ? 'mutual-tls-refused' : 'mutual-tls-switched-off',
      sentence: asked
        ? `${objectName(tls.clientBy.object)} makes ${caller} send mutual TLS to ${callee}, which ${bare ? 'has no sidecar to take it' : 'does not take it'}.`
        : `${objectName(tls.clientBy.object)} makes ${caller} send plain text, and ${callee} takes mutual TLS only.`,
      look: 'Without a tls block the sidecars agree on mutual TLS by themselves.',
      object: objectName(tls.clientBy.object),
      fix: `${tls.clientBy.path}: take it away`,
      command: showCommand(tls.clientBy.object),
      mended: withoutTls(suspect, tls.clientBy),
    });
  }
  if (tls.serverBy) {
    const strict = tls.server === 'STRICT';
    candidates.push({
      code: strict ? 'mutual-tls-strict' : 'mutual-tls-refused',
      sentence: strict
        ? `${objectName(tls.serverBy.object)} makes ${callee} refuse plain text, and ${caller} sends nothing else.`
        : `${objectName(tls.serverBy.object)} makes ${callee} refuse mutual TLS, and ${caller} sends it.`,
      look: 'PERMISSIVE takes both, STRICT mutual TLS alone, and DISABLE plain text alone.',
      object: objectName(tls.serverBy.object),
      fix: change(tls.serverBy.path ?? 'spec.mtls.mode', tls.server, 'PERMISSIVE'),
      command: showCommand(tls.serverBy.object),
      mended: permissive(suspect, tls.serverBy),
    });
  }
  return candidates;
}

function withoutTls({snapshot}: Suspect, {object, path = ''}: Place) {
  return withChanged<DestinationRule>(snapshot, object, copy => {
    const subset = /subsets\[(\d+)\]/.exec(path)?.[1];
    const port = /portLevelSettings\[(\d+)\]/.exec(path)?.[1];
    const owner = subset === undefined ? copy.spec : copy.spec?.subsets?.[Number(subset)];
    const policy = owner?.trafficPolicy;
    const place = port === undefined ? policy : policy?.portLevelSettings?.[Number(port)];
    if (place) delete place.tls;
  });
}

function permissive({snapshot}: Suspect, {object, path = ''}: Place) {
  return withChanged<PeerAuthentication>(snapshot, object, copy => {
    const port = /portLevelMtls\.(\d+)/.exec(path)?.[1];
    if (!copy.spec) return;
    if (port === undefined) copy.spec.mtls = {mode: 'PERMISSIVE'};
    else copy.spec.portLevelMtls = {...copy.spec.portLevelMtls, [port]: {mode: 'PERMISSIVE'}};
  });
}
