import type {Kube, KubeItem} from '../kube/kube.ts';
import {KubeError} from '../kube/rest.ts';

interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: {key: string; operator: string; values?: string[]}[];
}

/** What lab 3 makes; the second label is put on every namespace by Kubernetes itself. */
const labelsOfLab = {'istio-injection': 'enabled', 'kubernetes.io/metadata.name': 'bookinfo'};

/**
 * The revision of the istiod that injects sidecars where a namespace says `istio-injection=enabled`: the one whose
 * webhook selects that namespace. A tag's webhook names the revision that it leads to.
 * @returns `none` when none does, `hidden` when the webhooks can't be read.
 */
export async function injectingRevision(kube: Kube): Promise<string> {
  let configurations: readonly KubeItem[];
  try {
    configurations = await kube.list('mutatingwebhookconfigurations');
  } catch (error) {
    if (error instanceof KubeError && error.code === 403) return 'hidden';
    throw error;
  }
  const injector = configurations.find(configuration => {
    const webhooks: {namespaceSelector?: LabelSelector; clientConfig?: any}[] =
      configuration['webhooks'] ?? [];
    return (
      configuration.metadata.labels?.['app'] === 'sidecar-injector' &&
      webhooks.some(({namespaceSelector}) => selects(namespaceSelector ?? {}, labelsOfLab))
    );
  });
  return injector ? (injector.metadata.labels?.['istio.io/rev'] ?? 'default') : 'none';
}

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/label-selector/ */
export function selects(selector: LabelSelector, labels: Readonly<Record<string, string>>): boolean {
  const {matchLabels = {}, matchExpressions = []} = selector;
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({key, operator, values = []}) => {
      const value = labels[key];
      switch (operator) {
        case 'In':
          return value !== undefined && values.includes(value);
        case 'NotIn':
          return value === undefined || !values.includes(value);
        case 'Exists':
          return value !== undefined;
        default:
          return value === undefined;
      }
    })
  );
}
