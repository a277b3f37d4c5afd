import type {ApiClient} from '../api/client.ts';
import type {KubeObject} from '../objects.ts';

/**
 * Resolves with the first object of a resource that satisfies a predicate, now or at a later change; waits for
 * the event, never for the clock.
 */
export function until<T extends KubeObject = KubeObject>(
  client: ApiClient,
  resource: string,
  satisfied: (object: T) => boolean,
): Promise<T> {
  return new Promise(resolve => {
    let stop: (() => void) | undefined;
    let done = false;
    stop = client.watch<T>(resource, {}, event => {
      if (done || event.type === 'DELETED' || !satisfied(event.object)) return;
      done = true;
      stop?.();
      resolve(event.object);
    });
    if (done) stop();
  });
}

/** Resolves when a named object does not exist any more. */
export function untilGone(
  client: ApiClient,
  resource: string,
  name: string,
  namespace?: string,
): Promise<void> {
  return new Promise(resolve => {
    if (!client.get(resource, name, namespace)) {
      resolve();
      return;
    }
    const stop = client.watch(resource, namespace === undefined ? {} : {namespace}, event => {
      if (event.type !== 'DELETED' || event.object.metadata.name !== name) return;
      stop();
      resolve();
    });
  });
}
