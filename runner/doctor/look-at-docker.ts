import type {Finding} from './finding.ts';
import {hasDisk} from './look-at-machine.ts';
import {isWsl, type Machine} from './machine.ts';
import {anyProxy, withoutPassword} from './proxy.ts';

/** What `docker info` tells, as far as it is used here. */
interface DockerInfo {
  NCPU?: number;
  /** Bytes. */
  MemTotal?: number;
  /** RFC 3339. */
  SystemTime?: string;
  OperatingSystem?: string;
  DockerRootDir?: string;
  HttpProxy?: string;
  HttpsProxy?: string;
}

const gigabyte = 1024 ** 3;
const leastCpus = 2;
/** Docker Desktop set to 6 GB reports a little less. */
const leastMemory = 5.5 * gigabyte;
/** Gigabytes: the node image and what is pulled into the node take six. */
export const dockerDisk = 8;
const clockToleranceMilliseconds = 2 * 60_000;
const timeoutMilliseconds = 10_000;

/** What Docker itself is like: a daemon that does not answer has its own line. */
export async function lookAtDocker(machine: Machine, signal: AbortSignal): Promise<readonly Finding[]> {
  const info = await askDocker(machine, signal);
  if (!info) return [];
  const found = [
    sizeOf(info, machine),
    await diskOf(info, machine),
    proxyOf(info, machine),
    clockOf(info, machine),
  ];
  return found.filter(finding => finding !== undefined);
}

async function askDocker(machine: Machine, signal: AbortSignal): Promise<DockerInfo | undefined> {
  const result = await machine.processes.tool({
    command: 'docker',
    args: ['info', '--format', '{{json .}}'],
    env: machine.env,
    signal,
    timeout: timeoutMilliseconds,
  });
  if (result.exitCode !== 0) return undefined;
  try {
    const info: DockerInfo = JSON.parse(result.stdout);
    // The client answers for a daemon that is down, with nothing in it.
    return info.NCPU ? info : undefined;
  } catch {
    return undefined;
  }
}

/** Whether Docker runs in a machine of its own, whose size, disk and clock are others than ours. */
function isDesktop({OperatingSystem}: DockerInfo): boolean {
  return /Docker Desktop/.test(OperatingSystem ?? '');
}

function sizeOf(info: DockerInfo, machine: Machine): Finding {
  const {NCPU: cpus = 0, MemTotal: memory = 0} = info;
  const finding = {
    name: 'docker size',
    found: `${cpus} ${cpus === 1 ? 'CPU' : 'CPUs'}, ${(memory / gigabyte).toFixed(1)} GB of memory`,
    wanted: `${leastCpus} CPUs and 6 GB`,
  };
  if (cpus >= leastCpus && memory >= leastMemory) return {...finding, status: 'ok'};
  const fix = isWsl(machine)
    ? 'Give WSL more in %UserProfile%\\.wslconfig ([wsl2] memory=8GB processors=4), then wsl.exe --shutdown'
    : machine.platform === 'darwin' || isDesktop(info)
      ? 'Give Docker Desktop more: Settings, Resources'
      : 'Close what takes memory, or use the sandbox on this machine';
  return {...finding, status: 'warning', fix};
}

async function diskOf(info: DockerInfo, machine: Machine): Promise<Finding | undefined> {
  const host = machine.env['DOCKER_HOST'] ?? '';
  const elsewhere =
    isDesktop(info) || machine.platform !== 'linux' || (host !== '' && !host.startsWith('unix:'));
  if (elsewhere || !info.DockerRootDir) return undefined;
  return hasDisk(machine, {
    name: 'docker disk',
    folder: info.DockerRootDir,
    needed: dockerDisk,
    fix: 'Free what nobody uses: docker system prune',
  });
}

/** The daemon pulls, and knows nothing of the proxy in the shell's environment. */
function proxyOf({HttpProxy, HttpsProxy}: DockerInfo, machine: Machine): Finding | undefined {
  const ours = anyProxy(machine.env);
  const its = HttpsProxy || HttpProxy;
  if (!ours && !its) return undefined;
  if (its) return {name: 'docker proxy', status: 'ok', found: withoutPassword(its)};
  return {
    name: 'docker proxy',
    status: 'warning',
    found: 'none: Docker downloads images without the proxy of this shell',
    fix: 'Tell Docker of it: https://docs.docker.com/engine/daemon/proxy/',
  };
}

/** The clock of Docker's own machine may stand still while a laptop sleeps. */
function clockOf({SystemTime}: DockerInfo, machine: Machine): Finding | undefined {
  const difference = Date.parse(SystemTime ?? '') - machine.now();
  if (Number.isNaN(difference) || Math.abs(difference) <= clockToleranceMilliseconds) return undefined;
  const minutes = Math.round(Math.abs(difference) / 60_000);
  return {
    name: 'docker clock',
    status: 'warning',
    found: `${minutes} min ${difference < 0 ? 'behind' : 'ahead of'} this machine`,
    fix: isWsl(machine) ? 'Start WSL anew: wsl.exe --shutdown' : 'Start Docker anew',
  };
}
