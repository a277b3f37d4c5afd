import type {Clock, Timer} from '../clock.ts';
import type {KubeObject} from '../objects.ts';
import type {Store} from '../store/store.ts';
import type {StoreEvent} from '../store/store-event.ts';
import {ApiError} from './errors.ts';
import type {ResponseSink, ResponseStream} from './messages.ts';
import {partialMetadata, presentObject, type Shown} from './presentation.ts';
import {type Pump, startPump} from './pump.ts';
import {groupVersion} from './served-type.ts';
import type {Slices} from './slices.ts';

export interface WatchRequest {
  store: Store;
  clock: Clock;
  slices: Slices;
  latest: LatestLine;
  shown: Omit<Shown, 'now'>;
  namespace: string | undefined;
  matches(object: KubeObject): boolean;
  /** 0 starts with what exists. */
  resourceVersion: number;
  sendInitialEvents: boolean;
  allowBookmarks: boolean;
  /** Milliseconds after which the server ends the watch. */
  timeout: number | undefined;
}

/** The line that was sent last, so that a hundred watches of one large object share its bytes. */
export class LatestLine {
  #object: KubeObject | undefined;
  readonly #forms = new Map<string, Uint8Array>();

  /** @param form everything but the object that the line depends on */
  line(object: KubeObject, form: string, make: () => string): Uint8Array {
    if (this.#object !== object) this.#forms.clear();
    this.#object = object;
    const line = this.#forms.get(form) ?? Buffer.from(make());
    this.#forms.set(form, line);
    return line;
  }
}

const bookmarkInterval = 60_000;

/** The body of a watch: one JSON event a line, from a revision on or from everything that exists. */
export function watchBody(request: WatchRequest): ResponseStream {
  return {start: sink => new Watch(request, sink).run()};
}

/**
 * A watch reads the store's history at its own pace: what its client has not read yet costs nothing, and when the
 * history does not reach back that far any more, the client gets 410 and lists again.
 */
class Watch {
  readonly #request: WatchRequest;
  readonly #pump: Pump;
  readonly #lines: (string | Uint8Array)[] = [];
  /** What exists and has not been sent. */
  #existing: KubeObject[] = [];
  /** Everything up to here has been looked at. */
  #revision = 0;
  #announcesEnd = false;
  #columnsSent = false;
  #isOver = false;
  #bookmarkTimer: Timer | undefined;
  #timeout: Timer | undefined;
  #unsubscribe: () => void = () => {};

  constructor(request: WatchRequest, sink: ResponseSink) {
    this.#request = request;
    this.#pump = startPump({sink, slices: request.slices, next: () => this.#next()});
  }

  run(): () => void {
    const {store, resourceVersion, clock, timeout, sendInitialEvents} = this.#request;
    const fromStart = sendInitialEvents || resourceVersion === 0;
    this.#revision = fromStart ? store.revision : resourceVersion;
    if (fromStart) this.#listExisting();
    this.#unsubscribe = store.subscribe(() => this.#pump.wake());
    if (timeout !== undefined) this.#timeout = clock.after(timeout, () => this.#end());
    if (this.#request.allowBookmarks) this.#scheduleBookmark();
    this.#pump.wake();
    return () => this.#stop();
  }

  #listExisting(): void {
    const {store, shown, namespace, matches, sendInitialEvents} = this.#request;
    // Taken from the end, one after the other.
    this.#existing = store.list(shown.type.storage, namespace).filter(matches).reverse();
    this.#announcesEnd = sendInitialEvents;
  }

  #next(): {piece: string | Uint8Array} | 'nothing yet' | 'over' {
    for (;;) {
      const piece = this.#lines.shift();
      if (piece !== undefined) return {piece};
      if (this.#isOver) {
        this.#stop();
        return 'over';
      }
      if (!this.#advance()) return 'nothing yet';
    }
  }

  /** Looks at the next object or event, which may be of no concern. @returns false when there is none. */
  #advance(): boolean {
    const existing = this.#existing.pop();
    if (existing) {
      this.#write('ADDED', existing);
      return true;
    }
    if (this.#announcesEnd) {
      this.#announcesEnd = false;
      this.#bookmark({'k8s.io/initial-events-end': 'true'});
      return true;
    }
    const {store} = this.#request;
    if (this.#revision < store.oldest) {
      this.#refuse();
      return true;
    }
    const event = store.next(this.#revision);
    if (!event) return false;
    this.#revision = event.revision;
    this.#send(event);
    return true;
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
    const {shown, clock, latest} = this.#request;
    const present = () => {
      const presented = presentObject({...shown, now: clock.now()}, object, {
        withColumns: !this.#columnsSent,
      });
      this.#columnsSent = true;
      return `${JSON.stringify({type, object: presented})}\n`;
    };
    // A table has columns once, and ages.
    if (shown.as === 'table') this.#lines.push(present());
    else this.#lines.push(latest.line(object, `${type} ${shown.version} ${shown.as}`, present));
  }

  #bookmark(annotations?: Record<string, string>): void {
    const {shown, clock} = this.#request;
    const empty = {
      kind: shown.type.kind,
      apiVersion: groupVersion(shown.type.group, shown.version),
      metadata: {
        name: '',
        resourceVersion: String(this.#revision),
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
    this.#bookmarkTimer = this.#request.clock.after(bookmarkInterval, () => {
      // One for a client that is behind would promise what it has not got.
      if (this.#existing.length === 0 && this.#revision === this.#request.store.revision) this.#bookmark();
      this.#pump.wake();
      this.#scheduleBookmark();
    });
  }

  #refuse(): void {
    const text = `too old resource version: ${this.#revision} (${this.#request.store.oldest})`;
    this.#line('ERROR', new ApiError(410, 'Expired', text).status);
    this.#isOver = true;
  }

  #line(type: string, object: object): void {
    this.#lines.push(`${JSON.stringify({type, object})}\n`);
  }

  #end(): void {
    this.#isOver = true;
    this.#pump.wake();
  }

  #stop(): void {
    this.#unsubscribe();
    this.#timeout?.cancel();
    this.#bookmarkTimer?.cancel();
    this.#pump.stop();
    this.#existing = [];
  }
}
