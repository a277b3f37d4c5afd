import type {Container, Pod} from '../../objects.ts';
import {initContainer, ownerName, proxyContainer, proxyEnvironment, proxyVolumes} from './proxy-container.ts';
import type {InjectionSettings} from './settings.ts';

const ignoredNamespaces = new Set(['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage']);

/** istiod's own decision, after the webhook's selectors have let the pod through. */
export function wantsInjection(pod: Pod, namespace: string, settings: InjectionSettings): boolean {
  if (pod.spec.hostNetwork || ignoredNamespaces.has(namespace)) return false;
  if (pod.metadata.annotations?.['sidecar.istio.io/status']) return false;
  const wish =
    pod.metadata.labels?.['sidecar.istio.io/inject'] ?? pod.metadata.annotations?.['sidecar.istio.io/inject'];
  if (wish === 'true') return true;
  if (wish === 'false') return false;
  return settings.policy !== 'disabled';
}

/** Adds what the template `sidecar` or `gateway` adds, in place. */
export function injectPod(pod: Pod, namespace: string, settings: InjectionSettings): void {
  const gateway = (pod.metadata.annotations?.['inject.istio.io/templates'] ?? '')
    .split(',')
    .map(name => name.trim())
    .includes('gateway');
  const {spec} = pod;
  // What a client sent is validated behind the webhooks.
  spec.containers ??= [];
  const env = proxyEnvironment(pod, namespace, settings);
  const given = spec.containers.find(({name}) => name === 'istio-proxy');
  const initContainers = spec.initContainers ?? [];
  const names = {init: [] as string[], containers: [] as string[]};
  const first = spec.containers.find(({name}) => name !== 'istio-proxy');

  if (gateway) {
    const proxy = overlay(proxyContainer('router', env, settings), given, settings.image);
    spec.containers = [...spec.containers.filter(container => container !== given), proxy];
    names.containers.push(proxy.name);
  } else {
    if (settings.rewriteProbes) rewriteProbes(pod, env);
    const annotations = prometheusAnnotations(pod);
    if (annotations) env.push({name: 'ISTIO_PROMETHEUS_ANNOTATIONS', value: annotations});
    const proxy = overlay(proxyContainer('sidecar', env, settings), given, settings.image);
    spec.containers = spec.containers.filter(container => container !== given);
    const init = initContainer(settings);
    if (settings.native) {
      spec.initContainers = [init, {...proxy, restartPolicy: 'Always'}, ...initContainers];
      names.init.push(init.name, proxy.name);
    } else {
      spec.initContainers = [...initContainers, init];
      spec.containers = [...spec.containers, proxy];
      names.init.push(init.name);
      names.containers.push(proxy.name);
    }
  }
  const volumes = spec.volumes ?? [];
  const added = proxyVolumes.filter(volume => !volumes.some(({name}) => name === volume.name));
  spec.volumes = [...added.map(volume => structuredClone(volume)), ...volumes];
  addMetadata(pod, settings, {names, gateway, first});
}

/** What the pod itself says about its proxy container stays. */
function overlay(template: Container, given: Container | undefined, image: string): Container {
  if (!given) return template;
  const {env = [], ports = [], volumeMounts = [], ...rest} = given;
  const merged = <T extends {name?: string}>(base: T[], own: T[]) => [
    ...base.filter(entry => !own.some(other => other.name === entry.name)),
    ...own,
  ];
  const resources = Object.keys(rest.resources ?? {}).length > 0 ? rest.resources : template.resources;
  return {
    ...template,
    ...rest,
    image: given.image === 'auto' ? image : given.image,
    resources,
    env: merged(template.env ?? [], env),
    ports: merged(template.ports ?? [], ports),
    volumeMounts: merged(template.volumeMounts ?? [], volumeMounts),
  };
}

/** HTTP and TCP probes go to the agent, which asks the application on the pod's loopback. */
function rewriteProbes(pod: Pod, env: {name: string; value?: string}[]): void {
  if (pod.metadata.annotations?.['sidecar.istio.io/rewriteAppHTTPProbers'] === 'false') return;
  const probers: Record<string, unknown> = {};
  const kinds = [
    ['readinessProbe', 'readyz'],
    ['livenessProbe', 'livez'],
    ['startupProbe', 'startupz'],
  ] as const;
  for (const container of pod.spec.containers) {
    if (container.name === 'istio-proxy') continue;
    for (const [field, suffix] of kinds) {
      const probe = container[field];
      if (!probe?.httpGet && !probe?.tcpSocket) continue;
      const path = `/app-health/${container.name}/${suffix}`;
      const target = probe.httpGet ?? probe.tcpSocket;
      const number = (container.ports ?? []).find(({name}) => name === target.port)?.containerPort;
      const resolved = {...target, port: number ?? Number(target.port)};
      probers[path] = probe.httpGet
        ? {httpGet: resolved, timeoutSeconds: probe.timeoutSeconds ?? 1}
        : {tcpSocket: resolved, timeoutSeconds: probe.timeoutSeconds ?? 1};
      const {httpGet: _http, tcpSocket: _tcp, ...rest} = probe;
      container[field] = {...rest, httpGet: {path, port: 15020, scheme: 'HTTP'}};
    }
  }
  if (Object.keys(probers).length > 0) {
    env.push({name: 'ISTIO_KUBE_APP_PROBERS', value: JSON.stringify(probers)});
  }
}

/** Where the application's own metrics are, so that the agent can merge them. */
function prometheusAnnotations(pod: Pod): string | undefined {
  const annotations = pod.metadata.annotations ?? {};
  if (annotations['prometheus.io/scrape'] !== 'true') return undefined;
  return JSON.stringify({
    scrape: 'true',
    path: annotations['prometheus.io/path'] ?? '',
    port: annotations['prometheus.io/port'] ?? '80',
  });
}

function addMetadata(
  pod: Pod,
  settings: InjectionSettings,
  added: {names: {init: string[]; containers: string[]}; gateway: boolean; first: Container | undefined},
): void {
  const labels = pod.metadata.labels ?? {};
  const annotations = pod.metadata.annotations ?? {};
  const canonicalName = labels['app.kubernetes.io/name'] ?? labels['app'] ?? ownerName(pod).name;
  const canonicalRevision = labels['app.kubernetes.io/version'] ?? labels['version'] ?? 'latest';
  pod.metadata.labels = {
    ...labels,
    ...(added.gateway ? {} : {'security.istio.io/tlsMode': labels['security.istio.io/tlsMode'] ?? 'istio'}),
    'service.istio.io/canonical-name': labels['service.istio.io/canonical-name'] ?? canonicalName,
    'service.istio.io/canonical-revision': labels['service.istio.io/canonical-revision'] ?? canonicalRevision,
    ...(added.gateway ? {'istio.io/rev': labels['istio.io/rev'] ?? settings.revision} : {}),
  };
  const status = {
    initContainers: added.names.init.length > 0 ? added.names.init : null,
    containers: added.names.containers.length > 0 ? added.names.containers : null,
    volumes: proxyVolumes.map(({name}) => name),
    imagePullSecrets: null,
    revision: settings.revision,
  };
  pod.metadata.annotations = {
    ...annotations,
    'istio.io/rev': settings.revision,
    ...(added.first
      ? {
          'kubectl.kubernetes.io/default-container':
            annotations['kubectl.kubernetes.io/default-container'] ?? added.first.name,
          'kubectl.kubernetes.io/default-logs-container':
            annotations['kubectl.kubernetes.io/default-logs-container'] ?? added.first.name,
        }
      : {}),
    'prometheus.io/path': '/stats/prometheus',
    'prometheus.io/port': '15020',
    'prometheus.io/scrape': 'true',
    'sidecar.istio.io/status': JSON.stringify(status),
  };
}
