import {findTool, lastLine, type ToolName, tools} from '../clusters/tools.ts';
import type {Finding} from './finding.ts';
import {installHint} from './install.ts';
import {isWsl, type Machine} from './machine.ts';

/** One tool: there, new enough and working. @param needed whether the engine can't do without it. */
export async function lookAtTool(
  name: ToolName,
  options: {machine: Machine; needed: boolean; signal: AbortSignal},
): Promise<Finding> {
  const {machine, needed, signal} = options;
  const {processes, env} = machine;
  const found = await findTool(tools[name], {processes, env, signal});
  const wanted = `${tools[name].oldest} or later`;
  const status = needed ? 'missing' : 'absent';
  switch (found.state) {
    case 'found':
      return {name, status: 'ok', found: `v${found.version}`, wanted};
    case 'old':
      return {
        name,
        status,
        found: `v${found.version}`,
        wanted,
        fix: `Update it: ${installHint(name, machine)}`,
      };
    case 'broken':
      return {name, status, found: found.detail, wanted, fix: repair(name, machine)};
    case 'missing':
      return {name, status, found: standIn(name, needed), wanted, fix: installHint(name, machine)};
  }
}

function standIn(name: ToolName, needed: boolean): string {
  const builtIn = !needed && (name === 'kubectl' || name === 'helm');
  return builtIn ? 'not installed; a small one is built in' : 'not installed';
}

function repair(name: ToolName, machine: Machine): string {
  if (name !== 'docker') return `Install it anew: ${installHint(name, machine)}`;
  if (machine.platform === 'darwin') return 'Start Docker Desktop: open -a Docker';
  if (isWsl(machine)) return 'Start Docker Desktop in Windows, with its WSL integration on';
  return 'Start it: sudo systemctl start docker (or as another user: sudo usermod -aG docker $USER)';
}

const gigabyte = 1024 ** 3;
const leastCpus = 2;
/** Docker Desktop set to 6 GB reports a little less. */
const leastMemory = 5.5 * gigabyte;

/** What Docker may use: istiod, Bookinfo and its proxies fit into 2 CPUs and 6 GB. */
export async function lookAtDockerSize(machine: Machine, signal: AbortSignal): Promise<Finding | undefined> {
  const result = await machine.processes.tool({
    command: 'docker',
    args: ['info', '--format', '{{.NCPU}} {{.MemTotal}}'],
    env: machine.env,
    signal,
    timeout: 10_000,
  });
  const [cpus = Number.NaN, memory = Number.NaN] = lastLine(result.stdout).split(' ').map(Number);
  // A daemon that does not answer has its own line.
  if (result.exitCode !== 0 || !cpus || !memory) return undefined;
  const finding = {
    name: 'docker size',
    found: `${cpus} CPUs, ${(memory / gigabyte).toFixed(1)} GB of memory`,
    wanted: '2 CPUs and 6 GB',
  };
  if (cpus >= leastCpus && memory >= leastMemory) return {...finding, status: 'ok'};
  const desktop = machine.platform === 'darwin' || isWsl(machine);
  const fix = isWsl(machine)
    ? 'Give WSL more in %UserProfile%\\.wslconfig ([wsl2] memory=8GB processors=4), then wsl.exe --shutdown'
    : desktop
      ? 'Give Docker Desktop more: Settings, Resources'
      : 'Close what takes memory, or use the sandbox on this machine';
  return {...finding, status: 'warning', fix};
}
