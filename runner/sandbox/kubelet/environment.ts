import type {ApiClient} from '../api/client.ts';
import type {Container, EnvVar, KubeObject} from '../objects.ts';
import {fieldValue, type PodFacts, resourceValue} from './field-references.ts';
import {serviceVariables} from './service-variables.ts';

/** Why a container can't be created yet; the kubelet shows it as CreateContainerConfigError. */
export class ContainerConfigError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ContainerConfigError';
  }
}

/**
 * The environment of a container, by the kubelet's rules: service variables first, then `envFrom`, then `env`
 * with `$(NAME)` expanded. @throws ContainerConfigError when a ConfigMap, Secret or key that it needs is missing.
 */
export function resolveEnvironment(
  client: ApiClient,
  facts: PodFacts,
  container: Container,
): Record<string, string> {
  const {pod} = facts;
  const namespace = pod.metadata.namespace ?? 'default';
  const services = serviceVariables(client, namespace, pod.spec['enableServiceLinks'] !== false);
  const env: Record<string, string> = {};
  for (const source of container['envFrom'] ?? []) Object.assign(env, fromSource(client, namespace, source));
  for (const variable of container.env ?? []) {
    const value = variableValue(client, facts, container, variable, {...services, ...env});
    if (value !== undefined) env[variable.name] = value;
  }
  return {HOSTNAME: pod.spec['hostname'] ?? pod.metadata.name, ...services, ...env};
}

/** `$(NAME)` replaced where NAME is known, `$$(NAME)` made `$(NAME)`; everything else stays. */
export function expandVariables(text: string, env: Record<string, string>): string {
  return text.replace(/\$(\$|\((?<name>[^()]*)\))/g, (whole, escaped: string, name: string | undefined) =>
    escaped === '$' ? '$' : (env[name ?? ''] ?? whole),
  );
}

function variableValue(
  client: ApiClient,
  facts: PodFacts,
  container: Container,
  {value, valueFrom}: EnvVar,
  known: Record<string, string>,
): string | undefined {
  const namespace = facts.pod.metadata.namespace ?? 'default';
  if (!valueFrom) return expandVariables(value ?? '', known);
  if (valueFrom.fieldRef) {
    const found = fieldValue(facts, valueFrom.fieldRef.fieldPath);
    if (found === undefined)
      throw new ContainerConfigError(`unsupported fieldPath: ${valueFrom.fieldRef.fieldPath}`);
    return found;
  }
  if (valueFrom.resourceFieldRef) return resourceValue(facts, container, valueFrom.resourceFieldRef);
  if (valueFrom.configMapKeyRef) return keyOf(client, 'configmaps', namespace, valueFrom.configMapKeyRef);
  if (valueFrom.secretKeyRef) return keyOf(client, 'secrets', namespace, valueFrom.secretKeyRef);
  return '';
}

type Holder = 'configmaps' | 'secrets';

function keyOf(client: ApiClient, holder: Holder, namespace: string, reference: any): string | undefined {
  const object = client.get(holder, reference.name, namespace);
  if (!object) {
    if (reference.optional) return undefined;
    throw missing(holder, reference.name);
  }
  const value = dataOf(holder, object)[reference.key];
  if (value !== undefined || reference.optional) return value;
  const kind = holder === 'secrets' ? 'Secret' : 'ConfigMap';
  throw new ContainerConfigError(
    `couldn't find key ${reference.key} in ${kind} ${namespace}/${reference.name}`,
  );
}

function fromSource(client: ApiClient, namespace: string, source: any): Record<string, string> {
  const holder: Holder = source.secretRef ? 'secrets' : 'configmaps';
  const reference = source.secretRef ?? source.configMapRef ?? {};
  const object = client.get(holder, reference.name, namespace);
  if (!object && !reference.optional) throw missing(holder, reference.name);
  const data = Object.entries(object ? dataOf(holder, object) : {});
  return Object.fromEntries(data.map(([key, value]) => [`${source.prefix ?? ''}${key}`, value]));
}

const missing = (holder: Holder, name: string) =>
  new ContainerConfigError(`${holder === 'secrets' ? 'secret' : 'configmap'} "${name}" not found`);

function dataOf(holder: Holder, object: KubeObject): Record<string, string> {
  if (holder === 'configmaps') return object['data'] ?? {};
  const data: [string, string][] = Object.entries(object['data'] ?? {});
  return Object.fromEntries(data.map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]));
}
