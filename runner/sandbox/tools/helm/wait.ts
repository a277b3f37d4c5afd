import {equalJson} from '../../json.ts';
import {ToolError} from '../shared/io.ts';
import type {RestClient} from '../shared/rest.ts';
import {live, type Placed} from './objects.ts';

function condition(object: any, type: string): boolean {
  return (
    object.status?.conditions?.some((entry: any) => entry.type === type && entry.status === 'True') ?? false
  );
}

function withoutHash(template: any): any {
  const {'pod-template-hash': _, ...labels} = template.metadata?.labels ?? {};
  return {...template, metadata: {...template.metadata, labels}};
}

async function deploymentReady(client: RestClient, deployment: any): Promise<boolean> {
  const {metadata, spec, status = {}} = deployment;
  if ((status.observedGeneration ?? 0) !== metadata.generation) return false;
  const selector = Object.entries(spec.selector.matchLabels ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  const sets = await client.json({
    path: `/apis/apps/v1/namespaces/${metadata.namespace}/replicasets`,
    query: {labelSelector: selector},
  });
  const newest = sets.items.find(
    (set: any) =>
      set.metadata.ownerReferences?.some((owner: any) => owner.uid === metadata.uid) &&
      equalJson(withoutHash(set.spec.template), withoutHash(spec.template)),
  );
  if (!newest) return false;
  const limit = spec.strategy?.rollingUpdate?.maxUnavailable ?? '25%';
  const unavailable =
    typeof limit === 'number' ? limit : Math.floor((Number.parseInt(limit, 10) / 100) * spec.replicas);
  return (newest.status?.readyReplicas ?? 0) >= spec.replicas - unavailable;
}

/** Whether helm 3 counts an object as ready (`--wait`). */
async function isReady(client: RestClient, object: any): Promise<boolean> {
  const {kind, spec, status = {}, metadata} = object;
  switch (kind) {
    case 'Pod':
      return condition(object, 'Ready');
    case 'Deployment':
      return spec.paused === true || deploymentReady(client, object);
    case 'Service':
      if (spec.type === 'ExternalName' || spec.externalIPs?.length > 0) return true;
      if (!spec.clusterIP) return false;
      return spec.type !== 'LoadBalancer' || (status.loadBalancer?.ingress?.length ?? 0) > 0;
    case 'PersistentVolumeClaim':
      return status.phase === 'Bound';
    case 'CustomResourceDefinition':
      return condition(object, 'Established');
    case 'DaemonSet':
      return (
        status.observedGeneration === metadata.generation &&
        (status.numberReady ?? 0) >= (status.desiredNumberScheduled ?? 0)
      );
    case 'StatefulSet':
      return (
        status.observedGeneration === metadata.generation &&
        (status.readyReplicas ?? 0) === (spec.replicas ?? 1)
      );
    default:
      return true;
  }
}

export interface WaitOptions {
  client: RestClient;
  placed: readonly Placed[];
  /** Milliseconds. */
  timeout: number;
  now(): number;
  pause(milliseconds: number): Promise<void>;
}

/** Waits until everything is ready. @throws ToolError in helm's words when the time is over. */
export async function waitUntilReady(options: WaitOptions): Promise<void> {
  const {client, timeout, now} = options;
  const end = now() + timeout;
  let waiting = [...options.placed];
  for (let pause = 25; ; pause = Math.min(pause * 2, 1000)) {
    const states = await Promise.all(
      waiting.map(async placed => {
        const object = await live(client, placed);
        return object !== undefined && (await isReady(client, object));
      }),
    );
    waiting = waiting.filter((_, index) => !states[index]);
    if (waiting.length === 0) return;
    if (now() + pause > end) throw new ToolError('context deadline exceeded');
    await options.pause(pause);
  }
}

/** Waits until everything is gone. @throws ToolError */
export async function waitUntilGone(options: WaitOptions): Promise<void> {
  const end = options.now() + options.timeout;
  let waiting = [...options.placed];
  for (let pause = 25; ; pause = Math.min(pause * 2, 1000)) {
    const states = await Promise.all(waiting.map(placed => live(options.client, placed)));
    waiting = waiting.filter((_, index) => states[index] !== undefined);
    if (waiting.length === 0) return;
    if (options.now() + pause > end) throw new ToolError('context deadline exceeded');
    await options.pause(pause);
  }
}
