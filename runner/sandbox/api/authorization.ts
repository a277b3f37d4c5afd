import type {KubeObject} from '../objects.ts';
import type {Store} from '../store/store.ts';
import {isAdmin} from './authentication.ts';
import {ApiError} from './errors.ts';
import type {UserInfo} from './messages.ts';

/** What somebody wants to do: with a resource, or with a path that is none. */
export type Attributes =
  | {
      verb: string;
      group: string;
      resource: string;
      subresource: string;
      name: string;
      namespace: string | undefined;
    }
  | {verb: string; path: string};

const rbac = 'rbac.authorization.k8s.io';
/** What everybody who is known may read, as the cluster roles of every cluster say. */
const openPaths = [
  '/api',
  '/api/*',
  '/apis',
  '/apis/*',
  '/healthz',
  '/livez',
  '/openapi',
  '/openapi/*',
  '/readyz',
  '/version',
  '/version/',
];

/** Decides by RBAC: the admin may do everything, others what Roles and ClusterRoles bound to them say. */
export function authorize(store: Store, user: UserInfo, attributes: Attributes): boolean {
  if (isAdmin(user)) return true;
  if ('path' in attributes) {
    if (attributes.verb === 'get' && openPaths.some(pattern => matchesPath(pattern, attributes.path)))
      return true;
  } else if (isSelfReview(attributes)) return true;
  const namespace = 'path' in attributes ? undefined : attributes.namespace;
  return rulesFor(store, user, namespace).some(rule => allows(rule, attributes));
}

/** @throws ApiError 403 in the words of the API server. */
export function requireAuthorized(store: Store, user: UserInfo, attributes: Attributes): void {
  if (authorize(store, user, attributes)) return;
  if ('path' in attributes) {
    throw new ApiError(
      403,
      'Forbidden',
      `forbidden: User "${user.username}" cannot ${attributes.verb} path "${attributes.path}"`,
      {},
    );
  }
  const {verb, group, name, namespace} = attributes;
  const resource = attributes.subresource
    ? `${attributes.resource}/${attributes.subresource}`
    : attributes.resource;
  const qualified = group === '' ? attributes.resource : `${attributes.resource}.${group}`;
  const scope = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const object = name === '' ? qualified : `${qualified} "${name}"`;
  throw new ApiError(
    403,
    'Forbidden',
    `${object} is forbidden: User "${user.username}" cannot ${verb} resource "${resource}" in API group "${group}" ${scope}`,
    {...(name ? {name} : {}), ...(group ? {group} : {}), kind: attributes.resource},
  );
}

/** The rules of all roles bound to a user, in the cluster and in the namespace. */
export function rulesFor(store: Store, user: UserInfo, namespace: string | undefined): any[] {
  const bindings = store.list(`clusterrolebindings.${rbac}`);
  if (namespace !== undefined) bindings.push(...store.list(`rolebindings.${rbac}`, namespace));
  return bindings
    .filter(binding => (binding['subjects'] ?? []).some((subject: any) => isSubject(subject, user, binding)))
    .flatMap(binding => roleOf(store, binding)?.['rules'] ?? []);
}

function roleOf(store: Store, binding: KubeObject): KubeObject | undefined {
  const {kind, name} = binding['roleRef'] ?? {};
  return kind === 'Role'
    ? store.get(`roles.${rbac}`, binding.metadata.namespace, name)
    : store.get(`clusterroles.${rbac}`, undefined, name);
}

function isSubject(subject: any, user: UserInfo, binding: KubeObject): boolean {
  if (subject.kind === 'User') return subject.name === user.username;
  if (subject.kind === 'Group') return user.groups.includes(subject.name);
  const namespace = subject.namespace ?? binding.metadata.namespace;
  return user.username === `system:serviceaccount:${namespace}:${subject.name}`;
}

function allows(rule: any, attributes: Attributes): boolean {
  if (!includes(rule.verbs, attributes.verb)) return false;
  if ('path' in attributes) {
    return (rule.nonResourceURLs ?? []).some((pattern: string) => matchesPath(pattern, attributes.path));
  }
  const {resource, subresource, group, name} = attributes;
  const wanted = subresource ? `${resource}/${subresource}` : resource;
  const named = !rule.resourceNames?.length || rule.resourceNames.includes(name);
  const listed =
    includes(rule.resources, wanted) || (subresource !== '' && includes(rule.resources, `*/${subresource}`));
  return includes(rule.apiGroups, group) && listed && named;
}

function includes(list: readonly string[] | undefined, value: string): boolean {
  return list?.some(each => each === '*' || each === value) ?? false;
}

function matchesPath(pattern: string, path: string): boolean {
  return pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern;
}

function isSelfReview(attributes: Exclude<Attributes, {path: string}>): boolean {
  const selfReviews = ['selfsubjectaccessreviews', 'selfsubjectrulesreviews', 'selfsubjectreviews'];
  return attributes.verb === 'create' && selfReviews.includes(attributes.resource);
}
