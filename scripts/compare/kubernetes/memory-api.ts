import {once} from 'node:events';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {text} from 'node:stream/consumers';
import type {IstioObject} from '../../../runner/istio/types.ts';
import type {KubernetesApi} from './api.ts';
import {discoveryOf} from './discovery.ts';
import {customKinds, groupOf, kindOf, pluralOf} from './kinds.ts';
import {objectStore} from './object-store.ts';
import {type PodPorts, servePortForwards} from './port-forwards.ts';
import {type ResourcePath, resourcePath, selects} from './request-path.ts';

const notFound = {kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'NotFound', code: 404};

/**
 * A Kubernetes API in memory, as much of it as istiod needs: get, list, watch and writes of any resource; and for whoever
 * looks at the mesh, the way into its proxies.
 */
export async function startMemoryApi(podPorts: PodPorts = () => undefined): Promise<KubernetesApi> {
  const store = objectStore();
  for (const definition of resourceDefinitions()) store.put(definition);

  function kindAt({group, plural}: ResourcePath): string {
    return kindOf.get(`${group}/${plural}`) ?? 'Object';
  }

  function named(path: ResourcePath, name: string | undefined): IstioObject | undefined {
    return store.all().find(object => selects(path, object) && object.metadata.name === name);
  }

  function list(path: ResourcePath, query: URLSearchParams, metadataOnly: boolean): unknown {
    const items = store.all().filter(object => selects(path, object, query));
    const metadata = {resourceVersion: `${store.revision()}`};
    if (metadataOnly) {
      const kind = 'PartialObjectMetadataList';
      return {apiVersion: 'meta.k8s.io/v1', kind, metadata, items: items.map(partial)};
    }
    return {apiVersion: versionOf(path), kind: `${kindAt(path)}List`, metadata, items};
  }

  function watch(
    response: ServerResponse,
    path: ResourcePath,
    query: URLSearchParams,
    metadataOnly: boolean,
  ): void {
    response.writeHead(200, {'content-type': 'application/json'});
    response.flushHeaders();
    const write = (type: string, object: unknown) => response.write(`${JSON.stringify({type, object})}\n`);
    const send = (type: string, object: IstioObject) => {
      if (selects(path, object, query)) write(type, metadataOnly ? partial(object) : object);
    };
    const since = Number(query.get('resourceVersion') || 0);
    const initialEvents = query.get('sendInitialEvents') === 'true';
    if (initialEvents || since === 0) for (const object of store.all()) send('ADDED', object);
    else for (const event of store.since(since)) send(event.type, event.object);
    if (initialEvents) {
      const metadata: any = {
        resourceVersion: `${store.revision()}`,
        annotations: {'k8s.io/initial-events-end': 'true'},
      };
      const bookmark = {apiVersion: versionOf(path), kind: kindAt(path), metadata};
      write('BOOKMARK', metadataOnly ? partial(bookmark) : bookmark);
    }
    response.on(
      'close',
      store.listen(({type, object}) => send(type, object)),
    );
  }

  /** istiod writes little: leases, its own ConfigMaps and the status of objects. */
  function write(method: string, path: ResourcePath, sent: any): [number, unknown] {
    if (path.plural.endsWith('reviews')) {
      return [201, {...sent, status: {allowed: true, authenticated: true}}];
    }
    const name: string =
      path.name ?? sent.metadata?.name ?? `${sent.metadata?.generateName}${store.revision()}`;
    const metadata = {...sent.metadata, name, ...(path.namespace ? {namespace: path.namespace} : {})};
    const known = named(path, name);
    if (method === 'DELETE') {
      if (known) store.remove(known);
      return [200, {apiVersion: 'v1', kind: 'Status', status: 'Success'}];
    }
    if (known && path.subresource === 'status') return [200, {...known, status: sent.status}];
    if (method !== 'PATCH' && !path.subresource) {
      return [method === 'POST' ? 201 : 200, store.put({...sent, metadata})];
    }
    const base = known ?? {apiVersion: versionOf(path), kind: kindAt(path), metadata: {name}};
    return [200, store.put({...base, ...sent, metadata: {...base.metadata, ...metadata}})];
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://kubernetes');
    const reply = (status: number, value: unknown) => {
      response.writeHead(status, {'content-type': 'application/json'});
      response.end(JSON.stringify(value));
    };
    if (url.pathname === '/version') return reply(200, {major: '1', minor: '34', gitVersion: 'v1.34.0'});
    const path = resourcePath(url.pathname);
    const [, root] = /^\/(apis?)$/.exec(url.pathname) ?? [];
    const aggregated = (request.headers.accept ?? '').includes('g=apidiscovery.k8s.io');
    if (root && aggregated) return reply(200, discoveryOf(root as 'api' | 'apis'));
    if (!path) return reply(200, {kind: 'APIGroupList', apiVersion: 'v1', groups: []});
    if (request.method !== 'GET') {
      const sent = jsonOf(await text(request));
      // Protobuf, which no client sends twice after this answer.
      if (sent === undefined) return reply(415, {...notFound, reason: 'UnsupportedMediaType', code: 415});
      return reply(...write(request.method ?? '', path, sent));
    }
    const metadataOnly = (request.headers.accept ?? '').includes('as=PartialObjectMetadata');
    if (path.name) {
      const found = named(path, path.name);
      return found ? reply(200, found) : reply(404, notFound);
    }
    if (['true', '1'].includes(url.searchParams.get('watch') ?? '')) {
      return watch(response, path, url.searchParams, metadataOnly);
    }
    return reply(200, list(path, url.searchParams, metadataOnly));
  }

  const server = createServer((request, response) => void answer(request, response));
  server.requestTimeout = 0;
  const closeForwards = servePortForwards(server, podPorts);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    kubeconfig: kubeconfigFor(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    put: async object => void store.put(object),
    remove: async object => store.remove(object),
    async stop() {
      closeForwards();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** istiod watches only kinds that it finds a definition of, and for the Gateway API one of a known version. */
function resourceDefinitions(): IstioObject[] {
  return Object.entries(customKinds).flatMap(([apiVersion, kinds]) =>
    kinds.map(kind => ({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: {
        name: `${pluralOf(kind)}.${groupOf(apiVersion)}`,
        annotations: {
          'gateway.networking.k8s.io/bundle-version': 'v1.5.0',
          'gateway.networking.k8s.io/channel': 'standard',
        },
      },
    })),
  );
}

/** JSON is YAML too. Clients of Node take plain HTTP only where nothing is to be verified. */
function kubeconfigFor(server: string): string {
  const name = 'compare';
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    contexts: [{name, context: {cluster: name, user: name}}],
    clusters: [{name, cluster: {server, 'insecure-skip-tls-verify': true}}],
    users: [{name, user: {}}],
  });
}

function versionOf({group, version}: ResourcePath): string {
  return group ? `${group}/${version}` : version;
}

function partial({metadata}: Pick<IstioObject, 'metadata'>): IstioObject {
  return {apiVersion: 'meta.k8s.io/v1', kind: 'PartialObjectMetadata', metadata};
}

function jsonOf(sent: string): unknown {
  try {
    return JSON.parse(sent || '{}');
  } catch {
    return undefined;
  }
}
