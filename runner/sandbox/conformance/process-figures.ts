import {readdirSync, readFileSync, readlinkSync} from 'node:fs';
import path from 'node:path';
import type {RawClient} from './fuzz/raw-client.ts';

/** How a sandbox answered `/readyz`. */
export interface Readiness {
  status: number;
  /** How long it took. */
  milliseconds: number;
  /** For how much of that the process itself was at work, and not the machine with something else. */
  worked: number;
}

export async function readiness(client: RawClient, pid: number): Promise<Readiness> {
  const before = processorMilliseconds(pid);
  const own = performance.eventLoopUtilization();
  const {status, milliseconds} = await client.send('GET', '/readyz');
  // While we were at work ourselves, or got no processor, an answer may have waited for us.
  const waited = milliseconds - performance.eventLoopUtilization(own).active;
  return {status, milliseconds, worked: Math.max(0, Math.min(waited, processorMilliseconds(pid) - before))};
}

/** What a process has used of processors, in steps of 10 ms; not a number where nobody tells, as elsewhere than on Linux. */
function processorMilliseconds(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return 10 * (Number(fields[11]) + Number(fields[12]));
  } catch {
    return Number.NaN;
  }
}

/**
 * How long `/readyz` may keep the process at work, in milliseconds: 100, and two ticks of the processor's clock, which
 * counts in steps of 10. A machine that is busy with something else is not the sandbox's fault.
 */
export const readyWithin = 120;

/** What a process took while it was observed. */
export interface Observed {
  /** How often `/readyz` was asked. */
  samples: number;
  /** The longest that it took, and the longest that the process was at work for it; milliseconds. */
  slowest: number;
  longestWork: number;
  /** Answers that were none, or kept the process at work for longer than `readyWithin`. */
  late: string[];
  peakMegabytes: number;
}

/** What a process holds of memory (RSS); 0 where nobody tells, as elsewhere than on Linux. */
export function memoryMegabytes(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024) || 0;
  } catch {
    return 0;
  }
}

/** How many sockets a process holds; none where nobody tells. */
export function openSockets(pid: number): number {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).filter(fd => isSocket(path.join(folder, fd))).length;
  } catch {
    return 0;
  }
}

function isSocket(file: string): boolean {
  try {
    return readlinkSync(file).startsWith('socket:');
  } catch {
    return false;
  }
}
