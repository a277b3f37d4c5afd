import type {ObjectRef} from '../types.ts';

/** Where a rule stands: `VirtualService bookinfo/reviews` at `spec.http[0].match[0]`. */
export interface Place {
  object: ObjectRef;
  /** A path into the object; absent where the whole object is meant. */
  path?: string;
}

/** Pods that are alike for whoever calls them, or for whom they call. */
export interface Party {
  /** The Deployment or the like: `reviews-v2`. */
  workload: string;
  namespace: string;
  app: string;
  version?: string;
  serviceAccount: string;
  pods: readonly string[];
  /** Has a proxy that takes Istio's mutual TLS and follows routes. */
  sidecar: boolean;
  /** The program misbehaves on purpose: `v-faulty`. */
  variant?: string;
}

/** Why an object that stands near a call says nothing about it. */
export const notAppliedReasons = [
  'caller-without-sidecar',
  'port-not-http',
  'hidden-by-sidecar-resource',
  'not-exported',
  'gateway-only',
  'gateway-unknown',
  'other-gateway',
  'other-host',
  'other-namespace',
  'half-a-name',
  'other-port',
  'other-caller',
  'rule-for-other-gateway',
  'older-one-wins',
  'request-does-not-match',
  'earlier-rule-wins',
  'hidden-by-nearer-rule',
  'selects-no-pod',
] as const;

export type NotAppliedReason = (typeof notAppliedReasons)[number];

/** An object, or a rule of one, that is near the call and does not decide it. */
export interface NotApplied extends Place {
  reason: NotAppliedReason;
  /** The reason in a sentence without an end mark, for behind the object: `is bound to a gateway only`. */
  because: string;
}

/** Mutual TLS between two proxies, as each side has it. */
export interface TlsFact {
  /** What the caller's side sends. */
  client: 'mutual-tls' | 'plain-text';
  /** Which DestinationRule says so; absent: Istio chooses by itself. */
  clientBy?: Place;
  /** What the other side takes. */
  server: 'STRICT' | 'PERMISSIVE' | 'DISABLE' | 'no-sidecar';
  serverBy?: Place;
  works: boolean;
}

/** What the proxy of the one that is called lets in. */
export interface PolicyFact {
  allowed: boolean;
  /** The policy and rule that let it in or refused it; absent: there is no policy, or none that allows. */
  by?: Place;
  /** Who asks, as the policies see it; absent without mutual TLS. */
  principal?: string;
  /** Policies for these pods that do not let the call in, each with the reason. */
  others: readonly (Place & {because: string})[];
}

/** What the proxy on the caller's side decides by. */
export type Decision =
  | {kind: 'rule'; at: Place; text: string}
  /** No VirtualService: all pods of the service. */
  | {kind: 'default'}
  /** A VirtualService is in force, and none of its rules takes the call. */
  | {kind: 'no-rule'; object: ObjectRef}
  /** The caller has no sidecar: the Service alone decides. */
  | {kind: 'no-sidecar'}
  /** The port is not HTTP by its name: connections are spread unread. */
  | {kind: 'tcp'; portName: string}
  /** The host is unknown to the caller's proxy, so the connection is passed on unread. */
  | {kind: 'passthrough'; scope?: ObjectRef}
  | {kind: 'blocked'; scope?: ObjectRef}
  | {kind: 'no-service'}
  | {kind: 'no-port'; ports: readonly number[]}
  /** At a gateway: nothing listens on the port. */
  | {kind: 'no-listener'}
  /** The port-forward enters the pod behind its sidecar. */
  | {kind: 'port-forward'};

export interface FaultFact {
  at: Place;
  delay?: {ms: number; percentage: number};
  abort?: {status: number; percentage: number};
  /** A fault without a percentage does nothing. */
  withoutEffect?: boolean;
}

/** The requests of one call that end at pods that are alike. */
export interface Branch {
  /** Of the call, 0 to 1. */
  share: number;
  host: string;
  port: number;
  subset?: string;
  /** What a DestinationRule means by the subset; without labels it is all pods. */
  subsetBy?: Place & {labels: Readonly<Record<string, string>>};
  /** Absent where no pod answers. */
  to?: Party;
  failure?: 'no-cluster' | 'no-pod';
  tls?: TlsFact;
  policy?: PolicyFact;
  /** The calls that these pods make to answer. */
  next: readonly Hop[];
}

/** What a caller's proxy itself has for a call, beside what the mesh's objects make of it. */
export interface ProxyFact {
  pod: string;
  /**
   * `same`: what the objects say; `older`: something else than they say now; `not-there`: nothing of the rule that should
   * decide; `unread`: it could not be asked.
   */
  state: 'same' | 'older' | 'not-there' | 'unread';
  /** Where it is not the same: what it has, or why it could not be asked. */
  has?: string;
  /** When it last took anything over, in milliseconds since the epoch. */
  updatedAt?: number;
}

/** How far the last change of the objects that decide has come. */
export interface Applied {
  objects: readonly ObjectRef[];
  /** How long ago it was applied, in milliseconds. */
  ago: number;
  /** The proxies that it is for: those that call a service, or the gateway. */
  proxies: readonly {of: string; gateway: boolean; have: number; asked: number}[];
}

/** One call of the page's tree. */
export interface Hop {
  from: Party & {kind: 'visitor' | 'sidecar' | 'gateway'};
  request: {host: string; port: number; path: string; headers: Readonly<Record<string, string>>};
  /** The service that is meant, where there is one. */
  service?: string;
  decision: Decision;
  notApplied: readonly NotApplied[];
  fault?: FaultFact;
  /** Milliseconds. */
  timeout?: {ms: number; at: Place};
  retries?: {attempts: number; perTry?: number; on: readonly string[]; at?: Place};
  mirrors: readonly {host: string; subset?: string; percentage: number}[];
  /** At a gateway that refuses: its own policies. */
  gatePolicy?: PolicyFact;
  branches: readonly Branch[];
  /** How long the calling program waits for each try, in milliseconds, and how often it asks. */
  patience?: {ms: number; tries: number};
  /** What the calling program gets. */
  answers: readonly Answer[];
  /** On real proxies, each of the callers' own. */
  proxies?: readonly ProxyFact[];
  /** What can't be told from here. */
  unknown: readonly string[];
}

/** The stars, or which part of the page is missing. */
export type ReviewsPart = 'none' | 'black' | 'red' | 'ratings-missing' | 'reviews-missing';

/** Who or what gave an answer. */
export type Ending =
  | 'application'
  | 'abort'
  /** 504 of the caller's proxy. */
  | 'timeout'
  /** The calling program waited no longer. */
  | 'gave-up'
  | 'no-rule'
  | 'no-cluster'
  | 'no-pod'
  | 'refused'
  | 'tls'
  | 'blocked'
  | 'no-service'
  | 'no-port'
  | 'no-listener'
  | 'direct'
  | 'redirect';

/** What somebody who asks gets, with its share of all answers. */
export interface Answer {
  /** 0 to 1. */
  share: number;
  /** HTTP status; 0: none, as the connection ended or the caller gave up. */
  status: number;
  /** Milliseconds, beyond what the programs themselves need. */
  ms: number;
  ending: Ending;
  /** Of the pod that answered. */
  version?: string;
  /** Of an answer of reviews, or of a page. */
  reviews?: ReviewsPart;
  /** Of a page. */
  details?: 'shown' | 'missing';
}

/** What a visitor sees of a page, with its share of all loads. */
export interface Sight {
  share: number;
  /** HTTP status of the page; 0: no answer at all. */
  status: number;
  reviews?: ReviewsPart;
  /** The version of reviews that answered. */
  version?: string;
  details?: 'shown' | 'missing';
  /** Milliseconds, beyond what the programs themselves need. */
  ms: number;
}

/** A page load as the tree of its requests. */
export interface PageWay {
  visitor: string;
  via: 'productpage' | 'gateway';
  path: string;
  entry: Hop;
  sees: readonly Sight[];
  /** At a gateway: whether the page's style sheet is led through too. */
  styled?: {path: string; status: number};
  /** On real proxies, where anything that decides was ever applied. */
  applied?: Applied;
  unknown: readonly string[];
}
