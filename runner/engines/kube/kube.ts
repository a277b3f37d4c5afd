import type {KubeConfig} from '@kubernetes/client-node';
import {WorkshopError} from '../../errors.ts';
import {createRest, KubeError, type Rest} from './rest.ts';

/** An object as the API returned it. */
export interface KubeItem {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    uid: string;
    creationTimestamp?: string;
    deletionTimestamp?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    generation?: number;
    resourceVersion?: string;
    ownerReferences?: {kind: string; name: string; uid: string}[];
  };
  [field: string]: any;
}

interface Served {
  /** `/api/v1` or `/apis/apps/v1`. */
  base: string;
  resource: string;
  kind: string;
  namespaced: boolean;
}

/** Reads a cluster through its kubeconfig; the same on every engine. */
export interface Kube {
  readonly config: KubeConfig;
  /** `resource` as kubectl takes it: plural, singular, short name or kind, with or without its group. */
  get(resource: string, name: string, namespace?: string): Promise<KubeItem | undefined>;
  /** An unknown resource (its CRD is not there) is an empty list. */
  list(resource: string, options?: {namespace?: string; labels?: string}): Promise<readonly KubeItem[]>;
  /** Whether the API has such a resource; everybody who is signed in may ask that. */
  serves(resource: string): Promise<boolean>;
  /**
   * Tells of each object that is there, and then of each change, until the signal or until the API server ends it.
   * https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
   */
  watch(
    resource: string,
    options: {
      namespace?: string;
      signal: AbortSignal;
      /** Only what happened after that version: an `ERROR` tells where the history does not reach back that far. */
      since?: string;
      /** The API server ends it by then. @default never */
      seconds?: number;
    },
    onEvent: (event: WatchEvent) => void,
  ): Promise<void>;
  /** `v1.33.1` */
  version(): Promise<string>;
  /** Asks the API server whether we may do this, as `kubectl auth can-i` does. */
  can(right: Right): Promise<boolean>;
  /** Deletes one object; one that is not there is no error. */
  remove(resource: string, name: string, namespace?: string): Promise<void>;
  /** The same cluster, whose requests end with the signal: an API server that hangs keeps nobody. */
  during(signal: AbortSignal): Kube;
}

/** One line of a watch; an `ERROR` carries a Status in place of an object. */
export interface WatchEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  object: KubeItem;
}

/** https://kubernetes.io/docs/reference/access-authn-authz/authorization/#checking-api-access */
export interface Right {
  verb: string;
  /** Empty for the core group. */
  group: string;
  resource: string;
  subresource?: string;
  namespace?: string;
}

/** Opens the cluster of a kubeconfig file. @throws WorkshopError when the file isn't there or isn't one. */
export async function openKube(kubeconfig: string): Promise<Kube> {
  const {KubeConfig} = await import('./client-node.ts');
  const config = new KubeConfig();
  try {
    config.loadFromFile(kubeconfig);
  } catch (error) {
    throw new WorkshopError({
      code: 'no-kubeconfig',
      message: 'There is no cluster yet: its kubeconfig is not there.',
      detail: error instanceof Error ? error.message : String(error),
      remedies: [{say: 'Make the cluster first', command: 'run 01'}],
      cause: error,
    });
  }
  return kubeOver(config, createRest(config));
}

/** Opens the cluster of a kubeconfig's text. */
export async function openKubeText(text: string): Promise<Kube> {
  const {KubeConfig} = await import('./client-node.ts');
  const config = new KubeConfig();
  config.loadFromString(text);
  return kubeOver(config, createRest(config));
}

/** What the API serves, as last asked; never an answer that failed. */
interface Known {
  served?: Promise<ReadonlyMap<string, Served>> | undefined;
}

export function kubeOver(config: KubeConfig, rest: Rest, known: Known = {}): Kube {
  function ask(): Promise<ReadonlyMap<string, Served>> {
    const served = discover(rest);
    known.served = served;
    served.catch(() => {
      if (known.served === served) known.served = undefined;
    });
    return served;
  }

  async function find(resource: string): Promise<Served | undefined> {
    const key = resource.toLowerCase();
    const first = (await (known.served ?? ask())).get(key);
    // A CRD may have come since.
    return first ?? (await ask()).get(key);
  }

  function pathOf(served: Served, namespace: string | undefined): string {
    return served.namespaced && namespace
      ? `${served.base}/namespaces/${namespace}/${served.resource}`
      : `${served.base}/${served.resource}`;
  }

  return {
    config,
    async get(resource, name, namespace) {
      const served = await find(resource);
      if (!served) return undefined;
      try {
        return await rest.json<KubeItem>(`${pathOf(served, namespace ?? 'default')}/${name}`);
      } catch (error) {
        if (error instanceof KubeError && error.code === 404) return undefined;
        throw error;
      }
    },
    async list(resource, options = {}) {
      const served = await find(resource);
      if (!served) return [];
      const query = options.labels ? `?labelSelector=${encodeURIComponent(options.labels)}` : '';
      const list = await rest.json<{items: KubeItem[]; apiVersion: string; kind: string}>(
        `${pathOf(served, options.namespace)}${query}`,
      );
      // Items of built-in lists come without their own kind.
      const kind = list.kind.replace(/List$/, '');
      return list.items.map(item => ({
        ...item,
        apiVersion: item.apiVersion ?? list.apiVersion,
        kind: item.kind ?? kind,
      }));
    },
    serves: async resource => (await find(resource)) !== undefined,
    async watch(resource, options, onEvent) {
      const served = await find(resource);
      if (!served) return;
      const query = new URLSearchParams({watch: 'true'});
      if (options.since !== undefined) query.set('resourceVersion', options.since);
      if (options.seconds !== undefined) query.set('timeoutSeconds', String(options.seconds));
      await rest.lines(`${pathOf(served, options.namespace)}?${query}`, options.signal, line =>
        onEvent(JSON.parse(line)),
      );
    },
    version: async () => (await rest.json<{gitVersion: string}>('/version')).gitVersion,
    async can(resourceAttributes) {
      const review = await rest.send<{status?: {allowed?: boolean}}>(
        'POST',
        '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
        {
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SelfSubjectAccessReview',
          spec: {resourceAttributes},
        },
      );
      return review.status?.allowed === true;
    },
    async remove(resource, name, namespace) {
      const served = await find(resource);
      if (!served) return;
      try {
        await rest.send('DELETE', `${pathOf(served, namespace)}/${name}`);
      } catch (error) {
        if (!(error instanceof KubeError && error.code === 404)) throw error;
      }
    },
    during: signal => kubeOver(config, rest.during(signal), known),
  };
}

interface DiscoveryList {
  items?: {
    metadata?: {name?: string};
    versions: {
      version: string;
      resources: {
        resource: string;
        responseKind: {kind: string};
        scope: 'Namespaced' | 'Cluster';
        singularResource?: string;
        shortNames?: string[];
      }[];
    }[];
  }[];
}

/** Every name that a resource can be asked for, in kubectl's order of preference: the first to claim it wins. */
async function discover(rest: Rest): Promise<Map<string, Served>> {
  const accept = ['v2', 'v2beta1']
    .map(version => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
    .join(',');
  const lists = await Promise.all(['/api', '/apis'].map(path => rest.json<DiscoveryList>(path, accept)));
  const names = new Map<string, Served>();
  const claim = (name: string | undefined, served: Served): void => {
    const key = name?.toLowerCase();
    if (key && !names.has(key)) names.set(key, served);
  };
  for (const group of lists.flatMap(list => list.items ?? [])) {
    const groupName = group.metadata?.name ?? '';
    for (const {version, resources} of group.versions) {
      const base = groupName ? `/apis/${groupName}/${version}` : `/api/${version}`;
      for (const found of resources) {
        const served: Served = {
          base,
          resource: found.resource,
          kind: found.responseKind.kind,
          namespaced: found.scope === 'Namespaced',
        };
        const aliases = [
          found.resource,
          found.singularResource,
          found.responseKind.kind,
          ...(found.shortNames ?? []),
        ];
        for (const alias of aliases) {
          claim(alias, served);
          if (alias && groupName) claim(`${alias}.${groupName}`, served);
        }
      }
    }
  }
  return names;
}
