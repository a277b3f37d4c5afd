import type {KubeObject, WatchEvent} from '../objects.ts';

/**
 * Names a resource as kubectl does: `pods`, `deployments.apps`, `virtualservices.networking.istio.io`.
 * The preferred version is meant; there is one stored form.
 */
export type ResourceName = string;

export interface ListOptions {
  namespace?: string;
  /** Equality only; the HTTP side knows the whole selector language. */
  labels?: Record<string, string>;
}

export interface DeleteOptions {
  namespace?: string;
  gracePeriodSeconds?: number;
  propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
  /** Refuses with Conflict when the object is another one by now. */
  uid?: string;
}

/**
 * The API server as its own controllers see it: the same pipeline as over HTTP (defaulting, validation,
 * admission, the journal), without the wire. Synchronous, so a read followed by a write can't be torn.
 *
 * Objects handed out are frozen or copies: change a copy, then `update` it. Every write throws `ApiError`
 * (see `errors.ts`) exactly as a client over HTTP would be answered. A write that changes nothing is no
 * write: same resourceVersion, no event.
 */
export interface ApiClient {
  get<T extends KubeObject = KubeObject>(
    resource: ResourceName,
    name: string,
    namespace?: string,
  ): T | undefined;
  /**
   * What the controller with this UID manages in a namespace (none: of what has no namespace); with an empty UID what
   * no controller does. It costs as much as it finds, and has no order.
   */
  managedBy<T extends KubeObject = KubeObject>(
    resource: ResourceName,
    namespace: string | undefined,
    uid: string,
  ): T[];
  list<T extends KubeObject = KubeObject>(resource: ResourceName, options?: ListOptions): T[];
  create<T extends KubeObject = KubeObject>(resource: ResourceName, object: T): T;
  /** Replaces the object; a stale `metadata.resourceVersion` throws Conflict, a missing one is accepted. */
  update<T extends KubeObject = KubeObject>(resource: ResourceName, object: T): T;
  /** Replaces `.status` alone. */
  updateStatus<T extends KubeObject = KubeObject>(resource: ResourceName, object: T): T;
  /** JSON merge patch (RFC 7386), optionally of a subresource. */
  patch<T extends KubeObject = KubeObject>(
    resource: ResourceName,
    name: string,
    patch: Record<string, unknown>,
    options?: {namespace?: string; subresource?: 'status'},
  ): T;
  delete(resource: ResourceName, name: string, options?: DeleteOptions): void;
  /**
   * Calls back with ADDED for all that exists (at once, before it returns), then with every change in order.
   * Listeners run inside the write that caused them, so they only take notes (enqueue a key) and return; one that
   * throws is logged, and hears of the next change all the same.
   * An unknown resource (its CRD is not there yet) starts to deliver once it exists.
   * @returns a function that ends the watch.
   */
  watch<T extends KubeObject = KubeObject>(
    resource: ResourceName,
    options: ListOptions,
    listener: (event: WatchEvent<T>) => void,
  ): () => void;
}
