import {conversions} from './conversions.ts';
import {resourceName} from './registry.ts';
import {groupVersion, type ServedType} from './served-type.ts';

const allVerbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const statusVerbs = ['get', 'patch', 'update'];

type Subresource = ServedType['subresources'][number];

interface Row {
  kind: string;
  singular?: string;
  short?: string[];
  categories?: string[];
  cluster?: true;
  versions?: string[];
  verbs?: string[];
  status?: true;
  scale?: true;
  /** See `ServedType.counted`. */
  counted?: true;
  sub?: Subresource[];
  storage?: string;
}

const core: Record<string, Row> = {
  bindings: {kind: 'Binding', verbs: ['create']},
  componentstatuses: {kind: 'ComponentStatus', cluster: true, short: ['cs'], verbs: ['get', 'list']},
  configmaps: {kind: 'ConfigMap', short: ['cm']},
  endpoints: {kind: 'Endpoints', singular: 'endpoints', short: ['ep']},
  events: {kind: 'Event', short: ['ev']},
  limitranges: {kind: 'LimitRange', short: ['limits']},
  namespaces: {
    kind: 'Namespace',
    cluster: true,
    short: ['ns'],
    status: true,
    verbs: allVerbs.filter(verb => verb !== 'deletecollection'),
    sub: [{name: 'finalize', kind: 'Namespace', verbs: ['update']}],
  },
  nodes: {kind: 'Node', cluster: true, short: ['no'], status: true},
  persistentvolumeclaims: {kind: 'PersistentVolumeClaim', short: ['pvc'], status: true},
  persistentvolumes: {kind: 'PersistentVolume', cluster: true, short: ['pv'], status: true},
  pods: {
    kind: 'Pod',
    short: ['po'],
    categories: ['all'],
    status: true,
    counted: true,
    sub: [
      {name: 'attach', kind: 'PodAttachOptions', verbs: ['create', 'get']},
      {name: 'binding', kind: 'Binding', verbs: ['create']},
      {name: 'ephemeralcontainers', kind: 'Pod', verbs: statusVerbs},
      {name: 'eviction', group: 'policy', version: 'v1', kind: 'Eviction', verbs: ['create']},
      {name: 'exec', kind: 'PodExecOptions', verbs: ['create', 'get']},
      {name: 'log', kind: 'Pod', verbs: ['get']},
      {name: 'portforward', kind: 'PodPortForwardOptions', verbs: ['create', 'get']},
    ],
  },
  podtemplates: {kind: 'PodTemplate'},
  replicationcontrollers: {
    kind: 'ReplicationController',
    short: ['rc'],
    categories: ['all'],
    status: true,
    scale: true,
    counted: true,
  },
  resourcequotas: {kind: 'ResourceQuota', short: ['quota'], status: true},
  secrets: {kind: 'Secret'},
  serviceaccounts: {
    kind: 'ServiceAccount',
    short: ['sa'],
    sub: [
      {name: 'token', group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest', verbs: ['create']},
    ],
  },
  services: {kind: 'Service', short: ['svc'], categories: ['all'], status: true},
};

/** In the order in which discovery lists the groups: it decides which group an ambiguous name means. */
const groups: Record<string, Record<string, Row>> = {
  '': core,
  'events.k8s.io': {events: {kind: 'Event', short: ['ev'], storage: 'events'}},
  'authentication.k8s.io': {
    selfsubjectreviews: {kind: 'SelfSubjectReview', cluster: true, verbs: ['create']},
    tokenreviews: {kind: 'TokenReview', cluster: true, verbs: ['create']},
  },
  'authorization.k8s.io': {
    localsubjectaccessreviews: {kind: 'LocalSubjectAccessReview', verbs: ['create']},
    selfsubjectaccessreviews: {kind: 'SelfSubjectAccessReview', cluster: true, verbs: ['create']},
    selfsubjectrulesreviews: {kind: 'SelfSubjectRulesReview', cluster: true, verbs: ['create']},
    subjectaccessreviews: {kind: 'SubjectAccessReview', cluster: true, verbs: ['create']},
  },
  apps: {
    controllerrevisions: {kind: 'ControllerRevision'},
    daemonsets: {kind: 'DaemonSet', short: ['ds'], categories: ['all'], status: true, counted: true},
    deployments: {
      kind: 'Deployment',
      short: ['deploy'],
      categories: ['all'],
      status: true,
      scale: true,
      counted: true,
    },
    replicasets: {
      kind: 'ReplicaSet',
      short: ['rs'],
      categories: ['all'],
      status: true,
      scale: true,
      counted: true,
    },
    statefulsets: {
      kind: 'StatefulSet',
      short: ['sts'],
      categories: ['all'],
      status: true,
      scale: true,
      counted: true,
    },
  },
  autoscaling: {
    horizontalpodautoscalers: {
      kind: 'HorizontalPodAutoscaler',
      short: ['hpa'],
      categories: ['all'],
      status: true,
      versions: ['v2', 'v1'],
    },
  },
  batch: {
    cronjobs: {kind: 'CronJob', short: ['cj'], categories: ['all'], status: true, counted: true},
    jobs: {kind: 'Job', categories: ['all'], status: true, counted: true},
  },
  'networking.k8s.io': {
    ingressclasses: {kind: 'IngressClass', cluster: true, counted: true},
    ingresses: {kind: 'Ingress', singular: 'ingress', short: ['ing'], status: true, counted: true},
    networkpolicies: {kind: 'NetworkPolicy', short: ['netpol'], counted: true},
  },
  policy: {poddisruptionbudgets: {kind: 'PodDisruptionBudget', short: ['pdb'], status: true, counted: true}},
  'rbac.authorization.k8s.io': {
    clusterrolebindings: {kind: 'ClusterRoleBinding', cluster: true},
    clusterroles: {kind: 'ClusterRole', cluster: true},
    rolebindings: {kind: 'RoleBinding'},
    roles: {kind: 'Role'},
  },
  'storage.k8s.io': {
    csidrivers: {kind: 'CSIDriver', cluster: true},
    csinodes: {kind: 'CSINode', cluster: true},
    csistoragecapacities: {kind: 'CSIStorageCapacity'},
    storageclasses: {kind: 'StorageClass', cluster: true, short: ['sc']},
    volumeattachments: {kind: 'VolumeAttachment', cluster: true, status: true},
  },
  'admissionregistration.k8s.io': {
    mutatingwebhookconfigurations: {kind: 'MutatingWebhookConfiguration', cluster: true, counted: true},
    validatingadmissionpolicies: {
      kind: 'ValidatingAdmissionPolicy',
      cluster: true,
      status: true,
      counted: true,
    },
    validatingadmissionpolicybindings: {
      kind: 'ValidatingAdmissionPolicyBinding',
      cluster: true,
      counted: true,
    },
    validatingwebhookconfigurations: {kind: 'ValidatingWebhookConfiguration', cluster: true, counted: true},
  },
  'apiextensions.k8s.io': {
    customresourcedefinitions: {
      kind: 'CustomResourceDefinition',
      cluster: true,
      short: ['crd', 'crds'],
      categories: ['api-extensions'],
      status: true,
      counted: true,
    },
  },
  'scheduling.k8s.io': {
    priorityclasses: {kind: 'PriorityClass', cluster: true, short: ['pc'], counted: true},
  },
  'coordination.k8s.io': {leases: {kind: 'Lease'}},
  'discovery.k8s.io': {endpointslices: {kind: 'EndpointSlice', counted: true}},
};

/** Every built-in resource, in the order of discovery. */
export function builtinTypes(): ServedType[] {
  return Object.entries(groups).flatMap(([group, rows]) =>
    Object.entries(rows).map(([resource, row]) => servedType(group, resource, row)),
  );
}

function servedType(group: string, resource: string, row: Row): ServedType {
  const versions = row.versions ?? ['v1'];
  const subresources: Subresource[] = [...(row.sub ?? [])];
  if (row.scale) {
    subresources.push({
      name: 'scale',
      group: 'autoscaling',
      version: 'v1',
      kind: 'Scale',
      verbs: statusVerbs,
    });
  }
  if (row.status) subresources.push({name: 'status', kind: row.kind, verbs: statusVerbs});
  const name = resourceName({group, resource});
  return {
    group,
    versions,
    resource,
    singular: row.singular ?? row.kind.toLowerCase(),
    kind: row.kind,
    shortNames: row.short ?? [],
    categories: row.categories ?? [],
    namespaced: !row.cluster,
    verbs: row.verbs ?? allVerbs,
    subresources,
    custom: false,
    storage: row.storage ?? name,
    storedAs: row.storage === 'events' ? 'v1' : groupVersion(group, versions[0] as string),
    counted: row.counted ?? false,
    ...(conversions[name] ? {conversion: conversions[name]} : {}),
  };
}
