import {inside, setDefault, setWhenEmpty} from './set-default.ts';
import {defaultVolumes} from './volumes.ts';

/** Defaults of a pod's spec, in a pod or a template; Kubernetes' `core/v1` defaulting. */
export function defaultPodSpec(spec: any): void {
  setWhenEmpty(spec, 'restartPolicy', 'Always');
  setDefault(spec, 'terminationGracePeriodSeconds', 30);
  setWhenEmpty(spec, 'dnsPolicy', 'ClusterFirst');
  setDefault(spec, 'securityContext', {});
  setWhenEmpty(spec, 'schedulerName', 'default-scheduler');
  mirrorServiceAccount(spec);
  for (const container of [...(spec.initContainers ?? []), ...(spec.containers ?? [])]) {
    defaultContainer(container, spec.hostNetwork === true);
  }
  for (const container of spec.ephemeralContainers ?? []) defaultContainer(container, false);
  defaultVolumes(spec.volumes);
  for (const constraint of spec.topologySpreadConstraints ?? []) {
    setDefault(constraint, 'whenUnsatisfiable', 'DoNotSchedule');
  }
}

/** Defaults that hold for a pod, but not for a template. */
export function defaultPod(pod: any): void {
  const spec = inside(pod, 'spec');
  defaultPodSpec(spec);
  setDefault(spec, 'enableServiceLinks', true);
  for (const container of [...(spec.initContainers ?? []), ...(spec.containers ?? [])]) {
    requestsFromLimits(container.resources);
  }
}

/** `serviceAccount` is the deprecated name of `serviceAccountName`; the API answers both. */
function mirrorServiceAccount(spec: any): void {
  const name = spec.serviceAccountName || spec.serviceAccount;
  if (!name) return;
  spec.serviceAccountName = name;
  spec.serviceAccount = name;
}

function defaultContainer(container: any, hostNetwork: boolean): void {
  setWhenEmpty(container, 'imagePullPolicy', pullPolicyFor(container.image ?? ''));
  setWhenEmpty(container, 'terminationMessagePath', '/dev/termination-log');
  setWhenEmpty(container, 'terminationMessagePolicy', 'File');
  setDefault(container, 'resources', {});
  for (const port of container.ports ?? []) {
    setWhenEmpty(port, 'protocol', 'TCP');
    if (hostNetwork) setWhenEmpty(port, 'hostPort', port.containerPort);
  }
  for (const variable of container.env ?? []) {
    const fieldRef = variable.valueFrom?.fieldRef;
    if (fieldRef) setWhenEmpty(fieldRef, 'apiVersion', 'v1');
    const resourceRef = variable.valueFrom?.resourceFieldRef;
    if (resourceRef) setDefault(resourceRef, 'divisor', '0');
  }
  for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe']) defaultProbe(container[probe]);
  for (const hook of ['postStart', 'preStop']) defaultHttpGet(container.lifecycle?.[hook]?.httpGet);
}

/** `Always` for `latest` and for no tag, unless a digest pins the image. */
function pullPolicyFor(image: string): string {
  if (image.includes('@')) return 'IfNotPresent';
  const tag = /:([^:/]+)$/.exec(image)?.[1];
  return tag === undefined || tag === 'latest' ? 'Always' : 'IfNotPresent';
}

function defaultProbe(probe: any): void {
  if (!probe) return;
  setWhenEmpty(probe, 'timeoutSeconds', 1);
  setWhenEmpty(probe, 'periodSeconds', 10);
  setWhenEmpty(probe, 'successThreshold', 1);
  setWhenEmpty(probe, 'failureThreshold', 3);
  defaultHttpGet(probe.httpGet);
  if (probe.grpc) setDefault(probe.grpc, 'service', '');
}

function defaultHttpGet(httpGet: any): void {
  if (!httpGet) return;
  setWhenEmpty(httpGet, 'path', '/');
  setWhenEmpty(httpGet, 'scheme', 'HTTP');
}

function requestsFromLimits(resources: any): void {
  if (!resources?.limits) return;
  resources.requests ??= {};
  for (const [name, limit] of Object.entries(resources.limits)) setDefault(resources.requests, name, limit);
}
