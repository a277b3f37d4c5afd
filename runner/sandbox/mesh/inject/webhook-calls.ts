import {workloadOf} from '../../../istio/build-snapshot.ts';
import {labelsMatch} from '../../../istio/snapshot.ts';
import type {ApiClient} from '../../api/client.ts';
import {ApiError} from '../../api/errors.ts';
import type {KubeObject, Service} from '../../objects.ts';

/** One webhook of a configuration object. */
export interface Webhook {
  name: string;
  clientConfig?: {service?: {name: string; namespace: string; path?: string; port?: number}; url?: string};
  rules?: {operations?: string[]; apiGroups?: string[]; apiVersions?: string[]; resources?: string[]}[];
  failurePolicy?: 'Fail' | 'Ignore';
  namespaceSelector?: LabelSelector;
  objectSelector?: LabelSelector;
  timeoutSeconds?: number;
}

export interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: {key: string; operator: string; values?: string[]}[];
}

/** Whether labels satisfy a selector; an absent one takes everything. */
export function selects(selector: LabelSelector | undefined, labels: Record<string, string> = {}): boolean {
  if (!labelsMatch(selector?.matchLabels, labels)) return false;
  return (selector?.matchExpressions ?? []).every(({key, operator, values = []}) => {
    const value = labels[key];
    switch (operator) {
      case 'In':
        return value !== undefined && values.includes(value);
      case 'NotIn':
        return value === undefined || !values.includes(value);
      case 'Exists':
        return value !== undefined;
      case 'DoesNotExist':
        return value === undefined;
      default:
        return false;
    }
  });
}

/** The webhooks of all configurations of a kind that lead to a Service, in the order in which they are called. */
export function webhooksOf(
  client: ApiClient,
  kind: 'mutatingwebhookconfigurations' | 'validatingwebhookconfigurations',
): Webhook[] {
  return client
    .list<KubeObject>(`${kind}.admissionregistration.k8s.io`)
    .sort((left, right) => (left.metadata.name < right.metadata.name ? -1 : 1))
    .flatMap(configuration => (configuration['webhooks'] ?? []) as Webhook[])
    .filter(webhook => webhook.clientConfig?.service);
}

/**
 * What calling the webhook's Service fails with, or undefined when one of its pods would answer. The texts are
 * the API server's.
 */
export function unreachable(client: ApiClient, webhook: Webhook): string | undefined {
  const target = webhook.clientConfig?.service;
  if (!target) return undefined;
  const {name, namespace, path = '/', port = 443} = target;
  const service = client.get<Service>('services', name, namespace);
  const reason = !service
    ? `service "${name}" not found`
    : hasReadyPod(client, service)
      ? undefined
      : `dial tcp ${service.spec.clusterIP}:${port}: connect: connection refused`;
  if (reason === undefined) return undefined;
  const timeout = webhook.timeoutSeconds ?? 10;
  const call = `Post "https://${name}.${namespace}.svc:${port}${path}?timeout=${timeout}s": ${reason}`;
  return `failed calling webhook "${webhook.name}": failed to call webhook: ${call}`;
}

/** Refuses the request when the webhook can't be called and its policy is to fail. @returns whether to skip it. */
export function skipOrFail(client: ApiClient, webhook: Webhook): boolean {
  const fault = unreachable(client, webhook);
  if (fault === undefined) return false;
  if (webhook.failurePolicy === 'Ignore') return true;
  const message = `Internal error occurred: ${fault}`;
  throw new ApiError(500, 'InternalError', message, {causes: [{message: fault}]});
}

function hasReadyPod(client: ApiClient, service: Service): boolean {
  if (!service.spec.selector) return false;
  return client
    .list('pods', {namespace: service.metadata.namespace ?? '', labels: service.spec.selector})
    .some(pod => workloadOf(pod)[0]?.ready);
}
