import type {ApiClient} from '../../api/client.ts';
import {ApiError} from '../../api/errors.ts';
import type {KubeObject} from '../../objects.ts';

const configurations = [
  'mutatingwebhookconfigurations.admissionregistration.k8s.io',
  'validatingwebhookconfigurations.admissionregistration.k8s.io',
] as const;

/**
 * Puts istiod's certificate into the webhooks that lead to it, and makes its validation strict: until istiod
 * runs they let everything pass (`failurePolicy: Ignore`). @returns a function that ends the watch.
 */
export function openWebhooks(options: {client: ApiClient; root: string; namespace: string}): () => void {
  const {client, root, namespace} = options;
  const caBundle = Buffer.from(root).toString('base64');
  let stopped = false;

  function patched(resource: string, webhook: any): any {
    const service = webhook.clientConfig?.service;
    if (!service || service.namespace !== namespace || !service.name.startsWith('istiod')) return webhook;
    return {
      ...webhook,
      clientConfig: {...webhook.clientConfig, caBundle},
      ...(resource.startsWith('validating') ? {failurePolicy: 'Fail'} : {}),
    };
  }

  function settle(resource: string, name: string): void {
    const known = client.get<KubeObject>(resource, name);
    if (stopped || !known) return;
    const webhooks = (known['webhooks'] ?? []).map((webhook: any) => patched(resource, webhook));
    if (JSON.stringify(webhooks) === JSON.stringify(known['webhooks'] ?? [])) return;
    try {
      client.update(resource, {...known, webhooks});
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }

  const stops = configurations.map(resource =>
    client.watch(resource, {}, ({type, object}) => {
      if (type !== 'DELETED') queueMicrotask(() => settle(resource, object.metadata.name));
    }),
  );
  return () => {
    stopped = true;
    for (const stop of stops) stop();
  };
}
