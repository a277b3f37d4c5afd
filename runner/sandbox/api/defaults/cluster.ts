import {inside, setDefault, setWhenEmpty} from './set-default.ts';

export function defaultNamespace(namespace: any): void {
  const labels = inside(namespace.metadata, 'labels');
  if (namespace.metadata.name) setDefault(labels, 'kubernetes.io/metadata.name', namespace.metadata.name);
  namespace.spec ??= {};
  if (!namespace.metadata.deletionTimestamp) setDefault(namespace.spec, 'finalizers', ['kubernetes']);
  namespace.status ??= {};
  setWhenEmpty(namespace.status, 'phase', 'Active');
}

/** `stringData` is write-only: its values land in `data`, base64-encoded, and win over what is there. */
export function defaultSecret(secret: any): void {
  setWhenEmpty(secret, 'type', 'Opaque');
  if (!secret.stringData) return;
  secret.data ??= {};
  for (const [key, value] of Object.entries(secret.stringData)) {
    secret.data[key] = Buffer.from(String(value)).toString('base64');
  }
  delete secret.stringData;
}

export function defaultPersistentVolumeClaim(claim: any): void {
  setDefault(inside(claim, 'spec'), 'volumeMode', 'Filesystem');
  setWhenEmpty(inside(claim, 'status'), 'phase', 'Pending');
}

export function defaultPersistentVolume(volume: any): void {
  const spec = inside(volume, 'spec');
  setWhenEmpty(spec, 'persistentVolumeReclaimPolicy', 'Retain');
  setDefault(spec, 'volumeMode', 'Filesystem');
  if (spec.hostPath) setDefault(spec.hostPath, 'type', '');
  setWhenEmpty(inside(volume, 'status'), 'phase', 'Pending');
}

export function defaultStorageClass(storageClass: any): void {
  setDefault(storageClass, 'reclaimPolicy', 'Delete');
  setDefault(storageClass, 'volumeBindingMode', 'Immediate');
}

const rbacGroup = 'rbac.authorization.k8s.io';

export function defaultBinding(binding: any): void {
  if (binding.roleRef) setWhenEmpty(binding.roleRef, 'apiGroup', rbacGroup);
  for (const subject of binding.subjects ?? []) {
    if (subject.kind === 'User' || subject.kind === 'Group') setWhenEmpty(subject, 'apiGroup', rbacGroup);
  }
}

/** Defaults of autoscaling/v2; without metrics the target is 80 % of the requested CPU. */
export function defaultAutoscaler(autoscaler: any): void {
  const spec = inside(autoscaler, 'spec');
  setDefault(spec, 'minReplicas', 1);
  if (!spec.metrics?.length) {
    spec.metrics = [
      {type: 'Resource', resource: {name: 'cpu', target: {type: 'Utilization', averageUtilization: 80}}},
    ];
  }
  if (!spec.behavior) return;
  const up = spec.behavior.scaleUp;
  if (up) {
    setDefault(up, 'stabilizationWindowSeconds', 0);
    setDefault(up, 'selectPolicy', 'Max');
    setDefault(up, 'policies', [
      {type: 'Pods', value: 4, periodSeconds: 15},
      {type: 'Percent', value: 100, periodSeconds: 15},
    ]);
  }
  const down = spec.behavior.scaleDown;
  if (down) {
    setDefault(down, 'selectPolicy', 'Max');
    setDefault(down, 'policies', [{type: 'Percent', value: 100, periodSeconds: 15}]);
  }
}

/** Defaults of both kinds of webhook configuration; Istio's own depend on them when diffed. */
export function defaultWebhooks(configuration: any): void {
  const mutating = configuration.kind === 'MutatingWebhookConfiguration';
  for (const webhook of configuration.webhooks ?? []) {
    setDefault(webhook, 'failurePolicy', 'Fail');
    setDefault(webhook, 'matchPolicy', 'Equivalent');
    setDefault(webhook, 'namespaceSelector', {});
    setDefault(webhook, 'objectSelector', {});
    setDefault(webhook, 'timeoutSeconds', 10);
    if (mutating) setDefault(webhook, 'reinvocationPolicy', 'Never');
    for (const rule of webhook.rules ?? []) setDefault(rule, 'scope', '*');
    if (webhook.clientConfig?.service) setDefault(webhook.clientConfig.service, 'port', 443);
  }
}

export function defaultAdmissionPolicy(policy: any): void {
  const spec = inside(policy, 'spec');
  setDefault(spec, 'failurePolicy', 'Fail');
  if (spec.matchConstraints) defaultMatch(spec.matchConstraints);
}

export function defaultAdmissionPolicyBinding(binding: any): void {
  if (binding.spec?.matchResources) defaultMatch(binding.spec.matchResources);
}

function defaultMatch(match: any): void {
  setDefault(match, 'matchPolicy', 'Equivalent');
  setDefault(match, 'namespaceSelector', {});
  setDefault(match, 'objectSelector', {});
  for (const rule of [...(match.resourceRules ?? []), ...(match.excludeResourceRules ?? [])]) {
    setDefault(rule, 'scope', '*');
  }
}

export function defaultDefinition(definition: any): void {
  const spec = inside(definition, 'spec');
  setDefault(spec, 'conversion', {strategy: 'None'});
  const names = inside(spec, 'names');
  if (names.kind) {
    setWhenEmpty(names, 'singular', names.kind.toLowerCase());
    setWhenEmpty(names, 'listKind', `${names.kind}List`);
  }
}

export function defaultPriorityClass(priorityClass: any): void {
  setDefault(priorityClass, 'preemptionPolicy', 'PreemptLowerPriority');
}

export function defaultApiService(service: any): void {
  if (service.spec?.service) setDefault(service.spec.service, 'port', 443);
}
