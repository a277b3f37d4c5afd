import type {
  Answer,
  Applied,
  Branch,
  Hop,
  PageWay,
  Party,
  Place,
  PolicyFact,
  ProxyFact,
  Sight,
  TlsFact,
} from '../../checks/page-way.ts';
import {count} from '../words.ts';

/** `VirtualService bookinfo/reviews http[0].match[0]`: the leading `spec.` says nothing to anybody. */
export function placeText({object, path}: Place): string {
  const scope = object.namespace === '' ? object.name : `${object.namespace}/${object.name}`;
  return `${object.kind} ${scope}${path === undefined ? '' : ` ${path.replace(/^spec\./, '')}`}`;
}

/** `2 s`, `0.5 s`. */
export function seconds(ms: number): string {
  return `${Number((ms / 1000).toFixed(ms < 100 ? 3 : 2))} s`;
}

export function percent(share: number): string {
  const whole = share * 100;
  return `${whole < 1 && whole > 0 ? 'under 1' : Math.round(whole)} %`;
}

/** Who somebody calls: the Service by its name, with its namespace where that is another one. */
export function calledText({service, request, from, branches}: Hop): string {
  const [name, namespace] = (service ?? request.host).split('.');
  if (from.kind === 'gateway') return branches[0]?.host.split('.')[0] ?? request.path;
  if (service === undefined) return request.host;
  return namespace === from.namespace || from.kind !== 'sidecar' ? (name ?? '') : `${name}.${namespace}`;
}

/** `200 from v2`; of several answers each with its share. */
export function answersText(hop: Hop): string {
  const {answers} = hop;
  const [only] = answers;
  if (answers.length === 1 && only) return answerText(only, hop);
  const parts = answers.slice(0, 4).map(answer => `${percent(answer.share)} ${answerText(answer, hop)}`);
  return [...parts, ...(answers.length > 4 ? ['others'] : [])].join(' | ');
}

function answerText(answer: Answer, hop: Hop): string {
  const {status, ms, version} = answer;
  const code = status === 0 ? 'no answer' : String(status);
  const when = ms > 0 ? ` after ${seconds(ms)}` : '';
  const what = endings[answer.ending](hop);
  if (answer.ending === 'application' && status === 200) {
    return `${code}${version === undefined ? '' : ` from ${version}`}${when}`;
  }
  return `${code}${when}${what === '' ? '' : ` (${what})`}`;
}

const endings: Readonly<Record<Answer['ending'], (hop: Hop) => string>> = {
  application: hop => `${servedBy(hop)} does not know ${hop.request.path}`,
  abort: () => 'injected fault',
  timeout: () => 'timeout of the route',
  'gave-up': hop => `${hop.from.app} waits no longer`,
  'no-rule': () => 'no rule takes it',
  'no-cluster': () => 'no such destination',
  'no-pod': () => 'no pod is ready',
  refused: () => 'RBAC: access denied',
  tls: () => 'the two sides do not agree on mutual TLS',
  blocked: () => 'outside of what the sidecar may reach',
  'no-service': () => 'no such Service',
  'no-port': () => 'the Service has no such port',
  'no-listener': () => 'nothing listens',
  direct: () => 'direct response',
  redirect: () => 'redirect',
};

function servedBy({branches}: Hop): string {
  const [first] = branches.flatMap(({to}) => to?.workload ?? []);
  return first ?? 'it';
}

/** What decides the call, in one sentence. */
export function decisionText(hop: Hop): string {
  const {decision} = hop;
  switch (decision.kind) {
    case 'rule':
      return `${placeText(decision.at)}${decision.text === '' ? '' : `: ${decision.text}`}`;
    case 'default':
      return hop.from.kind === 'gateway'
        ? 'no VirtualService of this gateway is for it'
        : `no VirtualService decides: ${anyPod(hop)}`;
    case 'no-rule':
      return `${placeText({object: decision.object})} is in force, and none of its rules takes this call`;
    case 'no-sidecar':
      return `${hop.from.workload} has no sidecar, so no rule of Istio counts: ${anyPod(hop)}`;
    case 'tcp':
      return `the port is named "${decision.portName}", which is not HTTP, so no HTTP rule counts: ${anyPod(hop)}`;
    case 'passthrough':
      return `${decision.scope ? `${placeText({object: decision.scope})} does not list this host` : "the caller's proxy does not know this host"}, so it is passed on unread: ${anyPod(hop)}`;
    case 'blocked':
      return `${decision.scope ? `${placeText({object: decision.scope})} does not list this host` : 'the host is not in the registry'}, and REGISTRY_ONLY blocks what is not`;
    case 'no-service':
      return `there is no Service ${hop.request.host} in the namespace ${hop.from.namespace || 'bookinfo'}`;
    case 'no-port':
      return `the Service has the ports ${decision.ports.join(', ') || 'none'}, and ${hop.request.port} is called`;
    case 'no-listener':
      return hop.from.pods.length === 0
        ? 'there is no gateway pod'
        : `no Gateway that selects ${hop.from.workload} opens a port for HTTP`;
    case 'port-forward':
      return 'a port-forward enters the pod behind its sidecar';
  }
}

/** Of a call that no rule leads: all pods of the Service share it. */
function anyPod({branches}: Hop): string {
  const pods = branches.flatMap(({to}) => to?.pods ?? []);
  const workloads = [...new Set(branches.flatMap(({to}) => to?.workload ?? []))].join(', ');
  if (pods.length === 0) return 'no pod of the Service is ready';
  return pods.length === 1 ? `the one pod of ${workloads}` : `any of ${pods.length} pods of ${workloads}`;
}

/** Where the requests go: pods, subsets and shares. */
export function destinationTexts({branches, decision}: Hop): readonly string[] {
  if (['default', 'no-sidecar', 'tcp', 'passthrough', 'port-forward'].includes(decision.kind)) return [];
  const bySubset = new Map<string, Branch[]>();
  for (const branch of branches) {
    const key = `${branch.host} ${branch.subset ?? ''}`;
    bySubset.set(key, [...(bySubset.get(key) ?? []), branch]);
  }
  return [...bySubset.values()].flatMap(parts => {
    const [first] = parts;
    if (!first) return [];
    const share = parts.reduce((sum, part) => sum + part.share, 0);
    const portion = share > 0.999 ? '' : `${percent(share)} `;
    const name = first.host.split('.')[0];
    const target = first.subset === undefined ? name : `${name} subset ${first.subset}`;
    if (first.failure === 'no-cluster') {
      return [
        `${portion}to ${target}: ${first.subset === undefined ? 'no such service' : 'no DestinationRule that counts names this subset'}`,
      ];
    }
    if (first.failure === 'no-pod') {
      const labels = first.subsetBy ? ` with ${labelsText(first.subsetBy.labels)}` : '';
      return [`${portion}to ${target}: no ready pod${labels}`];
    }
    const pods = parts.flatMap(({to}) => to?.pods ?? []);
    const workloads = [...new Set(parts.flatMap(({to}) => to?.workload ?? []))];
    const loose = first.subsetBy && Object.keys(first.subsetBy.labels).length === 0;
    const remark =
      loose && first.subsetBy ? `; ${placeText(first.subsetBy)} has no labels, so it means all pods` : '';
    return [`${portion}to ${target}: ${count(pods.length, 'pod')} of ${workloads.join(', ')}${remark}`];
  });
}

function labelsText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}

/** How the two sides speak: one line where they agree. */
export function tlsText(tls: TlsFact, to: Party): string {
  const client = `${tls.client === 'mutual-tls' ? 'mutual TLS' : 'plain text'}${tls.clientBy ? ` by ${placeText(tls.clientBy)}` : ''}`;
  if (tls.server === 'no-sidecar') return `${client}; ${to.workload} has no sidecar`;
  const server = `${to.app} takes ${tls.server}${tls.serverBy ? ` by ${placeText(tls.serverBy)}` : ''}`;
  return tls.works ? `${client}, ${server}` : `mutual TLS fails: sent is ${client}, and ${server}`;
}

export function policyText(policy: PolicyFact, to: string): string {
  const who = policy.principal ?? 'a caller without an identity';
  if (policy.allowed) return policy.by ? `let in by ${placeText(policy.by)}` : 'no policy refuses it';
  if (policy.by) return `${to} refuses ${who}: ${placeText(policy.by)} denies it`;
  return `${to} refuses ${who}: no policy lets it in`;
}

/** What the callers' own proxies have for the call: one line where all have what the objects say. */
export function proxyTexts({proxies = []}: Hop): readonly {text: string; quiet: boolean}[] {
  const same = proxies.filter(({state}) => state === 'same').length;
  const texts: Readonly<Record<ProxyFact['state'], (fact: ProxyFact) => string>> = {
    same: () => '',
    older: ({pod, has}) => `the proxy of ${pod} has something older: ${has}`,
    'not-there': ({pod, has}) => `the proxy of ${pod} does not have the rule: ${has}`,
    unread: ({pod, has}) => `not known is what the proxy of ${pod} has: ${has}`,
  };
  return [
    ...(same > 0
      ? [{text: same === 1 ? 'its proxy has the same' : `its ${same} proxies have the same`, quiet: true}]
      : []),
    ...proxies
      .filter(({state}) => state !== 'same')
      .map(fact => ({text: texts[fact.state](fact), quiet: fact.state === 'unread'})),
  ];
}

/** `applied 4 s ago, reviews' callers have it, the gateway not yet`, behind the objects. */
export function appliedText({objects, ago, proxies}: Applied): string {
  const named = ({of, gateway}: Applied['proxies'][number]) =>
    gateway ? 'the gateway' : `${of}${of.endsWith('s') ? "'" : "'s"} callers`;
  const of = (test: (group: Applied['proxies'][number]) => boolean) => proxies.filter(test);
  const have = of(({have: count, asked}) => count === asked);
  const some = of(({have: count, asked}) => count > 0 && count < asked);
  const none = of(({have: count}) => count === 0);
  const single = have.length === 1 && have[0]?.gateway;
  const parts = [
    ...(have.length > 0 ? [`${have.map(named).join(' and ')} ${single ? 'has' : 'have'} it`] : []),
    ...some.map(group => `${named(group)} in ${group.have} of ${group.asked} pods`),
    ...(none.length > 0 ? [`${none.map(named).join(' and ')} not yet`] : []),
  ];
  const names = objects.map(object => placeText({object})).join(', ');
  return `${names}: applied ${agoText(ago)} ago, ${parts.join(', ')}`;
}

/** The API keeps whole seconds, so that no fraction of one is known; of what is long ago nobody counts them. */
export function agoText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}

/** What the visitor sees, without the share. */
export function sightText(sight: Sight, way: Pick<PageWay, 'path' | 'entry'>): string {
  const late = sight.ms > 0 ? `, after about ${seconds(sight.ms)}` : '';
  if (sight.status === 0) return `no page${late}: ${answersText(way.entry)}`;
  if (sight.status !== 200) return `HTTP ${sight.status} in place of the page${late}`;
  if (sight.reviews === undefined) return `HTTP 200 for ${way.path}${late}`;
  const parts = [reviewsTexts[sight.reviews](sight.version)];
  if (sight.details === 'missing') parts.push('"Error fetching product details"');
  return `${parts.join(', and ')}${late}`;
}

const reviewsTexts: Readonly<Record<NonNullable<Sight['reviews']>, (version?: string) => string>> = {
  none: version => `reviews without stars${by(version)}`,
  black: version => `black stars${by(version)}`,
  red: version => `red stars${by(version)}`,
  'ratings-missing': version => `no stars, "Ratings service is currently unavailable"${by(version)}`,
  'reviews-missing': () => '"Error fetching product reviews"',
};

function by(version: string | undefined): string {
  return version === undefined ? '' : ` (reviews ${version})`;
}
