import type {Kube, KubeItem, WatchEvent} from '../engines/kube/kube.ts';
import type {SnapshotInput} from '../istio/build-snapshot.ts';
import type {IstioObject} from '../istio/types.ts';
import {lastWritten} from './last-written.ts';
import type {MeshMoment} from './mesh-moment.ts';
import {configResources} from './mesh-snapshot.ts';

/** The mesh before its last change, as the cluster itself remembers it. */
export interface MeshPast {
  before: MeshMoment;
  /** With what the last change was made, as Kubernetes notes it: `kubectl-client-side-apply`. */
  by?: string;
  /** When, in milliseconds since the epoch; absent of what was deleted, of which no time is kept. */
  changedAt?: number;
}

/** One thing that happened to an object, in the order of the cluster. */
interface Happened {
  version: number;
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  object: KubeItem;
  /** The object before; absent where there was none, or nobody knows. */
  previous?: KubeItem;
}

/** The API server ends a look into the past that soon. */
const lookSeconds = 1;
/** One command applies several objects, and Kubernetes keeps whole seconds. */
const together = 1000;

/**
 * Finds out what the mesh was before its last change: from the events that the API server still has, which tell of every
 * version of an object; where it has none any more, from what the youngest object says of itself (made then, or edited
 * since it was applied).
 * @returns undefined where the cluster does not know.
 */
export async function readPast(kube: Kube, now: MeshMoment): Promise<MeshPast | undefined> {
  const resources = ['services', ...configResources];
  const events = (await Promise.all(resources.map(resource => eventsOf(kube, resource)))).flat();
  return fromEvents(events, now) ?? fromObjects(await listed(kube), now);
}

/** All that happened to objects of a resource, as far back as the API server can tell. */
async function eventsOf(kube: Kube, resource: string): Promise<readonly Happened[]> {
  const first = await look(kube, resource, '1');
  // It says where its history begins: `too old resource version: 1 (4711)`.
  const [, oldest] = /too old resource version: \d+ \((\d+)\)/.exec(first.refused ?? '') ?? [];
  const {events} = oldest === undefined ? first : await look(kube, resource, oldest);
  const known = new Map<string, KubeItem>();
  return events.flatMap(({type, object}): Happened[] => {
    if (type !== 'ADDED' && type !== 'MODIFIED' && type !== 'DELETED') return [];
    const key = keyOf(object);
    const previous = known.get(key);
    if (type === 'DELETED') known.delete(key);
    else known.set(key, object);
    // Its status says nothing of what somebody wants.
    if (type === 'MODIFIED' && previous && specOf(previous) === specOf(object)) return [];
    const version = Number(object.metadata.resourceVersion);
    return [{version, type, object, ...(previous ? {previous} : {})}];
  });
}

async function look(
  kube: Kube,
  resource: string,
  since: string,
): Promise<{events: readonly WatchEvent[]; refused?: string}> {
  const events: WatchEvent[] = [];
  let refused: string | undefined;
  const signal = AbortSignal.timeout(5 * lookSeconds * 1000);
  await kube
    .watch(resource, {since, seconds: lookSeconds, signal}, event => {
      if (event.type === 'ERROR') refused = String(event.object['message'] ?? '');
      else events.push(event);
    })
    .catch((error: Error) => {
      refused = error.message;
    });
  return {events, ...(refused === undefined ? {} : {refused})};
}

function fromEvents(events: readonly Happened[], now: MeshMoment): MeshPast | undefined {
  const ordered = [...events].sort((a, b) => a.version - b.version);
  const last = ordered.at(-1);
  if (!last) return undefined;
  const at = timeOf(last);
  const change = [last];
  for (const event of ordered.slice(0, -1).reverse()) {
    const own = timeOf(event);
    const same = at === undefined ? event.type === 'DELETED' : own !== undefined && own >= at - together;
    if (!same) break;
    change.unshift(event);
  }
  const befores = new Map<string, Happened>();
  for (const event of change) {
    const key = keyOf(event.object);
    if (!befores.has(key)) befores.set(key, event);
  }
  // What an object was before its first known change nobody can tell.
  if ([...befores.values()].some(({type, previous}) => type === 'MODIFIED' && !previous)) return undefined;
  const replaced = new Map(
    [...befores].map(([key, {type, previous, object}]) => [
      key,
      previous ?? (type === 'DELETED' ? object : undefined),
    ]),
  );
  const {by} = lastWritten(last.object);
  return {
    before: {at: now.at, input: replacedIn(now.input, replaced)},
    ...(at === undefined ? {} : {changedAt: at, ...(by === undefined ? {} : {by})}),
  };
}

/** When somebody wrote the version of an event; of what was deleted the time is not kept. */
function timeOf({type, object}: Happened): number | undefined {
  const at = type === 'DELETED' ? Number.NaN : Date.parse(lastWritten(object).time);
  return Number.isNaN(at) ? undefined : at;
}

async function listed(kube: Kube): Promise<readonly KubeItem[]> {
  const lists = configResources.map(resource => kube.list(resource).catch((): readonly KubeItem[] => []));
  return (await Promise.all(lists)).flat();
}

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

function fromObjects(items: readonly KubeItem[], now: MeshMoment): MeshPast | undefined {
  const written = items
    .map(item => ({item, ...lastWritten(item), at: Date.parse(lastWritten(item).time)}))
    .filter(({at}) => !Number.isNaN(at))
    .sort((a, b) => a.at - b.at);
  const latest = written.at(-1);
  if (!latest) return undefined;
  const change = written.filter(({at}) => at >= latest.at - together);
  const befores = new Map<string, KubeItem | undefined>();
  for (const {item, at} of change) {
    if (Date.parse(item.metadata.creationTimestamp ?? '') >= at - together)
      befores.set(keyOf(item), undefined);
    else {
      const applied = appliedOf(item);
      if (!applied || specOf(applied) === specOf(item)) return undefined;
      befores.set(keyOf(item), applied);
    }
  }
  const {by} = latest;
  return {
    before: {at: now.at, input: replacedIn(now.input, befores)},
    changedAt: latest.at,
    ...(by === undefined ? {} : {by}),
  };
}

/** As it was applied, where somebody edited it afterwards. */
function appliedOf(item: KubeItem): KubeItem | undefined {
  try {
    const {spec} = JSON.parse(item.metadata.annotations?.[lastApplied] ?? '');
    return spec ? {...item, spec} : undefined;
  } catch {
    return undefined;
  }
}

function replacedIn(input: SnapshotInput, befores: ReadonlyMap<string, KubeItem | undefined>): SnapshotInput {
  const replace = (objects: readonly IstioObject[], isOwn: (item: KubeItem) => boolean) => {
    const kept = objects.filter(object => !befores.has(keyOf(object)));
    const others = [...befores.values()].flatMap(item => (item && isOwn(item) ? [item as IstioObject] : []));
    return [...kept, ...others];
  };
  return {
    ...input,
    services: replace(input.services, ({kind}) => kind === 'Service'),
    config: replace(input.config, ({kind}) => kind !== 'Service'),
  };
}

function keyOf({kind, metadata}: {kind: string; metadata: {namespace?: string; name: string}}): string {
  return `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
}

function specOf(object: KubeItem): string {
  return JSON.stringify(object['spec'] ?? {});
}
