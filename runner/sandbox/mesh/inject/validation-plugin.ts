import {unsupportedFields} from '../../../istio/unsupported.ts';
import {validateConfig} from '../../../istio/validate/validate-config.ts';
import type {AdmissionPlugin, AdmissionRequest} from '../../api/admission.ts';
import type {ApiClient} from '../../api/client.ts';
import {ApiError} from '../../api/errors.ts';
import {selects, skipOrFail, type Webhook, webhooksOf} from './webhook-calls.ts';

const istioGroup = /\.(networking|security|telemetry|extensions)\.istio\.io$/;

/**
 * Istio's validation of its own resources: only through the ValidatingWebhookConfigurations that are there, and
 * by istiod's rules and words. What the sandbox stores but does not simulate is answered with a warning always.
 */
export function istioValidationPlugin({client}: {client: ApiClient}): AdmissionPlugin {
  return {
    name: 'istio-validation',
    validate(request) {
      const {object, operation, resource, subresource} = request;
      if (!object || operation === 'DELETE' || subresource !== '' || !istioGroup.test(resource)) return;
      for (const field of unsupportedFields(object)) {
        request.warn(
          `the istio-workshop sandbox does not simulate ${field}: it is stored, and has no effect`,
        );
      }
      const warned = new Set<string>();
      for (const webhook of webhooksOf(client, 'validatingwebhookconfigurations')) {
        if (!applies(webhook, request) || skipOrFail(client, webhook)) continue;
        const {refusal, warnings} = validateConfig(object);
        if (refusal !== undefined) {
          throw new ApiError(
            400,
            undefined,
            `admission webhook "${webhook.name}" denied the request: ${refusal}`,
          );
        }
        for (const warning of warnings) {
          if (!warned.has(warning)) request.warn(warning);
          warned.add(warning);
        }
      }
    },
  };
}

function applies(webhook: Webhook, request: AdmissionRequest): boolean {
  if (webhook.clientConfig?.service?.path !== '/validate') return false;
  const group = request.resource.slice(request.resource.indexOf('.') + 1);
  const plural = request.resource.slice(0, request.resource.indexOf('.'));
  const ruled = (webhook.rules ?? []).some(
    rule =>
      (rule.operations?.includes('*') || rule.operations?.includes(request.operation)) &&
      (rule.apiGroups?.includes('*') || rule.apiGroups?.includes(group)) &&
      (rule.resources?.includes('*') || rule.resources?.includes(plural)),
  );
  return ruled && selects(webhook.objectSelector, request.object?.metadata.labels);
}
