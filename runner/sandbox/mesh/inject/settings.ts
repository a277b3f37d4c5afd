import {parse} from 'yaml';
import {istioVersion} from '../../../version.ts';
import type {ApiClient} from '../../api/client.ts';
import type {KubeObject, Pod} from '../../objects.ts';

/** What the injector takes from the installation: the ConfigMap `istio-sidecar-injector` and the nodes. */
export interface InjectionSettings {
  image: string;
  resources: Record<string, unknown>;
  revision: string;
  istioNamespace: string;
  logLevel: string;
  componentLogLevel: string;
  /** `enabled` or `disabled`. */
  policy: string;
  native: boolean;
  cni: boolean;
  imagePullPolicy: string | undefined;
  rewriteProbes: boolean;
}

const defaultResources = {
  requests: {cpu: '100m', memory: '128Mi'},
  limits: {cpu: '2000m', memory: '1024Mi'},
};

export function readSettings(client: ApiClient, istioNamespace: string, pod: Pod): InjectionSettings {
  const configMap = client.get<KubeObject>('configmaps', 'istio-sidecar-injector', istioNamespace);
  const values = readObject(configMap?.['data']?.values);
  const config = readObject(configMap?.['data']?.config);
  const global = values['global'] ?? {};
  const proxy = global.proxy ?? {};
  const name = proxy.image ?? 'proxyv2';
  const hub = global.hub ?? 'registry.istio.io/release';
  const tag = global.tag ?? istioVersion;
  const annotations = pod.metadata.annotations ?? {};
  return {
    image:
      annotations['sidecar.istio.io/proxyImage'] ?? (name.includes('/') ? name : `${hub}/${name}:${tag}`),
    resources: resourcesOf(annotations, proxy.resources ?? defaultResources),
    revision: values['revision'] || 'default',
    istioNamespace,
    logLevel: proxy.logLevel ?? 'warning',
    componentLogLevel: proxy.componentLogLevel ?? 'misc:error',
    policy: config['policy'] ?? 'enabled',
    native: nativeSidecars(client, annotations),
    cni: values['pilot']?.cni?.enabled === true || values['cni']?.enabled === true,
    imagePullPolicy: global.imagePullPolicy || undefined,
    rewriteProbes: values['sidecarInjectorWebhook']?.rewriteAppHTTPProbe !== false,
  };
}

function readObject(text: unknown): Record<string, any> {
  if (typeof text !== 'string') return {};
  try {
    const value: unknown = parse(text);
    return value && typeof value === 'object' ? (value as Record<string, any>) : {};
  } catch {
    return {};
  }
}

/** Native sidecars are used when every node's kubelet is 1.33 or newer, unless the pod says otherwise. */
function nativeSidecars(client: ApiClient, annotations: Record<string, string>): boolean {
  const wish = annotations['sidecar.istio.io/nativeSidecar'];
  if (wish === 'true' || wish === 'false') return wish === 'true';
  const nodes = client.list('nodes');
  return nodes.every(node => {
    const version = /^v?(\d+)\.(\d+)/.exec(node['status']?.nodeInfo?.kubeletVersion ?? '');
    return version !== null && (Number(version[1]) > 1 || Number(version[2]) >= 33);
  });
}

function resourcesOf(annotations: Record<string, string>, configured: any): Record<string, unknown> {
  const take = (prefix: string) => ({
    ...(annotations[`sidecar.istio.io/${prefix}CPU`]
      ? {cpu: annotations[`sidecar.istio.io/${prefix}CPU`]}
      : {}),
    ...(annotations[`sidecar.istio.io/${prefix}Memory`]
      ? {memory: annotations[`sidecar.istio.io/${prefix}Memory`]}
      : {}),
  });
  const requests = take('proxy');
  const limits = take('proxyLimit');
  if (Object.keys(requests).length === 0 && Object.keys(limits).length === 0) return configured;
  return {
    ...(Object.keys(requests).length > 0 ? {requests} : {}),
    ...(Object.keys(limits).length > 0 ? {limits} : {}),
  };
}
