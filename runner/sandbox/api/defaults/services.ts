import {inside, setDefault, setWhenEmpty} from './set-default.ts';

/** Defaults of a Service. The address itself (`clusterIP`, node ports) is given out by the registry. */
export function defaultService(service: any): void {
  const spec = inside(service, 'spec');
  setWhenEmpty(spec, 'sessionAffinity', 'None');
  if (spec.sessionAffinity === 'None') delete spec.sessionAffinityConfig;
  else {
    const clientIP = inside(inside(spec, 'sessionAffinityConfig'), 'clientIP');
    setDefault(clientIP, 'timeoutSeconds', 10_800);
  }
  setWhenEmpty(spec, 'type', 'ClusterIP');
  for (const port of spec.ports ?? []) {
    setWhenEmpty(port, 'protocol', 'TCP');
    setWhenEmpty(port, 'targetPort', port.port);
  }
  const outside = spec.type === 'NodePort' || spec.type === 'LoadBalancer';
  if (outside) setWhenEmpty(spec, 'externalTrafficPolicy', 'Cluster');
  if (spec.type === 'LoadBalancer') setDefault(spec, 'allocateLoadBalancerNodePorts', true);
  if (spec.type !== 'ExternalName') {
    setDefault(spec, 'internalTrafficPolicy', 'Cluster');
    defaultFamilies(spec);
  }
}

function defaultFamilies(spec: any): void {
  if (spec.clusterIP && !spec.clusterIPs?.length) spec.clusterIPs = [spec.clusterIP];
  setDefault(spec, 'ipFamilyPolicy', 'SingleStack');
  if (!spec.ipFamilies?.length) spec.ipFamilies = ['IPv4'];
}

export function defaultEndpoints(endpoints: any): void {
  for (const subset of endpoints.subsets ?? []) {
    for (const port of subset.ports ?? []) setWhenEmpty(port, 'protocol', 'TCP');
  }
}

export function defaultEndpointSlice(slice: any): void {
  for (const port of slice.ports ?? []) {
    setDefault(port, 'name', '');
    setDefault(port, 'protocol', 'TCP');
  }
}

export function defaultNetworkPolicy(policy: any): void {
  const spec = inside(policy, 'spec');
  setDefault(spec, 'podSelector', {});
  if (!spec.policyTypes?.length) spec.policyTypes = spec.egress?.length ? ['Ingress', 'Egress'] : ['Ingress'];
  for (const rule of [...(spec.ingress ?? []), ...(spec.egress ?? [])]) {
    for (const port of rule.ports ?? []) setDefault(port, 'protocol', 'TCP');
  }
}
