import {readFileSync} from 'node:fs';
import {uptime} from 'node:os';

/** Tells one process from a later one that got the same id. */
export interface ProcessIdentity {
  pid: number;
  /** Linux: when the process started, in clock ticks since boot. */
  startTicks?: string;
  /** When the machine was booted, in milliseconds since the epoch: what a pid means ends there. */
  bootedAt?: number;
}

/** Boot times are computed from two clocks, so they differ a little from call to call. */
const bootTolerance = 60_000;

/** This process, or another one that runs now. */
export function identityOf(pid: number): ProcessIdentity & {bootedAt: number} {
  const startTicks = startTicksOf(pid);
  return {pid, ...(startTicks === undefined ? {} : {startTicks}), bootedAt: Date.now() - uptime() * 1000};
}

/** Whether that very process still runs. */
export function stillRuns(identity: ProcessIdentity): boolean {
  if (!isAlive(identity.pid)) return false;
  if (identity.startTicks !== undefined) {
    const now = startTicksOf(identity.pid);
    if (now !== undefined) return now === identity.startTicks;
  }
  if (identity.bootedAt === undefined) return true;
  const bootedAt = Date.now() - uptime() * 1000;
  return Math.abs(bootedAt - identity.bootedAt) < bootTolerance;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Field 22 of /proc/PID/stat; a zombie has ended, so it counts as none. */
function startTicksOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'ended' : fields[19];
  } catch {
    return undefined;
  }
}
