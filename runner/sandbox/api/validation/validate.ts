import type {KubeObject} from '../../objects.ts';
import type {ResourceName} from '../client.ts';
import {validateEndpointSlice, validateEndpoints} from './endpoints.ts';
import type {FieldError} from './field-error.ts';
import {validateMetadata} from './metadata.ts';
import {validateIngress, validateNetworkPolicy} from './networking.ts';
import * as others from './others.ts';
import {validatePodSpec, validatePodUpdate} from './pods.ts';
import {validateService} from './services.ts';
import * as workloads from './workloads.ts';

type Validator = (object: any, old: any) => FieldError[];

const validators: Record<ResourceName, Validator> = {
  pods: (pod, old) => [...validatePodSpec(pod.spec, 'spec'), ...(old ? validatePodUpdate(pod, old) : [])],
  'deployments.apps': workloads.validateDeployment,
  'replicasets.apps': workloads.validateWorkload,
  'statefulsets.apps': workloads.validateWorkload,
  'daemonsets.apps': workloads.validateWorkload,
  'jobs.batch': workloads.validateJob,
  'cronjobs.batch': workloads.validateCronJob,
  services: validateService,
  configmaps: others.validateConfigMap,
  secrets: others.validateSecret,
  endpoints: ratcheting(validateEndpoints),
  'endpointslices.discovery.k8s.io': ratcheting(validateEndpointSlice),
  'ingresses.networking.k8s.io': ratcheting(validateIngress),
  'networkpolicies.networking.k8s.io': ratcheting(validateNetworkPolicy),
  'horizontalpodautoscalers.autoscaling': others.validateAutoscaler,
  'poddisruptionbudgets.policy': others.validateDisruptionBudget,
  'rolebindings.rbac.authorization.k8s.io': others.validateBinding,
  'clusterrolebindings.rbac.authorization.k8s.io': others.validateBinding,
  'customresourcedefinitions.apiextensions.k8s.io': others.validateDefinition,
};

/** What an object is refused for only when it was not so before: one that an older version let in can change and go. */
function ratcheting(validator: Validator): Validator {
  return (object, old) => {
    const errors = validator(object, old);
    if (!old || errors.length === 0) return errors;
    const before = new Set(knownErrors(validator, old).map(({field, message}) => `${field} ${message}`));
    return errors.filter(({field, message}) => !before.has(`${field} ${message}`));
  };
}

/** None of what was stored in a form that nobody can judge. */
function knownErrors(validator: Validator, old: any): FieldError[] {
  try {
    return validator(old, undefined);
  } catch {
    return [];
  }
}

/**
 * Checks an object that has its defaults, with the texts of Kubernetes' own validation: its metadata, and for
 * the kinds that manifests hold, what people get wrong in them. Custom resources are checked by their schema
 * (`validateCustom`); for them this looks at the metadata alone.
 * @param old what is stored now, on an update
 */
export function validateObject(
  name: ResourceName,
  object: KubeObject,
  old: KubeObject | undefined,
): FieldError[] {
  return [...validateMetadata(name, object, old), ...(validators[name]?.(object, old) ?? [])];
}
