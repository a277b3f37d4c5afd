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
