import type {Clock, Timer} from '../clock.ts';
import type {KubeObject} from '../objects.ts';
import type {Store, StoreEvent} from '../store/store.ts';
import {ApiError} from './errors.ts';
import type {ResponseSink, ResponseStream} from './messages.ts';
import {partialMetadata, presentObject, type Shown} from './presentation.ts';
import {groupVersion} from './served-type.ts';

export interface WatchRequest {
  store: Store;
  clock: Clock;
  shown: Omit<Shown, 'now'>;
  namespace: string | undefined;
  matches(object: KubeObject): boolean;
  /** As the client sent it; empty or `0` starts with what exists. */
  resourceVersion: string;
  sendInitialEvents: boolean;
  allowBookmarks: boolean;
  /** Milliseconds after which the server ends the watch. */
  timeout: number | undefined;
}

const bookmarkInterval = 60_000;

/** The body of a watch: one JSON event a line, from a revision on or from everything that exists. */
export function watchBody(request: WatchRequest): ResponseStream {
  return {start: sink => new Watch(request, sink).run()};
}

class Watch {
  readonly #request: WatchRequest;
  readonly #sink: ResponseSink;
  readonly #timers: Timer[] = [];
  #columnsSent = false;
  #unsubscribe: () => void = () => {};

  constructor(request: WatchRequest, sink: ResponseSink) {
    this.#request = request;
    this.#sink = sink;
  }

  run(): () => void {
    const {store, resourceVersion, clock, timeout, sendInitialEvents} = this.#request;
    const fromStart = sendInitialEvents || resourceVersion === '' || resourceVersion === '0';
    if (fromStart) this.#sendExisting();
    else {
      const missed = store.since(Number(resourceVersion));
      if (!missed) return this.#refuse(resourceVersion);
      for (const event of missed) this.#send(event);
    }
    const from = store.revision;
    this.#unsubscribe = store.subscribe(event => {
      // Inside a delivery, events that were replayed above may still be on their way.
      if (event.revision > from) this.#send(event);
    });
    if (timeout !== undefined) this.#timers.push(clock.after(timeout, () => this.#end()));
    if (this.#request.allowBookmarks) this.#scheduleBookmark();
    return () => this.#stop();
  }

  #sendExisting(): void {
    const {store, shown, namespace, matches, sendInitialEvents} = this.#request;
    for (const object of store.list(shown.type.storage, namespace)) {
      if (matches(object)) this.#write('ADDED', object);
    }
    if (sendInitialEvents) this.#bookmark({'k8s.io/initial-events-end': 'true'});
  }

  #send(event: StoreEvent): void {
    const {shown, namespace, matches} = this.#request;
    if (event.resource !== shown.type.storage) return;
    if (namespace !== undefined && event.object.metadata.namespace !== namespace) return;
    const was = event.previous !== undefined && matches(event.previous);
    const is = event.type !== 'DELETED' && matches(event.object);
    if (is) this.#write(was ? 'MODIFIED' : 'ADDED', event.object);
    else if (was) this.#write('DELETED', event.object);
  }

  #write(type: string, object: KubeObject): void {
    const {shown, clock} = this.#request;
    const presented = presentObject({...shown, now: clock.now()}, object, {withColumns: !this.#columnsSent});
    this.#columnsSent = true;
    this.#line(type, presented);
  }

  #bookmark(annotations?: Record<string, string>): void {
    const {shown, store, clock} = this.#request;
    const empty = {
      kind: shown.type.kind,
      apiVersion: groupVersion(shown.type.group, shown.version),
      metadata: {
        name: '',
        resourceVersion: String(store.revision),
        creationTimestamp: null,
        ...(annotations ? {annotations} : {}),
      },
    } as unknown as KubeObject;
    if (shown.as === 'object') this.#line('BOOKMARK', empty);
    else if (shown.as === 'metadata') this.#line('BOOKMARK', partialMetadata(empty));
    else {
      const table = presentObject({...shown, now: clock.now()}, empty, {withColumns: !this.#columnsSent});
      this.#columnsSent = true;
      this.#line('BOOKMARK', {...table, rows: [{cells: [], object: partialMetadata(empty)}]});
    }
  }

  #scheduleBookmark(): void {
    this.#timers[1] = this.#request.clock.after(bookmarkInterval, () => {
      this.#bookmark();
      this.#scheduleBookmark();
    });
  }

  #refuse(resourceVersion: string): () => void {
    const text = `too old resource version: ${resourceVersion} (${this.#request.store.oldest})`;
    this.#line('ERROR', new ApiError(410, 'Expired', text).status);
    this.#end();
    return () => {};
  }

  #line(type: string, object: object): void {
    this.#sink.write(`${JSON.stringify({type, object})}\n`);
  }

  #end(): void {
    this.#stop();
    this.#sink.end();
  }

  #stop(): void {
    this.#unsubscribe();
    for (const timer of this.#timers) timer?.cancel();
  }
}
