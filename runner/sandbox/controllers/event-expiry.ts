import {keyOf, splitKey} from './keys.ts';
import type {Runtime} from './runtime.ts';

/** kube-apiserver's default for `--event-ttl`. */
const timeToLive = 60 * 60 * 1000;

/** Deletes events an hour after they last happened, as the API server's storage does. */
export function startEventExpiry(runtime: Runtime): void {
  const {client, clock} = runtime;
  const queue = runtime.queue(reconcile);
  runtime.watch('events', ({type, object}) => {
    if (type !== 'DELETED') queue.addAfter(keyOf(object), timeToLive);
  });

  function reconcile(key: string) {
    const {namespace, name} = splitKey(key);
    const event = client.get('events', name, namespace);
    if (!event) return;
    const last = event['lastTimestamp'] ?? event['series']?.lastObservedTime ?? event['eventTime'];
    const left = Date.parse(last ?? event.metadata.creationTimestamp ?? '') + timeToLive - clock.now();
    if (left > 0) queue.addAfter(key, left);
    else client.delete('events', name, {namespace});
  }
}
