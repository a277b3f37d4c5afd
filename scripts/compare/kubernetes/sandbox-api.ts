import type {IstioObject} from '../../../runner/istio/types.ts';
import {admin} from '../../../runner/sandbox/api/authentication.ts';
import {createCredentials} from '../../../runner/sandbox/api/certificates.ts';
import {kubeconfigText} from '../../../runner/sandbox/api/kubeconfig.ts';
import {isStream} from '../../../runner/sandbox/api/messages.ts';
import {createApiServer} from '../../../runner/sandbox/api/server.ts';
import {type Clock, seededRandom, systemClock} from '../../../runner/sandbox/clock.ts';
import {istioCrds} from '../../../runner/sandbox/crds/crds.ts';
import {Store} from '../../../runner/sandbox/store/store.ts';
import type {KubernetesApi} from './api.ts';
import {groupOf, pluralOf, servedVersion} from './kinds.ts';

const token = 'compare';
/** Of the charts whose CRDs the sandbox has. */
const crdVersion = '1.30.3';

/**
 * The sandbox's own API server with Istio's CRDs, so that istiod reads objects as the sandbox validates, defaults,
 * prunes and watches them. No controller, kubelet or webhook of the sandbox takes part.
 */
export async function startSandboxApi(): Promise<KubernetesApi> {
  let now = Date.now();
  // The API stamps objects with its own time; the age of a case's objects is part of the case.
  const clock: Clock = {...systemClock, now: () => now};
  const server = createApiServer({
    store: new Store(),
    clock,
    random: seededRandom(1),
    nodeName: 'compare',
    tokens: new Map([[token, admin]]),
    onFault: (error, what) => console.error(`the sandbox's API: ${what}:`, error),
  });

  async function call(method: string, url: string, body?: unknown): Promise<{status: number; body: any}> {
    const headers = {authorization: `Bearer ${token}`, 'content-type': 'application/json'};
    const sent = body === undefined ? {} : {body: Buffer.from(JSON.stringify(body))};
    const response = await server.handle({method, url, headers, ...sent});
    if (isStream(response.body)) throw new Error(`${method} ${url} is a stream`);
    return {status: response.status, body: JSON.parse(Buffer.from(response.body as string).toString())};
  }

  async function write(method: string, url: string, object: IstioObject): Promise<void> {
    const {status, body} = await call(method, url, object);
    if (status >= 300) throw new Error(`${method} ${url}: ${body.message}`);
  }

  async function put(given: IstioObject): Promise<void> {
    const {status: state, ...object} = storable(given);
    const {name, creationTimestamp} = object.metadata;
    now = creationTimestamp ? Date.parse(creationTimestamp) : Date.now();
    const collection = collectionOf(object);
    const known = await call('GET', `${collection}/${name}`);
    if (known.status === 200) {
      const {resourceVersion} = known.body.metadata;
      const metadata = {...object.metadata, resourceVersion};
      await write('PUT', `${collection}/${name}`, {...object, metadata});
    } else await write('POST', collection, object);
    if (state) {
      const {body} = await call('GET', `${collection}/${name}`);
      await write('PUT', `${collection}/${name}/status`, {...body, status: state});
    }
  }

  for (const definition of istioCrds(crdVersion)) await put(definition as IstioObject);
  for (const name of ['istio-system', 'istio-ingress', 'bookinfo', 'other', 'default']) {
    await put({apiVersion: 'v1', kind: 'Namespace', metadata: {name}});
  }
  const {authority, server: own, client} = await createCredentials({now: Date.now(), user: admin});
  const {url} = await server.listen({tls: {...own, authority}});
  const context = {context: 'compare', namespace: 'default'};
  return {
    kubeconfig: kubeconfigText({server: url, authority, client, ...context}),
    put,
    async remove(object) {
      const url = `${collectionOf(object)}/${object.metadata.name}`;
      await call('DELETE', url, {kind: 'DeleteOptions', apiVersion: 'v1', gracePeriodSeconds: 0});
    },
    stop: () => server.close(),
  };
}

/** What the API wants besides: a container in a pod, and no time that it gives itself. */
function storable(object: IstioObject): IstioObject {
  if (object.kind !== 'Pod') return object;
  const containers = [{name: 'app', image: 'app'}];
  return {...object, spec: {...object.spec, containers}};
}

function collectionOf({apiVersion, kind, metadata}: IstioObject): string {
  const served = servedVersion(apiVersion, kind);
  const root = groupOf(served) === '' ? `/api/${served}` : `/apis/${served}`;
  const place = metadata.namespace ? `/namespaces/${metadata.namespace}` : '';
  return `${root}${place}/${pluralOf(kind)}`;
}
