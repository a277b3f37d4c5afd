import type {AdmissionPlugin} from '../../api/admission.ts';
import type {ApiClient} from '../../api/client.ts';
import type {Pod} from '../../objects.ts';
import {injectPod, wantsInjection} from './inject-pod.ts';
import {readSettings} from './settings.ts';
import {selects, skipOrFail, type Webhook, webhooksOf} from './webhook-calls.ts';

/**
 * Sidecar injection on pod CREATE. It acts only through the MutatingWebhookConfigurations that lead to
 * `/inject`, by their own selectors; when their istiod has no ready pod, the pod can't be created.
 */
export function injectionPlugin({client}: {client: ApiClient}): AdmissionPlugin {
  return {
    name: 'istio-sidecar-injection',
    mutate(request) {
      if (request.operation !== 'CREATE' || request.resource !== 'pods' || request.subresource !== '') return;
      const pod = request.object as Pod | undefined;
      if (!pod?.spec) return;
      const namespace = request.namespace ?? 'default';
      const namespaceLabels = {
        'kubernetes.io/metadata.name': namespace,
        ...client.get('namespaces', namespace)?.metadata.labels,
      };
      for (const webhook of webhooksOf(client, 'mutatingwebhookconfigurations')) {
        if (!isInjector(webhook)) continue;
        if (!selects(webhook.namespaceSelector, namespaceLabels)) continue;
        if (!selects(webhook.objectSelector, pod.metadata.labels)) continue;
        if (skipOrFail(client, webhook)) continue;
        const settings = readSettings(
          client,
          webhook.clientConfig?.service?.namespace ?? 'istio-system',
          pod,
        );
        if (wantsInjection(pod, namespace, settings)) injectPod(pod, namespace, settings);
      }
    },
  };
}

function isInjector({clientConfig}: Webhook): boolean {
  return clientConfig?.service?.path?.startsWith('/inject') === true;
}
