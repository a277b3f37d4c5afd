import type {ApiClient} from '../api/client.ts';
import type {EventRecorder} from '../controllers/event-recorder.ts';
import type {Pod} from '../objects.ts';

/** Decides which pods the node takes, whoever bound them to it. */
export interface PodAdmission {
  /** Hears of every change of a pod of this node. */
  note(pod: Pod, isGone: boolean): void;
  /** @returns false for a pod that was turned away, now or before; it says so in its status */
  admit(pod: Pod): boolean;
}

const reason = 'OutOfpods';

/** Turns away what is beyond the node's number of pods, as a kubelet does with pods that no scheduler placed. */
export function createAdmission(options: {
  client: ApiClient;
  events: EventRecorder;
  capacity: number;
}): PodAdmission {
  const {client, events, capacity} = options;
  const admitted = new Set<string>();

  function reject(pod: Pod) {
    const message = `Node didn't have enough resource: pods, requested: 1, used: ${admitted.size}, capacity: ${capacity}`;
    events.warning(pod, reason, message);
    const status = {...pod.status, phase: 'Failed', reason, message: `Pod was rejected: ${message}`};
    client.updateStatus<Pod>('pods', {...pod, status});
  }

  return {
    note(pod, isGone) {
      if (isGone || hasEnded(pod)) admitted.delete(pod.metadata.uid ?? '');
    },
    admit(pod) {
      if (pod.status?.reason === reason && hasEnded(pod)) return false;
      if (hasEnded(pod)) return true;
      // What runs already is never turned away.
      if (admitted.size >= capacity && pod.status?.podIP === undefined) {
        reject(pod);
        return false;
      }
      admitted.add(pod.metadata.uid ?? '');
      return true;
    },
  };
}

function hasEnded(pod: Pod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
}
