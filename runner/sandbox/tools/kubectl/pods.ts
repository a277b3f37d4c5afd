import {equalJson} from '../../json.ts';
import {pathOf, qualified} from '../shared/discovery.ts';
import {ToolError} from '../shared/io.ts';
import type {RestClient} from '../shared/rest.ts';
import type {Invocation} from './command.ts';
import {parseTypeArgs} from './selection.ts';

export const podType = {group: '', version: 'v1', resource: 'pods', namespaced: true} as const;

/** `a=b,c in (d)`: a LabelSelector as a query. */
export function selectorText(selector: any): string {
  const labels = selector?.matchLabels ?? (selector?.matchExpressions ? {} : (selector ?? {}));
  const equal = Object.keys(labels)
    .sort()
    .map(key => `${key}=${labels[key]}`);
  const more = (selector?.matchExpressions ?? []).map(({key, operator, values}: any) => {
    if (operator === 'Exists') return key;
    if (operator === 'DoesNotExist') return `!${key}`;
    return `${key} ${operator === 'In' ? 'in' : 'notin'} (${values.join(',')})`;
  });
  return [...equal, ...more].join(',');
}

/** The selector of the pods that an object is about; undefined when it has none. */
export function podSelectorOf(object: any): string | undefined {
  if (object.kind === 'Service')
    return object.spec.selector ? selectorText({matchLabels: object.spec.selector}) : undefined;
  return object.spec?.selector ? selectorText(object.spec.selector) : undefined;
}

/** Ready and running pods first, as kubectl prefers them. */
function byActivity(left: any, right: any): number {
  const rank = (pod: any) =>
    (pod.spec.nodeName ? 0 : 8) +
    ({Running: 0, Unknown: 2, Pending: 4}[pod.status.phase as string] ?? 6) +
    (pod.status.conditions?.some(
      (condition: any) => condition.type === 'Ready' && condition.status === 'True',
    )
      ? 0
      : 1);
  return rank(left) - rank(right);
}

/** All pods of a workload or Service. */
export async function podsOf(client: RestClient, object: any): Promise<any[]> {
  const selector = podSelectorOf(object);
  if (selector === undefined) return [];
  const list = await client.json({
    path: pathOf(podType, {namespace: object.metadata.namespace}),
    query: {labelSelector: selector},
  });
  return [...list.items].sort(byActivity);
}

export interface NamedObject {
  object: any;
  /** `pods`, `deployments.apps`. */
  resource: string;
}

/** `x`, `pod/x`, `deploy/x`: an object that has or is a pod. @throws ToolError, StatusError */
export async function namedObject(invocation: Invocation, argument: string): Promise<NamedObject> {
  const {session} = invocation;
  const client = await session.client();
  const namespace = await session.namespace();
  if (!argument.includes('/')) {
    const object = await client.json({path: pathOf(podType, {namespace, name: argument})});
    return {object: {...object, kind: 'Pod'}, resource: 'pods'};
  }
  const [{type, names}] = (await parseTypeArgs(invocation, [argument])) as [
    Awaited<ReturnType<typeof parseTypeArgs>>[number],
  ];
  const object = await client.json({
    path: pathOf(type, {namespace: type.namespaced ? namespace : undefined, name: names[0] ?? ''}),
  });
  return {object: {...object, kind: type.kind}, resource: qualified(type)};
}

/** The one pod that an argument means, waiting for one to exist. @throws ToolError */
export async function attachablePod(invocation: Invocation, argument: string): Promise<any> {
  const {object} = await namedObject(invocation, argument);
  if (object.kind === 'Pod') return object;
  const client = await invocation.session.client();
  if (podSelectorOf(object) === undefined) {
    if (object.kind === 'Service')
      throw new ToolError(
        `error: cannot attach to *v1.Service: invalid service '${object.metadata.name}': Service is defined without a selector`,
      );
    throw new ToolError(
      `error: cannot attach to *v1.${object.kind}: selector for *v1.${object.kind} not implemented`,
    );
  }
  const [pod] = await podsOf(client, object);
  if (!pod) throw new ToolError(`error: no pods found for ${argument}`);
  return pod;
}

/** Containers of a pod in kubectl's order: the app's, then `(init)`, then `(ephem)`. */
export function containersOf(pod: any): {name: string; init: boolean}[] {
  return [
    ...(pod.spec.containers ?? []).map(({name}: any) => ({name, init: false})),
    ...(pod.spec.initContainers ?? []).map(({name}: any) => ({name, init: true})),
  ];
}

/** The container that is meant when none is named, with kubectl's remark when there was a choice. */
export function defaultContainer(pod: any, say: (text: string) => void): string {
  const all = containersOf(pod);
  const annotated = pod.metadata.annotations?.['kubectl.kubernetes.io/default-container'];
  if (annotated && all.some(({name}) => name === annotated)) return annotated;
  const first = all[0]?.name ?? '';
  if (all.length > 1)
    say(
      `Defaulted container "${first}" out of: ${all.map(({name, init}) => (init ? `${name} (init)` : name)).join(', ')}\n`,
    );
  return first;
}

/** True when a ReplicaSet carries a Deployment's template. */
export function sameTemplate(set: any, deployment: any): boolean {
  const plain = (template: any) => {
    const {'pod-template-hash': _, ...labels} = template.metadata?.labels ?? {};
    return {...template, metadata: {...template.metadata, labels}};
  };
  return equalJson(plain(set.spec.template), plain(deployment.spec.template));
}
