import type {ApiClient, ResourceName} from '../api/client.ts';
import type {Clock, Random} from '../clock.ts';
import type {KubeObject, WatchEvent} from '../objects.ts';
import {createEventRecorder, type EventRecorder} from './event-recorder.ts';
import {createTurns, type Turns} from './turns.ts';
import {createWorkQueue, type WorkQueue} from './work-queue.ts';

/** What every controller is given; closing it ends all their watches and queues. */
export interface Runtime {
  client: ApiClient;
  clock: Clock;
  random: Random;
  turns: Turns;
  queue(reconcile: (key: string) => void): WorkQueue;
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
  /** Hears of every reconcile that threw; it is tried again in any case. */
  onError?: (key: string, error: unknown) => void;
}

export function createRuntime({client, clock, random, onError}: RuntimeOptions): Runtime {
  const turns = createTurns();
  const ends: (() => void)[] = [];
  return {
    client,
    clock,
    random,
    turns,
    queue(reconcile) {
      const queue = createWorkQueue({clock, turns, reconcile, ...(onError ? {onError} : {})});
      ends.push(() => queue.close());
      return queue;
    },
    watch(resource, listener) {
      ends.push(client.watch(resource, {}, listener));
    },
    recorder: component => createEventRecorder({client, clock, component}),
    close() {
      for (const end of ends.splice(0)) end();
    },
  };
}
