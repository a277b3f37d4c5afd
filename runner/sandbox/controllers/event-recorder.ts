import type {ApiClient} from '../api/client.ts';
import {ApiError} from '../api/errors.ts';
import {type Clock, rfc3339} from '../clock.ts';
import type {KubeObject} from '../objects.ts';
import {createEventCorrelation, remember} from './event-correlation.ts';

export interface EventOptions {
  /** What of the object is meant, e.g. `spec.containers{reviews}`. */
  fieldPath?: string;
}

export interface EventRecorder {
  /** Never throws: an event that can't be stored (its namespace is going away) is dropped. */
  normal(object: KubeObject, reason: string, message: string, options?: EventOptions): void;
  warning(object: KubeObject, reason: string, message: string, options?: EventOptions): void;
}

/**
 * Records events as client-go does: the same object, reason and message again raises `count` and moves
 * `lastTimestamp` instead of making a new event; many different ones become one, and too many none.
 */
export function createEventRecorder(options: {
  client: ApiClient;
  clock: Clock;
  component: string;
  host?: string;
}): EventRecorder {
  const {client, clock, component, host} = options;
  const names = new Map<string, string>();
  const correlation = createEventCorrelation();

  /** Kubernetes ends the name in nanoseconds; several events of one millisecond take the next ones. */
  function freeName(name: string, namespace: string): string {
    for (let stamp = BigInt(clock.now()) * 1_000_000n; ; stamp++) {
      const candidate = `${name}.${stamp.toString(16)}`;
      if (!client.get('events', candidate, namespace)) return candidate;
    }
  }

  function record(
    type: 'Normal' | 'Warning',
    object: KubeObject,
    reason: string,
    text: string,
    {fieldPath}: EventOptions = {},
  ) {
    const {name, uid, resourceVersion} = object.metadata;
    const namespace = object.metadata.namespace ?? 'default';
    const identity = JSON.stringify([namespace, object.apiVersion, object.kind, name, uid]);
    const subject = {object: identity, fieldPath: fieldPath ?? '', type, reason};
    const event = correlation.correlate(subject, text, clock.now());
    if (!event) return;
    const {key, message} = event;
    const now = rfc3339(clock.now());
    const known = names.get(key);
    const earlier = known === undefined ? undefined : client.get('events', known, namespace);
    if (known !== undefined && earlier) {
      const patch = {count: (earlier['count'] ?? 1) + 1, lastTimestamp: now, message};
      client.patch('events', known, patch, {namespace});
      return;
    }
    const eventName = freeName(name, namespace);
    client.create('events', {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: {name: eventName, namespace},
      involvedObject: {
        kind: object.kind,
        ...(object.metadata.namespace === undefined ? {} : {namespace}),
        name,
        ...(uid === undefined ? {} : {uid}),
        apiVersion: object.apiVersion,
        ...(resourceVersion === undefined ? {} : {resourceVersion}),
        ...(fieldPath === undefined ? {} : {fieldPath}),
      },
      reason,
      message,
      source: {component, ...(host === undefined ? {} : {host})},
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
      type,
      eventTime: null,
      reportingComponent: component,
      reportingInstance: host ?? '',
    });
    remember(names, key, eventName);
  }

  const safely =
    (type: 'Normal' | 'Warning'): EventRecorder['normal'] =>
    (...event) => {
      try {
        record(type, ...event);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
      }
    };
  return {normal: safely('Normal'), warning: safely('Warning')};
}
