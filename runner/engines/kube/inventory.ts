import type {Kube, KubeItem} from './kube.ts';
import {KubeError} from './rest.ts';

/** An object as far as it tells whose it is; never what is in it. */
export interface InventoryItem {
  kind: string;
  resource: string;
  name: string;
  namespace?: string;
  uid: string;
  labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
}

export interface Inventory {
  items: readonly InventoryItem[];
  /** Resources that we may not list. */
  hidden: readonly string[];
}

/** What the labs, Helm, istiod and Kubernetes itself make on behalf of a run. */
const resources = [
  'namespaces',
  'customresourcedefinitions.apiextensions.k8s.io',
  'clusterroles.rbac.authorization.k8s.io',
  'clusterrolebindings.rbac.authorization.k8s.io',
  'mutatingwebhookconfigurations.admissionregistration.k8s.io',
  'validatingwebhookconfigurations.admissionregistration.k8s.io',
  'roles.rbac.authorization.k8s.io',
  'rolebindings.rbac.authorization.k8s.io',
  'deployments.apps',
  'replicasets.apps',
  'pods',
  'services',
  'serviceaccounts',
  'configmaps',
  'secrets',
  'persistentvolumeclaims',
  'horizontalpodautoscalers.autoscaling',
  'poddisruptionbudgets.policy',
  'virtualservices.networking.istio.io',
  'destinationrules.networking.istio.io',
  'gateways.networking.istio.io',
  'serviceentries.networking.istio.io',
  'sidecars.networking.istio.io',
  'peerauthentications.security.istio.io',
  'authorizationpolicies.security.istio.io',
  'telemetries.telemetry.istio.io',
] as const;

/** What is in a cluster, as far as a run could leave something of it. */
export async function takeInventory(kube: Kube): Promise<Inventory> {
  const hidden: string[] = [];
  const lists = await Promise.all(
    resources.map(async resource => {
      try {
        return (await kube.list(resource)).map(item => asItem(resource, item));
      } catch (error) {
        // A type may have gone since the cluster was asked for its types.
        if (error instanceof KubeError && error.code === 404) return [];
        if (!(error instanceof KubeError && error.code === 403)) throw error;
        hidden.push(resource);
        return [];
      }
    }),
  );
  return {items: lists.flat(), hidden};
}

function asItem(resource: string, {kind, metadata}: KubeItem): InventoryItem {
  return {
    kind,
    resource,
    name: metadata.name,
    ...(metadata.namespace ? {namespace: metadata.namespace} : {}),
    uid: metadata.uid,
    labels: metadata.labels ?? {},
    annotations: metadata.annotations ?? {},
  };
}

export interface OwnRun {
  /** The value of the label on what a run makes. */
  label: {name: string; value: string};
  /** Namespaces that a run makes where they are not there. */
  namespaces: readonly string[];
  /** Whether the run installed Istio: then what istiod and its charts spread is the run's too. */
  installed: boolean;
}

/**
 * What a run has left behind: objects that were not there before and that it made or labelled. What others made
 * meanwhile is none of it.
 */
export function leftovers(before: Inventory, after: Inventory, run: OwnRun): readonly InventoryItem[] {
  const uids = new Set(before.items.map(({uid}) => uid));
  const foreign = new Set(
    before.items.filter(({resource}) => resource === 'namespaces').map(({name}) => name),
  );
  const made = run.namespaces.filter(name => !foreign.has(name));
  return after.items.filter(item => !uids.has(item.uid) && isOfRun(item, run, made));
}

function isOfRun(item: InventoryItem, {label, installed}: OwnRun, made: readonly string[]): boolean {
  if (item.labels[label.name] === label.value) return true;
  // Somebody may have made one of that name since, and then it carries no label of ours.
  if (item.resource === 'namespaces') return false;
  if (!installed) return false;
  const release = item.annotations['meta.helm.sh/release-namespace'];
  if (release !== undefined && made.includes(release)) return true;
  return item.labels['istio.io/config'] === 'true';
}

/** `ConfigMap default/istio-ca-root-cert` */
export function itemText({kind, namespace, name}: InventoryItem): string {
  return `${kind} ${namespace ? `${namespace}/` : ''}${name}`;
}
