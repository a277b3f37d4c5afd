import {gatewayListeners} from '../gateway-routes.ts';
import type {MeshProxy, MeshSnapshot, Workload} from '../snapshot.ts';
import {configOf, labelsMatch} from '../snapshot.ts';
import type {Gateway, IstioObject} from '../types.ts';
import {merged, scaled} from './answers.ts';
import {answersOf, callsOf, headersFor, pagePath} from './bookinfo.ts';
import {type Call, hopOf, serviceByName} from './hop.ts';
import {type Group, groupsOf} from './parties.ts';
import type {Answer, Branch, Hop, PageWay, Party, Sight} from './way.ts';

/** A page load, and what of the cluster decides it. */
export interface PageAsked {
  snapshot: MeshSnapshot;
  /** All pods as the API returns them, to find a gateway that no Gateway selects. */
  pods?: readonly IstioObject[];
  /** For the words: `jason`. */
  visitor: string;
  /** The name they are signed in under. */
  signedInAs?: string;
  via: 'productpage' | 'gateway';
  /** @default `/productpage` */
  path?: string;
}

const bookinfo = 'bookinfo';
const port = 9080;
const stylesheet = '/static/bookinfo.css';
/** What a browser asks for that comes by a port-forward. */
const localHost = '127.0.0.1';

/** Follows the load of a page through all of its requests. */
export function wayOfPage(asked: PageAsked): PageWay {
  const {visitor, via, path = pagePath} = asked;
  const entry = via === 'gateway' ? throughGateway(asked, path) : byPortForward(asked, path);
  const styled = via === 'gateway' ? throughGateway(asked, stylesheet).answers[0] : undefined;
  const first = entry.answers[0];
  return {
    visitor,
    via,
    path,
    entry,
    sees: sights(entry.answers),
    ...(styled && first?.status === 200 ? {styled: {path: stylesheet, status: styled.status}} : {}),
    unknown: unknownIn(entry),
  };
}

/** One call from a workload, outside of any page. @returns undefined where no pod of the workload runs. */
export function wayOfCall(options: {
  snapshot: MeshSnapshot;
  from: {namespace: string; workload: string; kind?: 'sidecar' | 'gateway'};
  call: Call;
}): Hop | undefined {
  const {snapshot, from, call} = options;
  const [group] = groupsOf(callersOf(snapshot, from));
  return group && hopOf(snapshot, {group, kind: from.kind ?? 'sidecar'}, call);
}

/** The pods of a Deployment or the like, of an app, or the one of that name. */
export function callersOf(
  {workloads}: MeshSnapshot,
  {namespace, workload}: {namespace: string; workload: string},
): readonly Workload[] {
  return workloads.filter(
    each => each.namespace === namespace && [each.workload, each.labels['app'], each.name].includes(workload),
  );
}

export function unknownIn(hop: Hop): readonly string[] {
  const behind = hop.branches.flatMap(({next}) => next.flatMap(unknownIn));
  return [...new Set([...hop.unknown, ...behind])];
}

function sights(answers: readonly Answer[]): readonly Sight[] {
  return answers.map(({share, status, ms, version, reviews, details}) => ({
    share,
    status,
    ms,
    ...(reviews === undefined ? {} : {reviews}),
    ...(version === undefined ? {} : {version}),
    ...(details === undefined ? {} : {details}),
  }));
}

const visitorParty: Party & {kind: 'visitor'} = {
  kind: 'visitor',
  workload: 'browser',
  namespace: '',
  app: 'browser',
  serviceAccount: '',
  pods: [],
  sidecar: false,
};

/** A port-forward enters on the pod's loopback, behind its sidecar. */
function byPortForward({snapshot, signedInAs}: PageAsked, path: string): Hop {
  const service = serviceByName(snapshot, 'productpage', bookinfo);
  const endpoints = service?.ports.find(({number}) => number === port)?.endpoints ?? [];
  const groups = groupsOf(endpoints.flatMap(({workload}) => workload ?? []));
  const headers = headersFor(signedInAs);
  const to = {host: service?.hostname ?? 'productpage', port};
  const reached = groups.map(group => loadedFrom({snapshot, group, path, headers, to}));
  const answers = merged(reached.flatMap(each => scaled(each.answers, each.branch.share)));
  const nobody: Branch = {share: 1, ...to, failure: 'no-pod', next: []};
  return {
    from: visitorParty,
    request: {host: 'productpage', port, path, headers},
    ...(service ? {service: service.hostname} : {}),
    decision: service ? {kind: 'port-forward'} : {kind: 'no-service'},
    notApplied: [],
    mirrors: [],
    branches: groups.length === 0 ? [nobody] : reached.map(({branch}) => branch),
    answers: groups.length === 0 ? [{share: 1, status: 0, ms: 0, ending: 'no-pod'}] : answers,
    unknown: [],
  };
}

/** What pods of the page answer to a request that no proxy of the mesh has seen. */
function loadedFrom(options: {
  snapshot: MeshSnapshot;
  group: Group;
  path: string;
  headers: Readonly<Record<string, string>>;
  to: {host: string; port: number};
}): {branch: Branch; answers: readonly Answer[]} {
  const {snapshot, group, path, headers, to} = options;
  const next = callsOf(group.party, path).map(call =>
    hopOf(snapshot, {group: {...group, share: 1}, kind: 'sidecar'}, {...call, headers}, 1),
  );
  const own = next.map(hop => hop.answers);
  return {
    branch: {share: group.share, ...to, to: group.party, next},
    answers: answersOf(group.party, path, own),
  };
}

function throughGateway(asked: PageAsked, path: string): Hop {
  const {snapshot, signedInAs} = asked;
  const headers = headersFor(signedInAs);
  const [group] = groupsOf(gatewayPods(asked));
  if (!group) {
    return {
      from: {...visitorParty, kind: 'gateway', workload: 'gateway'},
      request: {host: localHost, port: 80, path, headers},
      decision: {kind: 'no-listener'},
      notApplied: [],
      mirrors: [],
      branches: [],
      answers: [{share: 1, status: 0, ms: 0, ending: 'no-listener'}],
      unknown: [],
    };
  }
  const {sample} = group;
  const proxy: MeshProxy = {
    kind: 'gateway',
    namespace: sample.namespace,
    name: sample.name,
    ip: sample.ip,
    labels: sample.labels,
    serviceAccount: sample.serviceAccount,
  };
  const listening = gatewayListeners(snapshot, proxy).find(({protocol}) => protocol.startsWith('HTTP'));
  return hopOf(
    snapshot,
    {group, kind: 'gateway'},
    {host: localHost, port: listening?.port ?? 80, path, headers},
  );
}

/** The pods of the gateway that the page's Gateway selects; where it selects none, of one that is there. */
export function gatewayPods({
  snapshot,
  pods = [],
}: Pick<PageAsked, 'snapshot' | 'pods'>): readonly Workload[] {
  const gateways = configOf<Gateway>(snapshot, 'Gateway').sort(
    (left, right) =>
      Number(right.metadata.namespace === bookinfo) - Number(left.metadata.namespace === bookinfo),
  );
  for (const {spec} of gateways) {
    const selected = snapshot.workloads.filter(
      ({ready, labels}) => ready && spec?.selector && labelsMatch(spec.selector, labels),
    );
    if (selected.length > 0) return selected;
  }
  const routers = pods.filter(isRouter).map(({metadata}) => `${metadata.namespace}/${metadata.name}`);
  return snapshot.workloads.filter(
    ({ready, namespace, name}) => ready && routers.includes(`${namespace}/${name}`),
  );
}

/** A pod whose only program is a proxy that stands alone. */
function isRouter({spec}: IstioObject): boolean {
  const containers: {args?: readonly string[]}[] = spec?.containers ?? [];
  return containers.some(({args = []}) => args.includes('router'));
}
