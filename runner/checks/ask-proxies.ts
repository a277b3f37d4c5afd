import type {Kube, KubeItem} from '../engines/kube/kube.ts';
import {askPod} from '../engines/kube/pod-request.ts';
import {compareProxy, objectsOf} from '../istio/proxy/compare.ts';
import {dumpResources, type ProxyConfig, readProxyConfig} from '../istio/proxy/config.ts';
import {sameObject} from '../istio/way/objects.ts';
import type {Applied, Hop, PageWay, ProxyFact} from '../istio/way/way.ts';
import {lastWritten} from './last-written.ts';
import type {ReadMesh} from './mesh-snapshot.ts';

/** Where a proxy tells of itself, on its pod's own loopback. */
const adminPort = 15_000;
/** Proxies of one workload are sent the same; of more than these nobody waits for the answer. */
const mostPods = 8;

/** Reads what one proxy has. @throws when it does not answer. */
export type AskProxy = (pod: KubeItem) => Promise<ProxyConfig>;

/** Asks a pod's proxy by a port-forward through the API server, as `istioctl proxy-config` does. */
export function askProxyOver(kube: Kube): AskProxy {
  return async pod => {
    const answers = await Promise.all(
      dumpResources.map(async resource => {
        const path = `/config_dump?include_eds&resource=${resource}`;
        const {status, body} = await askPod({kube, pod, port: adminPort, path});
        // A proxy that has none of a resource says that it is not there.
        return status === 200 ? JSON.parse(body) : {};
      }),
    );
    return readProxyConfig(answers);
  };
}

type Asked = {config: ProxyConfig} | {failed: string};

/**
 * Adds to each call of a page what its caller's proxies have for it, and how far the last change has come. What may not
 * be asked is named in `unknown`, and nothing fails for it.
 */
export async function withProxies(
  way: PageWay,
  {mesh, kube, ask = askProxyOver(kube), now}: {mesh: ReadMesh; kube: Kube; ask?: AskProxy; now: number},
): Promise<PageWay> {
  const pods = callersIn(way.entry).flatMap(
    ({namespace, name}) =>
      mesh.pods.find(({metadata}) => metadata.namespace === namespace && metadata.name === name) ?? [],
  );
  const {allowed, refused} = await mayAsk(kube, pods);
  const asked = new Map<string, Asked>(
    await Promise.all(
      allowed.map(async pod => {
        const answer: Asked = await ask(pod).then(
          config => ({config}),
          () => ({failed: 'it does not answer'}),
        );
        return [keyOf(pod.metadata), answer] as const;
      }),
    ),
  );
  const entry = addFacts(way.entry, {mesh, asked});
  const applied = appliedIn(entry, mesh.items, now);
  return {
    ...way,
    entry,
    ...(applied ? {applied} : {}),
    unknown: [
      ...way.unknown,
      ...refused.map(namespace => `you may not look into the proxies of ${namespace}`),
    ],
  };
}

/** Pods of a page's callers that have a proxy, each once. */
function callersIn(hop: Hop): readonly {namespace: string; name: string}[] {
  const {from} = hop;
  const proxied = from.kind === 'gateway' || (from.kind === 'sidecar' && from.sidecar);
  const own = proxied ? from.pods.slice(0, mostPods).map(name => ({namespace: from.namespace, name})) : [];
  const behind = hop.branches.flatMap(({next}) => next.flatMap(callersIn));
  const seen = new Set<string>();
  return [...own, ...behind].filter(pod => {
    const isNew = !seen.has(keyOf(pod));
    seen.add(keyOf(pod));
    return isNew;
  });
}

function keyOf({namespace = '', name}: {namespace?: string; name: string}): string {
  return `${namespace}/${name}`;
}

/** A port-forward is a right of its own, and over a WebSocket it begins as a GET. */
async function mayAsk(
  kube: Kube,
  pods: readonly KubeItem[],
): Promise<{allowed: readonly KubeItem[]; refused: readonly string[]}> {
  const namespaces = [...new Set(pods.map(({metadata}) => metadata.namespace ?? ''))];
  const right = {group: '', resource: 'pods', subresource: 'portforward'};
  const answers = await Promise.all(
    namespaces.map(async namespace => {
      const may = ['get', 'create'].map(verb => kube.can({...right, verb, namespace}).catch(() => true));
      return {namespace, may: (await Promise.all(may)).every(Boolean)};
    }),
  );
  const refused = answers.filter(({may}) => !may).map(({namespace}) => namespace);
  return {allowed: pods.filter(({metadata}) => !refused.includes(metadata.namespace ?? '')), refused};
}

function addFacts(hop: Hop, given: {mesh: ReadMesh; asked: ReadonlyMap<string, Asked>}): Hop {
  const {mesh, asked} = given;
  const {namespace, pods} = hop.from;
  const facts = pods.flatMap((pod): readonly ProxyFact[] => {
    const answer = asked.get(keyOf({namespace, name: pod}));
    const caller = mesh.snapshot.workloads.find(each => each.namespace === namespace && each.name === pod);
    if (!answer || !caller) return [];
    if ('failed' in answer) return [{pod, state: 'unread', has: answer.failed}];
    const fact = compareProxy(mesh.snapshot, hop, caller, answer.config);
    return fact ? [{pod, ...fact}] : [];
  });
  const branches = hop.branches.map(branch => ({
    ...branch,
    next: branch.next.map(behind => addFacts(behind, given)),
  }));
  return {...hop, branches, ...(facts.length > 0 ? {proxies: facts} : {})};
}

/** Kubernetes keeps whole seconds, and one command applies several objects. */
const together = 1000;

function appliedIn(entry: Hop, items: readonly KubeItem[], now: number): Applied | undefined {
  const hops = hopsOf(entry).filter(({proxies}) => proxies?.some(({state}) => state !== 'unread'));
  const dated = hops.flatMap(objectsOf).flatMap(object => {
    const item = items.find(({kind, metadata}) =>
      sameObject(object, {kind, namespace: metadata.namespace ?? '', name: metadata.name}),
    );
    const at = item ? Date.parse(lastWritten(item).time) : Number.NaN;
    return Number.isNaN(at) ? [] : [{object, at}];
  });
  const latest = Math.max(...dated.map(({at}) => at));
  if (dated.length === 0) return undefined;
  const objects = dated
    .filter(({at}) => at >= latest - together)
    .map(({object}) => object)
    .filter((object, index, all) => all.findIndex(other => sameObject(object, other)) === index);
  const concerned = hops.filter(hop =>
    objectsOf(hop).some(object => objects.some(other => sameObject(object, other))),
  );
  const groups = new Map<string, {of: string; gateway: boolean; states: Map<string, boolean>}>();
  for (const {from, service, request, proxies = []} of concerned) {
    const gateway = from.kind === 'gateway';
    const of = gateway ? from.workload : ((service ?? request.host).split('.')[0] ?? '');
    const group = groups.get(of) ?? {of, gateway, states: new Map<string, boolean>()};
    groups.set(of, group);
    for (const {pod, state} of proxies) {
      if (state === 'unread') continue;
      group.states.set(pod, (group.states.get(pod) ?? true) && state === 'same');
    }
  }
  return {
    objects,
    ago: Math.max(0, now - latest),
    proxies: [...groups.values()].map(({of, gateway, states}) => ({
      of,
      gateway,
      have: [...states.values()].filter(Boolean).length,
      asked: states.size,
    })),
  };
}

function hopsOf(hop: Hop): readonly Hop[] {
  return [hop, ...hop.branches.flatMap(({next}) => next.flatMap(hopsOf))];
}
