import {findTool, type ToolName, tools} from '../engines/tools.ts';
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
      return {name, status, found: withoutRequest(found.detail), fix: repair(name, found.detail, machine)};
    case 'missing':
      return {name, status, found: standIn(name, needed), wanted, fix: installHint(name, machine)};
  }
}

/** Docker's client quotes the request that failed, which says nothing to a person. */
function withoutRequest(detail: string): string {
  return detail.replace(/: Get "[\s\S]*$/, '');
}

function standIn(name: ToolName, needed: boolean): string {
  const builtIn = !needed && (name === 'kubectl' || name === 'helm');
  return builtIn ? 'not installed; a small one is built in' : 'not installed';
}

function repair(name: ToolName, detail: string, machine: Machine): string {
  if (name !== 'docker') return `Install it anew: ${installHint(name, machine)}`;
  if (/permission denied/i.test(detail)) {
    return 'Become one who may use it: sudo usermod -aG docker $USER, then sign in anew';
  }
  const host = machine.env['DOCKER_HOST'];
  if (host) return `See whether a Docker answers at ${host}, or: unset DOCKER_HOST`;
  if (machine.platform === 'darwin') return 'Start Docker Desktop: open -a Docker';
  if (isWsl(machine)) return 'Start Docker Desktop in Windows, with its WSL integration on';
  return 'Start it: sudo systemctl start docker';
}
