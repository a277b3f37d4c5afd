import type {ResourceName} from '../api/client.ts';
import type {KubeObject, WatchEvent} from '../objects.ts';
import type {Runtime} from './runtime.ts';

/** A resource whose objects can be owned or live in a namespace that is deleted. */
export interface KnownResource {
  resource: ResourceName;
  group: string;
  kind: string;
  namespaced: boolean;
}

/** Owners come before what they own, so that nothing is made anew while a namespace is emptied. */
const builtin: readonly [kinds: string, namespaced: boolean][] = [
  [
    'cronjobs.batch/CronJob jobs.batch/Job deployments.apps/Deployment statefulsets.apps/StatefulSet ' +
      'daemonsets.apps/DaemonSet replicasets.apps/ReplicaSet replicationcontrollers/ReplicationController ' +
      'horizontalpodautoscalers.autoscaling/HorizontalPodAutoscaler poddisruptionbudgets.policy/PodDisruptionBudget ' +
      'pods/Pod services/Service endpointslices.discovery.k8s.io/EndpointSlice endpoints/Endpoints ' +
      'ingresses.networking.k8s.io/Ingress networkpolicies.networking.k8s.io/NetworkPolicy configmaps/ConfigMap ' +
      'secrets/Secret serviceaccounts/ServiceAccount roles.rbac.authorization.k8s.io/Role ' +
      'rolebindings.rbac.authorization.k8s.io/RoleBinding persistentvolumeclaims/PersistentVolumeClaim ' +
      'resourcequotas/ResourceQuota limitranges/LimitRange controllerrevisions.apps/ControllerRevision ' +
      'podtemplates/PodTemplate leases.coordination.k8s.io/Lease events/Event',
    true,
  ],
  [
    'nodes/Node persistentvolumes/PersistentVolume clusterroles.rbac.authorization.k8s.io/ClusterRole ' +
      'clusterrolebindings.rbac.authorization.k8s.io/ClusterRoleBinding namespaces/Namespace ' +
      'storageclasses.storage.k8s.io/StorageClass priorityclasses.scheduling.k8s.io/PriorityClass ' +
      'mutatingwebhookconfigurations.admissionregistration.k8s.io/MutatingWebhookConfiguration ' +
      'validatingwebhookconfigurations.admissionregistration.k8s.io/ValidatingWebhookConfiguration ' +
      'customresourcedefinitions.apiextensions.k8s.io/CustomResourceDefinition',
    false,
  ],
];

export const definitions = 'customresourcedefinitions.apiextensions.k8s.io';

export interface ResourceWatch {
  /** Hears of every change of every known resource, those of custom ones included. */
  listen(listener: (known: KnownResource, event: WatchEvent) => void): void;
  all(): readonly KnownResource[];
  find(apiVersion: string, kind: string): KnownResource | undefined;
  /** Starts to deliver, first what exists; call it once all listeners are there. */
  start(): void;
}

export function createResourceWatch(runtime: Runtime): ResourceWatch {
  const known: KnownResource[] = [];
  const listeners: ((resource: KnownResource, event: WatchEvent) => void)[] = [];
  const watched = new Set<ResourceName>();

  function follow(resource: KnownResource) {
    if (watched.has(resource.resource)) return;
    watched.add(resource.resource);
    known.push(resource);
    runtime.watch(resource.resource, event => {
      for (const listener of listeners) listener(resource, event);
      if (resource.resource === definitions && event.type !== 'DELETED') follow(customResource(event.object));
    });
  }

  return {
    listen(listener) {
      listeners.push(listener);
    },
    all: () => known,
    find(apiVersion, kind) {
      const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
      return known.find(one => one.kind === kind && one.group === group);
    },
    start() {
      for (const [kinds, namespaced] of builtin) {
        for (const entry of kinds.split(' ')) {
          const [resource = '', kind = ''] = entry.split('/');
          const dot = resource.indexOf('.');
          const short = dot < 0 ? '' : resource.slice(dot + 1);
          follow({resource, kind, namespaced, group: short});
        }
      }
    },
  };
}

export function customResource(definition: KubeObject): KnownResource {
  const {group, names, scope} = definition['spec'];
  return {resource: `${names.plural}.${group}`, group, kind: names.kind, namespaced: scope === 'Namespaced'};
}
