import type {Clock, Timer} from '../clock.ts';
import type {ProbeResult} from './probes.ts';

export interface ProbeWorkerOptions {
  clock: Clock;
  /** The probe as in the pod's spec. */
  probe: any;
  attempt(): Promise<ProbeResult>;
  /** The verdict changed: thresholds are reached. */
  onChange(healthy: boolean): void;
  /** An attempt failed, whatever the thresholds say. */
  onFailure(output: string): void;
  /** Whether success makes it true at first (readiness, startup) or it starts out healthy (liveness). */
  startsHealthy: boolean;
  /** Whether it looks at once and, until the first success, more often than `periodSeconds`. */
  eager: boolean;
}

/** The first tries of a container that just started come this quickly, in milliseconds, then ever slower. */
const eagerness = 20;
/** What waits for others of its mesh is looked at this often, in milliseconds, in the first seconds. */
const patience = {step: 120, until: 3000};

/**
 * Probes until it is stopped. An eager one is unlike a real kubelet's: where nothing takes long to start, nobody
 * has to wait for the next time that is written. What fails between those times counts for nothing.
 */
export function startProbeWorker(options: ProbeWorkerOptions): () => void {
  const {clock, probe, attempt, onChange, onFailure} = options;
  const period = (probe.periodSeconds ?? 10) * 1000;
  const start = clock.now();
  const firstCounted = (probe.initialDelaySeconds ?? 0) * 1000;
  let healthy: boolean | undefined = options.startsHealthy ? true : undefined;
  let successes = 0;
  let failures = 0;
  let early = options.eager && !options.startsHealthy ? eagerness : undefined;
  let nextCounted = start + firstCounted;
  let timer: Timer | undefined;
  let stopped = false;

  async function run() {
    const counted = clock.now() >= nextCounted;
    const result = await attempt();
    if (stopped) return;
    if (result.ok) {
      early = undefined;
      failures = 0;
      successes++;
      if (successes >= (probe.successThreshold ?? 1)) settle(true);
    } else if (counted) {
      successes = 0;
      failures++;
      onFailure(result.output);
      if (!stopped && failures >= (probe.failureThreshold ?? 3)) settle(false);
    }
    if (counted) nextCounted = clock.now() + period;
    schedule();
  }

  function settle(next: boolean) {
    if (healthy === next) return;
    healthy = next;
    onChange(next);
  }

  function schedule() {
    if (stopped) return;
    const until = Math.max(0, nextCounted - clock.now());
    const wait = early === undefined ? until : Math.min(early, until);
    if (early !== undefined) {
      const isNew = clock.now() - start < patience.until;
      early = isNew ? Math.min(early * 2, patience.step) : early * 2;
    }
    timer = clock.after(wait, () => void run());
  }

  if (options.startsHealthy || (!options.eager && firstCounted > 0)) schedule();
  else void run();
  return () => {
    stopped = true;
    timer?.cancel();
  };
}
