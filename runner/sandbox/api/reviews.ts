import type {Store} from '../store/store.ts';
import {isAdmin} from './authentication.ts';
import {type Attributes, authorize, rulesFor} from './authorization.ts';
import type {UserInfo} from './messages.ts';
import type {ServedType} from './served-type.ts';
import type {TokenIssuer} from './service-account-tokens.ts';

export interface ReviewCall {
  store: Store;
  user: UserInfo;
  /** Of the path, for reviews that belong to a namespace. */
  namespace: string | undefined;
  tokens: TokenIssuer;
  now: number;
}

export type Review = (body: any, call: ReviewCall) => object;

/** The kinds that are questions: created, answered and never stored. Returns undefined for any other. */
export function reviewOf(type: ServedType): Review | undefined {
  return reviews[type.kind];
}

const reviews: Readonly<Record<string, Review>> = {
  SelfSubjectReview: (body, {user}) => answered(body, {userInfo: user}),
  SelfSubjectAccessReview: (body, {store, user}) => answered(body, accessStatus(store, user, body.spec)),
  SubjectAccessReview: (body, {store}) => answered(body, accessStatus(store, subject(body.spec), body.spec)),
  LocalSubjectAccessReview: (body, {store, namespace}) => {
    const spec = {...body.spec, resourceAttributes: {...body.spec?.resourceAttributes, namespace}};
    return answered(body, accessStatus(store, subject(body.spec), spec));
  },
  SelfSubjectRulesReview: (body, {store, user}) => {
    const everything = {
      resourceRules: [{verbs: ['*'], apiGroups: ['*'], resources: ['*']}],
      nonResourceRules: [{verbs: ['*'], nonResourceURLs: ['*']}],
    };
    const rules = isAdmin(user) ? everything : split(rulesFor(store, user, body.spec?.namespace));
    return answered(body, {...rules, incomplete: false});
  },
  TokenReview: (body, {tokens, now}) => {
    const user = tokens.verify(String(body.spec?.token ?? ''), now);
    return answered(
      body,
      user ? {authenticated: true, user} : {user: {}, error: 'the token is not one of this sandbox'},
    );
  },
};

function answered(body: any, status: object): object {
  return {...body, metadata: {...body.metadata, creationTimestamp: null}, status};
}

function accessStatus(store: Store, user: UserInfo, spec: any): object {
  const allowed = authorize(store, user, attributesOf(spec));
  return allowed ? {allowed, reason: ''} : {allowed};
}

function attributesOf(spec: any): Attributes {
  const {resourceAttributes: resource, nonResourceAttributes: path} = spec ?? {};
  if (path) return {verb: path.verb ?? '', path: path.path ?? ''};
  return {
    verb: resource?.verb ?? '*',
    group: resource?.group ?? '',
    resource: resource?.resource ?? '',
    subresource: resource?.subresource ?? '',
    name: resource?.name ?? '',
    namespace: resource?.namespace || undefined,
  };
}

function subject(spec: any): UserInfo {
  return {username: spec?.user ?? '', groups: spec?.groups ?? []};
}

function split(rules: readonly any[]): object {
  const text = (rule: any) => ({
    verbs: rule.verbs,
    apiGroups: rule.apiGroups,
    resources: rule.resources,
    ...(rule.resourceNames ? {resourceNames: rule.resourceNames} : {}),
  });
  return {
    resourceRules: rules.filter(rule => rule.resources).map(text),
    nonResourceRules: rules
      .filter(rule => rule.nonResourceURLs)
      .map(rule => ({verbs: rule.verbs, nonResourceURLs: rule.nonResourceURLs})),
  };
}
