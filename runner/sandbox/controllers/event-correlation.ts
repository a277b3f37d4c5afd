/** What one event is about, apart from its message. */
export interface EventSubject {
  /** The object with everything that tells it from others, as text. */
  object: string;
  /** What of the object is meant; events of one reason are similar whatever it says. */
  fieldPath: string;
  type: string;
  reason: string;
}

/** How an event is recorded: events of the same key are one, and count. */
export interface CorrelatedEvent {
  key: string;
  message: string;
}

/** Decides about the events of one component; see `createEventCorrelation`. */
export interface EventCorrelation {
  /** @param now milliseconds since the epoch @returns undefined for an event too many */
  correlate(subject: EventSubject, message: string, now: number): CorrelatedEvent | undefined;
}

/** Different messages of one reason within the interval (ms) before they become one event. */
const mostSimilar = 10;
const interval = 600_000;
/** Events about one object at once, and how long (ms) each takes to be allowed again. */
const burst = 25;
const refill = 300_000;
/** How many objects and reasons are remembered. */
const remembered = 4096;

/**
 * Keeps an object from flooding the cluster with events, by the rules and numbers of client-go's `EventCorrelator`:
 * the tenth different message of one reason and all that follow are one event, `(combined from similar events)`, and
 * each object has 25 events to spend, of which one comes back every five minutes.
 */
export function createEventCorrelation(): EventCorrelation {
  const similar = new Map<string, {messages: Set<string>; last: number}>();
  const budgets = new Map<string, {left: number; at: number}>();

  function aggregate({object, fieldPath, type, reason}: EventSubject, message: string, now: number) {
    const group = JSON.stringify([object, type, reason]);
    let record = similar.get(group);
    if (!record || now - record.last > interval) record = {messages: new Set(), last: now};
    record.messages.add(message);
    record.last = now;
    remember(similar, group, record);
    if (record.messages.size < mostSimilar) {
      return {key: JSON.stringify([object, fieldPath, type, reason, message]), message};
    }
    record.messages.delete(record.messages.values().next().value as string);
    return {key: group, message: `(combined from similar events): ${message}`};
  }

  function mayGo(object: string, now: number): boolean {
    const budget = budgets.get(object) ?? {left: burst, at: now};
    const left = Math.min(burst, budget.left + (now - budget.at) / refill);
    const granted = left >= 1;
    remember(budgets, object, {left: granted ? left - 1 : left, at: now});
    return granted;
  }

  return {
    correlate(subject, message, now) {
      const event = aggregate(subject, message, now);
      return mayGo(subject.object, now) ? event : undefined;
    },
  };
}

/** Makes an entry the newest, and forgets the oldest beyond the limit. */
export function remember<T>(cache: Map<string, T>, key: string, value: T, limit = remembered): void {
  cache.delete(key);
  cache.set(key, value);
  if (cache.size > limit) cache.delete(cache.keys().next().value as string);
}
