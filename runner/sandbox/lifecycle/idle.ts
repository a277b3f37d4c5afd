import type {Clock, Timer} from '../clock.ts';

/** How long a sandbox stays without a request, watch or forward from outside. */
export const idleLimit = 8 * 60 * 60 * 1000;

/**
 * Calls `onIdle` once nothing came from outside for `limit` milliseconds.
 * @param options.lastActivity milliseconds since the epoch; now, while a watch or a stream is open.
 * @returns what ends the waiting.
 */
export function endWhenIdle(options: {
  clock: Clock;
  lastActivity: () => number;
  onIdle: () => void;
  limit?: number;
}): () => void {
  const {clock, lastActivity, onIdle, limit = idleLimit} = options;
  let timer: Timer | undefined;
  const look = () => {
    const left = lastActivity() + limit - clock.now();
    if (left <= 0) onIdle();
    else timer = clock.after(left, look);
  };
  look();
  return () => timer?.cancel();
}
