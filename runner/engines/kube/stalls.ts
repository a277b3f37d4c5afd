import type {KubeItem} from './kube.ts';

interface PodEvent {
  /** `Normal` or `Warning`. */
  type: string;
  reason: string;
  message: string;
  /** Milliseconds since the epoch. */
  at: number;
}

/** What pulling one image of the labs takes on a fair connection. */
const usualPull = 'usually 10 to 60 s for each image';

/**
 * What a pod waits for, in words: from its conditions, its containers' states (those of init containers too, where
 * a native sidecar is) and its events, with the time so far.
 * @param now milliseconds since the epoch.
 */
export function explainWait(pod: KubeItem, events: readonly KubeItem[], now: number): string {
  const told = eventsOf(pod, events);
  const waited = secondsSince(Date.parse(pod.metadata.creationTimestamp ?? ''), now);
  const reason = unschedulable(pod) ?? pull(pod, told, now) ?? crash(pod) ?? waitingOr(pod, told);
  return `pod ${pod.metadata.name}: ${reason}${waited === undefined ? '' : `; ${waited} s so far`}`;
}

function timeOf(event: KubeItem): number {
  return Date.parse(event['lastTimestamp'] ?? event['eventTime'] ?? event.metadata.creationTimestamp ?? '');
}

function eventsOf(pod: KubeItem, events: readonly KubeItem[]): readonly PodEvent[] {
  return events
    .filter(event => event['involvedObject']?.uid === pod.metadata.uid)
    .map(event => ({
      type: String(event['type'] ?? ''),
      reason: String(event['reason'] ?? ''),
      message: String(event['message'] ?? ''),
      at: timeOf(event),
    }))
    .sort((a, b) => a.at - b.at);
}

function secondsSince(at: number, now: number): number | undefined {
  return Number.isNaN(at) ? undefined : Math.max(0, Math.round((now - at) / 1000));
}

function unschedulable(pod: KubeItem): string | undefined {
  const conditions: any[] = pod['status']?.conditions ?? [];
  const scheduled = conditions.find(({type}) => type === 'PodScheduled');
  if (scheduled?.status !== 'False' || scheduled.reason !== 'Unschedulable') return undefined;
  const room = /Insufficient (cpu|memory)/.exec(scheduled.message ?? '')?.[1];
  const advice = room
    ? `; give the node more ${room === 'cpu' ? 'CPUs' : 'memory'}, or let the pods request less`
    : '';
  return `no node takes it: ${String(scheduled.message).replace(/\.$/, '')}${advice}`;
}

function statusesOf(pod: KubeItem): any[] {
  return [...(pod['status']?.initContainerStatuses ?? []), ...(pod['status']?.containerStatuses ?? [])];
}

function pull(pod: KubeItem, events: readonly PodEvent[], now: number): string | undefined {
  const failing = statusesOf(pod).find(status =>
    /^(ErrImagePull|ImagePullBackOff|InvalidImageName)$/.test(status.state?.waiting?.reason ?? ''),
  );
  if (failing) {
    // Events named Failed also repeat the container's state, which says no more than the state itself.
    const failed = events.findLast(({message}) => message.startsWith('Failed to pull image'));
    const {reason, message} = failing.state.waiting;
    return `the image ${failing.image} can't be pulled (${reason}): ${pullReason(failed?.message ?? message ?? '')}`;
  }
  const last = events.findLast(({reason}) => reason === 'Pulling' || reason === 'Pulled');
  if (last?.reason !== 'Pulling') return undefined;
  const seconds = secondsSince(last.at, now);
  return `${last.message[0]?.toLowerCase()}${last.message.slice(1)}${seconds === undefined ? '' : ` for ${seconds} s`} (${usualPull})`;
}

/** Without the steps that containerd names on the way to the reason, and with what it means where that is known. */
function pullReason(message: string): string {
  const reason = message.replace(
    /^(?:(?:rpc error: code = \w+ desc = )?failed to (?:pull image|pull and unpack image|resolve reference|do request)(?: "[^"]*")?: )+/i,
    '',
  );
  const meaning = meanings.find(({pattern}) => pattern.test(reason))?.text;
  return meaning ? `${meaning}, ${reason}` : reason;
}

const meanings: readonly {pattern: RegExp; text: string}[] = [
  {
    pattern: /toomanyrequests|429 Too Many/i,
    text: 'the registry has had too many requests from this address',
  },
  {
    pattern: /no such host|dial tcp|i\/o timeout|TLS handshake timeout|server misbehaving/i,
    text: 'the node does not reach the registry',
  },
  {pattern: /x509|certificate/i, text: "the node does not trust the registry's certificate"},
  {pattern: /not found|manifest unknown/i, text: 'the registry has no such image'},
  {pattern: /unauthorized|denied|authorization failed/i, text: 'the registry wants a login'},
];

function crash(pod: KubeItem): string | undefined {
  const crashed = statusesOf(pod).find(status => status.state?.waiting?.reason === 'CrashLoopBackOff');
  if (!crashed) return undefined;
  const code = crashed.lastState?.terminated?.exitCode;
  return `CrashLoopBackOff, the container ${crashed.name} has ended ${crashed.restartCount} times${code === undefined ? '' : `, last with exit code ${code}`}`;
}

function waitingOr(pod: KubeItem, events: readonly PodEvent[]): string {
  const waiting = statusesOf(pod).find(status => status.state?.waiting?.reason)?.state.waiting;
  const last = events.findLast(({type}) => type === 'Warning') ?? events.at(-1);
  return [pod['status']?.phase, waiting?.reason, waiting?.message ?? last?.message]
    .filter(Boolean)
    .join(', ');
}
