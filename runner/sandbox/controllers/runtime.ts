import {messageOf} from '../../errors.ts';
import type {ApiClient, ResourceName} from '../api/client.ts';
import {ApiError} from '../api/errors.ts';
import type {Clock, Random} from '../clock.ts';
import type {KubeObject, WatchEvent} from '../objects.ts';
import {createEventRecorder, type EventRecorder} from './event-recorder.ts';
import {splitKey} from './keys.ts';
import {createTurns, type Turns} from './turns.ts';
import {createWorkQueue, type Reconcile, type WorkQueue} from './work-queue.ts';

/** What every controller is given; closing it ends all their watches and queues. */
export interface Runtime {
  client: ApiClient;
  clock: Clock;
  random: Random;
  turns: Turns;
  /** @param resource what the keys name; an object whose reconcile throws gets an Event that says so */
  queue(reconcile: Reconcile, resource?: ResourceName): WorkQueue;
  /** Listens in all namespaces; listeners only enqueue. */
  watch<T extends KubeObject = KubeObject>(
    resource: ResourceName,
    listener: (event: WatchEvent<T>) => void,
  ): void;
  recorder(component: string): EventRecorder;
  close(): void;
}

export interface RuntimeOptions {
  client: ApiClient;
  clock: Clock;
  random: Random;
  /** The name under which faults appear as Events. @default `kube-controller-manager` */
  component?: string;
  /** Hears of every reconcile and turn that threw; a reconcile is tried again, and all else goes on. */
  onError?: (key: string, error: unknown) => void;
}

export function createRuntime(options: RuntimeOptions): Runtime {
  const {client, clock, random, component = 'kube-controller-manager', onError = () => {}} = options;
  const turns = createTurns(error => onError(component, error));
  const recorder = createEventRecorder({client, clock, component});
  const ends: (() => void)[] = [];

  /** Says on the object itself that it can't be worked on, unless that is for its controller to say. */
  function tell(resource: ResourceName, key: string, error: unknown) {
    if (error instanceof ApiError && !refusesTheObject(error)) return;
    const {namespace, name} = splitKey(key);
    const object = client.get(resource, name, namespace === '' ? undefined : namespace);
    if (object) recorder.warning(object, 'FailedSync', `Error syncing ${object.kind}: ${messageOf(error)}`);
  }

  return {
    client,
    clock,
    random,
    turns,
    queue(reconcile, resource) {
      const queue = createWorkQueue({
        clock,
        turns,
        reconcile,
        onError(key, error) {
          onError(resource === undefined ? key : `${resource} ${key}`, error);
          if (resource !== undefined) tell(resource, key, error);
        },
      });
      ends.push(() => queue.close());
      return queue;
    },
    watch(resource, listener) {
      ends.push(client.watch(resource, {}, listener));
    },
    recorder: name => createEventRecorder({client, clock, component: name}),
    close() {
      for (const end of ends.splice(0)) end();
    },
  };
}

/** Conflicts and objects that have gone pass by themselves; an object that is refused as invalid does not. */
function refusesTheObject({status}: ApiError): boolean {
  return status.code === 400 || status.code === 422;
}
