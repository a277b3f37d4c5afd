import type {KubeConfig} from '@kubernetes/client-node';
import {exitCodes, WorkshopError} from '../../errors.ts';
import {createRest, KubeError, type Rest} from './rest.ts';

/** Who runs the labs: what a second run is told, and what tells whether the first is still there. */
export interface RunHolder {
  /** `the workshop "default" in process 4711 on staging-runner` */
  name: string;
  /** Where process ids mean the same: a machine, or a container on it. */
  host: string;
  pid: number;
  /** When the process began, as its system counts; absent where that is not told. */
  startTicks?: string;
  /** RFC 3339. */
  since: string;
}

export interface RunLease {
  /** Gives the cluster back; a cluster that is gone has nothing to give back. */
  release(): Promise<void>;
}

export interface RunLeaseOptions {
  config: KubeConfig;
  holder: RunHolder;
  /** Whether that very process of this machine still runs; undefined where nobody can tell. */
  runs(holder: RunHolder): boolean | undefined;
  /** Milliseconds since the epoch. */
  now(): number;
  pause(milliseconds: number): Promise<void>;
  /** Told once when somebody else has the cluster after all. */
  onLost(error: WorkshopError): void;
}

const place = '/apis/coordination.k8s.io/v1/namespaces/default/leases';
export const leaseName = 'istio-workshop-run';
const annotation = 'istio-workshop/holder';

/** Seconds after which a run that was killed is taken for dead; one that lives says so three times in that time. */
const duration = 15;
const renewal = (duration * 1000) / 3;
/** Milliseconds that a cluster is given to let go of it. */
const farewell = 2000;

interface Lease {
  metadata: {
    name: string;
    uid?: string;
    resourceVersion?: string;
    annotations?: Record<string, string>;
    labels?: Record<string, string>;
  };
  spec: {
    holderIdentity?: string;
    leaseDurationSeconds?: number;
    acquireTime?: string;
    renewTime?: string;
  };
}

/**
 * Takes a cluster for one run by a Lease in it, so that runs of other machines count as well. It is renewed while the
 * process lives: a run that crashed has it for seconds, and one on this machine that has ended for no time at all.
 * @throws WorkshopError `cluster-in-use` that names who has it, KubeError when leases may not be written
 */
export async function takeRunLease(options: RunLeaseOptions): Promise<RunLease> {
  const rest = createRest(options.config);
  let mine = await acquire(rest, options);
  let isOver = false;
  const life = new AbortController();
  const living = rest.during(life.signal);
  const renew = async (): Promise<void> => {
    if (isOver) return;
    try {
      mine = await living.send<Lease>('PUT', `${place}/${leaseName}`, renewed(mine, options));
    } catch (error) {
      if (!(error instanceof KubeError) || (error.code !== 404 && error.code !== 409)) return;
      // It went with a cluster that was made anew, or somebody took it who saw nothing of us for too long.
      try {
        if (!isOver) mine = await acquire(living, options);
      } catch (refused) {
        if (!(refused instanceof WorkshopError) || refused.code !== 'cluster-in-use') return;
        clearInterval(timer);
        options.onLost(refused);
      }
    }
  };
  let renewing: Promise<void> = Promise.resolve();
  let isRenewing = false;
  const timer = setInterval(() => {
    if (isRenewing) return;
    isRenewing = true;
    renewing = renew().finally(() => {
      isRenewing = false;
    });
  }, renewal);
  timer.unref();
  return {
    async release() {
      isOver = true;
      clearInterval(timer);
      life.abort();
      await renewing;
      const own = {preconditions: {uid: mine.metadata.uid}};
      // A cluster that hangs holds nobody up: what is left there runs out by itself.
      const limited = rest.during(AbortSignal.timeout(farewell));
      await limited.send('DELETE', `${place}/${leaseName}`, own).catch(() => {});
    },
  };
}

async function acquire(rest: Rest, options: RunLeaseOptions): Promise<Lease> {
  let watched: {version: string | undefined; since: number} | undefined;
  for (;;) {
    const found = await read(rest);
    if (!found) {
      const made = await attempt(() => rest.send<Lease>('POST', place, leaseOf(options)));
      if (made) return made;
      continue;
    }
    const {now} = options;
    const first = holderOf(found);
    const runs = first?.host === options.holder.host ? options.runs(first) : undefined;
    const isDead = runs === false;
    const heard =
      Date.parse(found.spec.renewTime ?? '') + (found.spec.leaseDurationSeconds ?? duration) * 1000;
    if (runs || (!isDead && heard > now())) throw inUse(found, heard - now());
    // The clocks of two machines may differ: one that is renewed meanwhile lives, whatever its time says.
    if (!isDead && watched?.version !== found.metadata.resourceVersion) {
      if (watched) throw inUse(found, duration * 1000);
      watched = {version: found.metadata.resourceVersion, since: now()};
    }
    if (!isDead && watched && now() - watched.since < renewal * 1.5) {
      await options.pause(renewal / 5);
      continue;
    }
    const {uid, resourceVersion} = found.metadata;
    const fresh = leaseOf(options);
    const next = {
      ...fresh,
      metadata: {...fresh.metadata, ...(uid ? {uid} : {}), ...(resourceVersion ? {resourceVersion} : {})},
    };
    const taken = await attempt(() => rest.send<Lease>('PUT', `${place}/${leaseName}`, next));
    if (taken) return taken;
    watched = undefined;
  }
}

/** Undefined where somebody else was faster. */
async function attempt(write: () => Promise<Lease>): Promise<Lease | undefined> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof KubeError && (error.code === 409 || error.code === 404)) return undefined;
    throw error;
  }
}

async function read(rest: Rest): Promise<Lease | undefined> {
  try {
    return await rest.json<Lease>(`${place}/${leaseName}`);
  } catch (error) {
    if (error instanceof KubeError && error.code === 404) return undefined;
    throw error;
  }
}

function leaseOf({holder, now}: RunLeaseOptions): Lease & {apiVersion: string; kind: string} {
  const time = microTime(now());
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {
      name: leaseName,
      labels: {'app.kubernetes.io/managed-by': 'istio-workshop'},
      annotations: {[annotation]: JSON.stringify(holder)},
    },
    spec: {
      holderIdentity: `${holder.host}/${holder.pid}`,
      leaseDurationSeconds: duration,
      acquireTime: time,
      renewTime: time,
    },
  };
}

function renewed(lease: Lease, {now}: RunLeaseOptions): Lease {
  return {...lease, spec: {...lease.spec, renewTime: microTime(now())}};
}

/** As Kubernetes writes a MicroTime. */
function microTime(at: number): string {
  return new Date(at).toISOString().replace('Z', '000Z');
}

function holderOf({metadata}: Lease): RunHolder | undefined {
  try {
    const read = JSON.parse(metadata.annotations?.[annotation] ?? '');
    return typeof read?.name === 'string' && typeof read.host === 'string' && Number.isSafeInteger(read.pid)
      ? read
      : undefined;
  } catch {
    return undefined;
  }
}

function inUse(lease: Lease, remaining: number): WorkshopError {
  const first = holderOf(lease);
  const who = first ? `${first.name}, since ${first.since}` : (lease.spec.holderIdentity ?? 'somebody');
  return new WorkshopError({
    code: 'cluster-in-use',
    message: `Another run has this cluster: ${who}.`,
    remedies: [
      'Wait for its end, or choose another cluster',
      `If it was killed, the cluster is free again in ${secondsText(remaining)}`,
      {say: 'To look at what is there beside a run', command: 'probe --url URL --expect WHAT'},
    ],
    exitCode: exitCodes.environment,
  });
}

function secondsText(milliseconds: number): string {
  return `${Math.ceil(Math.min(Math.max(milliseconds, 1000), duration * 1000) / 1000)} s`;
}
