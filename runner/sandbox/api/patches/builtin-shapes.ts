import {isScalar, jsonFields, type MessageField, messageNameOf} from '../schema/message-fields.ts';
import {type Shape, unknownShape} from './shape.ts';

/**
 * The lists that merge, as the API's types declare them: strategic merge patch's key, then, where they differ,
 * server-side apply's keys (`atomic` for none). `set` is a set of scalars. Lists that are not named here are
 * replaced as a whole.
 */
const mergingLists: Readonly<Record<string, string>> = {
  'meta.v1.ObjectMeta.finalizers': 'set',
  'meta.v1.ObjectMeta.ownerReferences': 'uid',
  'core.v1.PodSpec.containers': 'name',
  'core.v1.PodSpec.initContainers': 'name',
  'core.v1.PodSpec.ephemeralContainers': 'name',
  'core.v1.PodSpec.imagePullSecrets': 'name',
  'core.v1.PodSpec.resourceClaims': 'name',
  'core.v1.PodSpec.schedulingGates': 'name',
  'core.v1.PodSpec.volumes': 'name',
  'core.v1.PodSpec.hostAliases': 'ip',
  'core.v1.PodSpec.topologySpreadConstraints': 'topologyKey topologyKey+whenUnsatisfiable',
  'core.v1.Container.env': 'name',
  'core.v1.Container.ports': 'containerPort containerPort+protocol',
  'core.v1.Container.volumeMounts': 'mountPath',
  'core.v1.Container.volumeDevices': 'devicePath',
  'core.v1.EphemeralContainerCommon.env': 'name',
  'core.v1.EphemeralContainerCommon.ports': 'containerPort containerPort+protocol',
  'core.v1.EphemeralContainerCommon.volumeMounts': 'mountPath',
  'core.v1.EphemeralContainerCommon.volumeDevices': 'devicePath',
  'core.v1.ServiceSpec.ports': 'port port+protocol',
  'core.v1.ServiceStatus.conditions': 'type',
  'core.v1.ServiceAccount.secrets': 'name',
  'core.v1.ServiceAccount.imagePullSecrets': 'name atomic',
  'core.v1.PodStatus.conditions': 'type',
  'core.v1.PodStatus.podIPs': 'ip',
  'core.v1.PodStatus.hostIPs': 'ip atomic',
  'core.v1.NodeStatus.conditions': 'type',
  'core.v1.NodeStatus.addresses': 'type',
  'core.v1.NodeSpec.podCIDRs': 'set',
  'core.v1.NamespaceStatus.conditions': 'type',
  'core.v1.PersistentVolumeClaimStatus.conditions': 'type',
  'apps.v1.DeploymentStatus.conditions': 'type',
  'apps.v1.ReplicaSetStatus.conditions': 'type',
  'apps.v1.StatefulSetStatus.conditions': 'type',
  'apps.v1.DaemonSetStatus.conditions': 'type',
  'batch.v1.JobStatus.conditions': 'type atomic',
  'policy.v1.PodDisruptionBudgetStatus.conditions': 'type',
  'autoscaling.v2.HorizontalPodAutoscalerStatus.conditions': 'type',
  'admissionregistration.v1.MutatingWebhookConfiguration.webhooks': 'name',
  'admissionregistration.v1.MutatingWebhook.matchConditions': 'name',
  'admissionregistration.v1.ValidatingWebhookConfiguration.webhooks': 'name',
  'admissionregistration.v1.ValidatingWebhook.matchConditions': 'name',
  'admissionregistration.v1.ValidatingAdmissionPolicySpec.matchConditions': 'name',
  'admissionregistration.v1.ValidatingAdmissionPolicySpec.variables': 'name',
  'apiextensions.v1.CustomResourceDefinitionStatus.conditions': 'type',
};

/** Objects that server-side apply owns as a whole. */
const atomicMessages =
  /^meta\.v1\.(LabelSelector|OwnerReference|FieldsV1)$|\.(SecretKeySelector|ConfigMapKeySelector|ObjectFieldSelector|ResourceFieldSelector|FileKeySelector|NodeSelector|NodeSelectorTerm|ScopeSelector|ObjectReference|LocalObjectReference|SecretReference|TypedLocalObjectReference|RoleRef|Subject|CrossVersionObjectReference|LoadBalancerStatus)$/;

/** Maps of strings that server-side apply owns as a whole. */
const atomicMaps = new Set([
  'core.v1.ServiceSpec.selector',
  'core.v1.PodSpec.nodeSelector',
  'core.v1.ReplicationControllerSpec.selector',
]);

/** The shape of a built-in kind; of one that our tables lack, that of unknown data. */
export function builtinShape(apiVersion: string, kind: string): Shape {
  const message = messageNameOf(apiVersion, kind);
  return message ? messageShape(message) : unknownObject;
}

const cache = new Map<string, Shape>();

function messageShape(message: string): Shape {
  const cached = cache.get(message);
  if (cached) return cached;
  const fields = jsonFields(message);
  const shape: Shape = {
    atomic: atomicMessages.test(message),
    field: name => {
      const field = fields?.get(name);
      return field ? fieldShape(ownerOf(message, name), field) : unknownShape;
    },
    item: () => unknownShape,
  };
  cache.set(message, shape);
  return shape;
}

/** Inlined fields are declared by the message they come from. */
function ownerOf(message: string, name: string): string {
  if (message === 'core.v1.EphemeralContainer') return `core.v1.EphemeralContainerCommon.${name}`;
  return `${message}.${name}`;
}

function fieldShape(path: string, field: MessageField): Shape {
  const inner = isScalar(field.type) ? unknownShape : messageShape(field.type);
  if (field.repeated) return listShape(path, inner);
  if (field.map) return {atomic: atomicMaps.has(path), field: () => inner, item: () => unknownShape};
  return inner;
}

function listShape(path: string, inner: Shape): Shape {
  const rule = mergingLists[path];
  const item = () => inner;
  if (rule === undefined) return {atomic: true, field: () => unknownShape, item};
  const [mergeKey = '', keys = mergeKey] = rule.split(' ');
  if (mergeKey === 'set') return {atomic: false, keys: [], mergeKey: '', field: () => unknownShape, item};
  if (keys === 'atomic') return {atomic: true, mergeKey, field: () => unknownShape, item};
  return {atomic: false, keys: keys.split('+'), mergeKey, field: () => unknownShape, item};
}

const objectMeta = () => messageShape('meta.v1.ObjectMeta');

const unknownObject: Shape = {
  atomic: false,
  field: name => (name === 'metadata' ? objectMeta() : unknownShape),
  item: () => unknownShape,
};

/** The shape of a custom kind, from its schema (`x-kubernetes-list-type` and the like). */
export function customShape(schema: any): Shape {
  const root = schemaShape(schema);
  return {...root, field: name => (name === 'metadata' ? objectMeta() : root.field(name))};
}

function schemaShape(schema: any): Shape {
  if (!schema) return unknownShape;
  const listType = schema['x-kubernetes-list-type'];
  const keys: string[] | undefined =
    listType === 'map' ? schema['x-kubernetes-list-map-keys'] : listType === 'set' ? [] : undefined;
  const isList = schema.type === 'array';
  return {
    atomic: isList ? keys === undefined : schema['x-kubernetes-map-type'] === 'atomic',
    ...(keys ? {keys} : {}),
    field: name => schemaShape(schema.properties?.[name] ?? objectOrUndefined(schema.additionalProperties)),
    item: () => schemaShape(schema.items),
  };
}

function objectOrUndefined(value: unknown): unknown {
  return typeof value === 'object' ? value : undefined;
}
