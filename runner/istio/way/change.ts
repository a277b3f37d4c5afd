import {buildSnapshot, type SnapshotInput} from '../build-snapshot.ts';
import {type IstioObject, type ObjectRef, refOf} from '../types.ts';
import {wayOfPage} from './page.ts';
import type {Hop, PageWay, Sight} from './way.ts';

/** A mesh as it was at one moment. */
export interface MeshMoment {
  /** Milliseconds since the epoch. */
  at: number;
  input: SnapshotInput;
}

/** What a change did for one visitor. */
export interface PageChange {
  visitor: string;
  before: PageWay;
  after: PageWay;
  /** The first call of the page that is decided otherwise, before and after. */
  hop?: {before: Hop; after: Hop};
}

export interface MeshChange {
  /** With what it was made, where the cluster knows. */
  by?: string;
  /** How long ago, in milliseconds. */
  ago?: number;
  objects: readonly {object: ObjectRef; what: 'created' | 'changed' | 'deleted'}[];
  pages: readonly PageChange[];
}

/** What lies between two moments, in objects and for each visitor. */
export function meshChange(
  before: MeshMoment,
  after: MeshMoment,
  visitors: readonly {visitor: string; signedInAs?: string; via: PageWay['via']}[],
): MeshChange {
  const old = buildSnapshot(before.input);
  const now = buildSnapshot(after.input);
  return {
    objects: changedObjects(before.input, after.input),
    pages: visitors.map(asked => {
      const wayBefore = wayOfPage({...asked, snapshot: old, pods: before.input.pods});
      const wayAfter = wayOfPage({...asked, snapshot: now, pods: after.input.pods});
      const hop = firstDifference(wayBefore.entry, wayAfter.entry);
      return {visitor: asked.visitor, before: wayBefore, after: wayAfter, ...(hop ? {hop} : {})};
    }),
  };
}

/** Whether two meshes hold the same, whatever the names of their pods. */
export function sameMesh(left: SnapshotInput, right: SnapshotInput): boolean {
  return changedObjects(left, right).length === 0;
}

function changedObjects(left: SnapshotInput, right: SnapshotInput): MeshChange['objects'] {
  const before = told(left);
  const after = told(right);
  const keys = [...new Set([...before.keys(), ...after.keys()])].sort();
  return keys.flatMap(key => {
    const [old, now] = [before.get(key), after.get(key)];
    if (old?.text === now?.text) return [];
    const what = old === undefined ? 'created' : now === undefined ? 'deleted' : 'changed';
    const object = (now ?? old)?.ref;
    return object ? [{object, what} as const] : [];
  });
}

/** What counts of each object; of pods their workloads, since those of one are alike. */
function told({services, config, pods}: SnapshotInput): Map<string, {ref: ObjectRef; text: string}> {
  const found = new Map<string, {ref: ObjectRef; text: string}>();
  for (const object of [...services, ...config]) {
    const ref = refOf(object);
    found.set(`${ref.kind} ${ref.namespace}/${ref.name}`, {ref, text: JSON.stringify(object.spec ?? {})});
  }
  for (const pod of pods.filter(isReady)) {
    const {'pod-template-hash': _hash, ...labels} = pod.metadata.labels ?? {};
    const app = labels['app'] ?? pod.metadata.name;
    const version = labels['version'];
    const name = version === undefined ? app : `${app}-${version}`;
    const ref = {kind: 'Pods', namespace: pod.metadata.namespace ?? '', name};
    const key = `Pods ${ref.namespace}/${name}`;
    const text = JSON.stringify(Object.entries(labels).sort());
    const known = found.get(key);
    found.set(key, {ref, text: known ? `${known.text}${text}` : text});
  }
  return found;
}

function isReady({status}: IstioObject): boolean {
  const conditions: {type: string; status: string}[] = status?.conditions ?? [];
  return conditions.some(({type, status: value}) => type === 'Ready' && value === 'True');
}

function firstDifference(before: Hop, after: Hop): PageChange['hop'] {
  const decided = ({decision, fault, timeout, retries, branches}: Hop) =>
    JSON.stringify([
      decision,
      fault,
      timeout,
      retries,
      branches.map(({host, subset, share, failure}) => [host, subset, Math.round(share * 100), failure]),
    ]);
  if (decided(before) !== decided(after)) return {before, after};
  const behind = (hop: Hop) => hop.branches.flatMap(({next}) => next);
  const later = behind(after);
  for (const hop of behind(before)) {
    const same = later.find(
      other => other.request.host === hop.request.host && other.from.workload === hop.from.workload,
    );
    const found = same && firstDifference(hop, same);
    if (found) return found;
  }
  return JSON.stringify(before.answers) === JSON.stringify(after.answers) ? undefined : {before, after};
}

/** Whether a visitor sees the same of two pages. */
export function sameSights(left: readonly Sight[], right: readonly Sight[]): boolean {
  const text = (sights: readonly Sight[]) =>
    JSON.stringify(sights.map(sight => ({...sight, share: Math.round(sight.share * 100)})));
  return text(left) === text(right);
}
