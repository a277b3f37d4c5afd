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
  const {status, milliseconds} = await client.send('GET', '/readyz');
  return {status, milliseconds, worked: Math.min(milliseconds, processorMilliseconds(pid) - before)};
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

/** Asks `/readyz` 20 ms after each answer, over a connection that stays open. @returns what ends it and tells. */
export function observe(client: RawClient, pid: number): () => Promise<Observed> {
  const observed: Observed = {samples: 0, slowest: 0, longestWork: 0, late: [], peakMegabytes: 0};
  let ended = false;

  async function sample(): Promise<void> {
    const {status, milliseconds, worked} = await readiness(client, pid);
    observed.samples += 1;
    observed.slowest = Math.max(observed.slowest, Math.round(milliseconds));
    observed.longestWork = Math.max(observed.longestWork, Math.round(worked) || 0);
    observed.peakMegabytes = Math.max(observed.peakMegabytes, memoryMegabytes(pid));
    if (status !== 200 || worked > readyWithin) {
      observed.late.push(`${status} after ${Math.round(milliseconds)} ms, ${Math.round(worked)} ms at work`);
    }
  }

  const sampling = (async () => {
    while (!ended) {
      await sample();
      await new Promise(resolve => setTimeout(resolve, 20));
    }
  })();
  return async () => {
    ended = true;
    await sampling;
    return observed;
  };
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
