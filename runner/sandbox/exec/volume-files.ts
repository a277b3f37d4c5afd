import type {ApiClient} from '../api/client.ts';
import type {Pod} from '../objects.ts';

/** The files of a pod's volume, as the kubelet would write them; nothing when its kind holds no known files. */
export function volumeFiles(
  client: ApiClient,
  pod: Pod,
  volumeName: string,
): Record<string, string> | undefined {
  const volume = (pod.spec.volumes ?? []).find(one => one.name === volumeName);
  if (!volume) return undefined;
  const sources: any[] = volume.projected ? (volume.projected.sources ?? []) : [volume];
  return Object.assign({}, ...sources.map(source => sourceFiles(client, pod, source)));
}

/** What a pod finds of its service account, unless it opted out: token, CA certificate, namespace. */
export function serviceAccountFiles(client: ApiClient, pod: Pod): Record<string, string> {
  if (pod.spec['automountServiceAccountToken'] === false) return {};
  const namespace = pod.metadata.namespace ?? 'default';
  const folder = '/var/run/secrets/kubernetes.io/serviceaccount';
  const authority = client.get('configmaps', 'kube-root-ca.crt', namespace)?.['data']?.['ca.crt'];
  return {
    [`${folder}/namespace`]: namespace,
    [`${folder}/token`]: unsignedToken(pod),
    ...(authority === undefined ? {} : {[`${folder}/ca.crt`]: authority}),
  };
}

function sourceFiles(client: ApiClient, pod: Pod, source: any): Record<string, string> {
  const namespace = pod.metadata.namespace ?? 'default';
  if (source.configMap) {
    const map = client.get('configmaps', source.configMap.name, namespace);
    return chosen({...map?.['data'], ...decoded(map?.['binaryData'])}, source.configMap.items);
  }
  if (source.secret) {
    const secret = client.get('secrets', source.secret.secretName ?? source.secret.name, namespace);
    return chosen(decoded(secret?.['data']), source.secret.items);
  }
  if (source.serviceAccountToken) {
    const {path, audience} = source.serviceAccountToken;
    return {[path]: unsignedToken(pod, audience)};
  }
  if (source.downwardAPI) {
    const items: any[] = source.downwardAPI.items ?? [];
    return Object.fromEntries(items.map(item => [item.path, downward(pod, item.fieldRef?.fieldPath ?? '')]));
  }
  return {};
}

function decoded(data: Record<string, string> | undefined): Record<string, string> {
  const entries = Object.entries(data ?? {});
  return Object.fromEntries(entries.map(([name, value]) => [name, Buffer.from(value, 'base64').toString()]));
}

function chosen(
  all: Record<string, string>,
  items: {key: string; path: string}[] | undefined,
): Record<string, string> {
  if (!items) return all;
  return Object.fromEntries(
    items.flatMap(({key, path}) => (all[key] === undefined ? [] : [[path, all[key]]])),
  );
}

function downward({metadata}: Pod, fieldPath: string): string {
  const lines = (map: Record<string, string> = {}) =>
    Object.entries(map)
      .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
      .join('\n');
  switch (fieldPath) {
    case 'metadata.labels':
      return lines(metadata.labels);
    case 'metadata.annotations':
      return lines(metadata.annotations);
    case 'metadata.name':
      return metadata.name;
    case 'metadata.namespace':
      return metadata.namespace ?? 'default';
    case 'metadata.uid':
      return metadata.uid ?? '';
    default:
      return '';
  }
}

/** Has a token's form and says whose it is; nothing accepts it, since the simulated pods have no use for one. */
function unsignedToken(pod: Pod, audience = 'https://kubernetes.default.svc.cluster.local'): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const account = pod.spec.serviceAccountName ?? 'default';
  const claims = {
    aud: [audience],
    sub: `system:serviceaccount:${pod.metadata.namespace ?? 'default'}:${account}`,
  };
  return `${part({alg: 'none', typ: 'JWT'})}.${part(claims)}.`;
}
