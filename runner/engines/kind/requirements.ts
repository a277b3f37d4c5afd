import {type Remedy, WorkshopError} from '../../errors.ts';
import type {ProcessRunner} from '../../processes.ts';
import type {Detection, Requirement} from '../port.ts';
import {type FoundTool, findTool, tools as known, type ToolName} from '../tools.ts';

interface Machine {
  processes: ProcessRunner;
  env: Readonly<Record<string, string>>;
  signal?: AbortSignal;
}

const needed: readonly ToolName[] = ['docker', 'kind', 'kubectl', 'helm'];

/** Looks for what the engine kind needs. */
export async function detectKind(machine: Machine): Promise<Detection> {
  const requirements = await Promise.all(
    needed.map(async name => requirementOf(name, await findTool(known[name], machine))),
  );
  return {
    usable: requirements.every(({found}) => found),
    needs: 'Docker, kind, kubectl and helm; takes some minutes',
    requirements,
  };
}

function requirementOf(name: ToolName, tool: FoundTool): Requirement {
  if (tool.state === 'found') return {name, found: true, detail: `v${tool.version}`};
  return {name, found: false, ...troubleOf(name, tool)};
}

function troubleOf(name: ToolName, tool: FoundTool): {detail: string; remedy: Remedy} {
  if (tool.state === 'broken') {
    const remedy = name === 'docker' ? 'Start Docker' : `See what is wrong with it: ${name} version`;
    return {detail: tool.detail, remedy};
  }
  if (tool.state === 'old')
    return {detail: `v${tool.version} is too old`, remedy: `Update it to ${known[name].oldest} or later`};
  return {detail: 'not found', remedy: {say: 'How to install it', command: 'doctor --engine kind'}};
}

/** What a cluster that is there already is started or removed with. */
const toHandle: readonly ToolName[] = ['docker', 'kind'];

/**
 * @param purpose a new cluster is of no use without what the labs need after it.
 * @throws WorkshopError when a tool can't be used.
 */
export async function requireKind(machine: Machine, purpose: 'handle' | 'create' = 'handle'): Promise<void> {
  for (const name of purpose === 'create' ? needed : toHandle) {
    const tool = await findTool(known[name], machine);
    if (tool.state === 'found') continue;
    const {detail, remedy} = troubleOf(name, tool);
    throw new WorkshopError({
      code: `no-${name}`,
      message:
        tool.state === 'broken' && name === 'docker'
          ? 'Docker is installed, but its daemon does not answer.'
          : `The engine kind needs ${name}, which ${tool.state === 'missing' ? 'is not installed' : 'can not be used as it is'}.`,
      ...(tool.state === 'missing' ? {} : {detail}),
      remedies: [
        remedy,
        ...(tool.state === 'missing'
          ? []
          : [{say: 'See all that is needed', command: 'doctor --engine kind'}]),
        'Or learn on the built-in sandbox: --workshop sandbox --engine sandbox',
      ],
    });
  }
}

/** Whether Docker is installed and its daemon does not run; one that refuses whoever asks will not change its mind. */
export function isDockerDown(error: unknown): boolean {
  if (!(error instanceof WorkshopError) || error.code !== 'no-docker') return false;
  const {detail = ''} = error;
  return /daemon|docker api|no answer/i.test(detail) && !/permission denied/i.test(detail);
}
