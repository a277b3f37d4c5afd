import type {KubeObject} from '../../objects.ts';
import type {ResourceName} from '../client.ts';
import * as cluster from './cluster.ts';
import {defaultPod} from './pod.ts';
import * as services from './services.ts';
import * as workloads from './workloads.ts';

const defaulters: Record<ResourceName, (object: any) => void> = {
  pods: defaultPod,
  'deployments.apps': workloads.defaultDeployment,
  'replicasets.apps': workloads.defaultReplicaSet,
  'daemonsets.apps': workloads.defaultDaemonSet,
  'statefulsets.apps': workloads.defaultStatefulSet,
  replicationcontrollers: workloads.defaultReplicationController,
  'jobs.batch': workloads.defaultJob,
  'cronjobs.batch': workloads.defaultCronJob,
  services: services.defaultService,
  endpoints: services.defaultEndpoints,
  'endpointslices.discovery.k8s.io': services.defaultEndpointSlice,
  'networkpolicies.networking.k8s.io': services.defaultNetworkPolicy,
  namespaces: cluster.defaultNamespace,
  secrets: cluster.defaultSecret,
  persistentvolumeclaims: cluster.defaultPersistentVolumeClaim,
  persistentvolumes: cluster.defaultPersistentVolume,
  'storageclasses.storage.k8s.io': cluster.defaultStorageClass,
  'rolebindings.rbac.authorization.k8s.io': cluster.defaultBinding,
  'clusterrolebindings.rbac.authorization.k8s.io': cluster.defaultBinding,
  'horizontalpodautoscalers.autoscaling': cluster.defaultAutoscaler,
  'mutatingwebhookconfigurations.admissionregistration.k8s.io': cluster.defaultWebhooks,
  'validatingwebhookconfigurations.admissionregistration.k8s.io': cluster.defaultWebhooks,
  'validatingadmissionpolicies.admissionregistration.k8s.io': cluster.defaultAdmissionPolicy,
  'validatingadmissionpolicybindings.admissionregistration.k8s.io': cluster.defaultAdmissionPolicyBinding,
  'customresourcedefinitions.apiextensions.k8s.io': cluster.defaultDefinition,
  'priorityclasses.scheduling.k8s.io': cluster.defaultPriorityClass,
  'apiservices.apiregistration.k8s.io': cluster.defaultApiService,
};

/**
 * Fills in what the API server would, in place. Doing it twice changes nothing more, and a re-applied manifest
 * ends in the same object: `kubectl apply` and `diff` rely on both. Custom resources get theirs from their
 * schema (`defaultCustom`).
 */
export function applyDefaults(name: ResourceName, object: KubeObject): void {
  defaulters[name]?.(object);
}
