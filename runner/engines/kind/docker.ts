import {WorkshopError} from '../../errors.ts';
import type {ProcessResult, ProcessRunner} from '../../processes.ts';
import {lastLine} from '../tools.ts';

/** A node of a kind cluster: a container with kind's label. */
export interface KindNode {
  id: string;
  name: string;
  running: boolean;
}

/** Docker and kind as this engine uses them; every call goes through the process runner. */
export interface KindTools {
  docker(args: readonly string[], options?: ToolCall): Promise<ProcessResult>;
  kind(args: readonly string[], options?: ToolCall): Promise<ProcessResult>;
  /** What takes minutes: it ends when this process does, also after kill -9. */
  guarded(
    command: 'docker' | 'kind',
    args: readonly string[],
    options: {directory: string; signal: AbortSignal; onOutput(text: string): void},
  ): Promise<ProcessResult>;
}

export interface ToolCall {
  signal?: AbortSignal;
  timeout?: number;
  stdin?: string;
  onOutput?(text: string): void;
}

export function kindTools(options: {
  processes: ProcessRunner;
  env: Readonly<Record<string, string>>;
}): KindTools {
  const {processes} = options;
  // It could lead kind to Podman or nerdctl; what we look at and remove is Docker's, which kind takes by itself.
  const {KIND_EXPERIMENTAL_PROVIDER: _, ...env} = options.env;
  const call =
    (command: string) =>
    (args: readonly string[], rest: ToolCall = {}): Promise<ProcessResult> =>
      processes.tool({command, args, env, ...rest});
  return {
    docker: call('docker'),
    kind: call('kind'),
    guarded: (command, args, rest) =>
      processes.shell({text: [command, ...args].map(quoted).join(' '), env, ...rest}),
  };
}

function quoted(word: string): string {
  return /^[\w./:@=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

const label = 'io.x-k8s.kind.cluster';
const separator = '\t';
const askTimeoutMilliseconds = 30_000;

/** The nodes of the clusters of that name, whoever made them. @throws WorkshopError when Docker does not say. */
export async function nodesOf(tools: KindTools, cluster: string): Promise<readonly KindNode[]> {
  const lines = await containers(tools, {
    filter: `label=${label}=${cluster}`,
    format: ['{{.ID}}', '{{.Names}}', '{{.State}}'].join(separator),
  });
  return lines.map(line => {
    const [id = '', name = '', state = ''] = line.split(separator);
    return {id, name, running: state === 'running'};
  });
}

/** The names that a new cluster can't have: those of all clusters, and of other containers named like a node. */
export async function takenNames(tools: KindTools): Promise<ReadonlySet<string>> {
  const lines = await containers(tools, {format: [`{{.Label "${label}"}}`, '{{.Names}}'].join(separator)});
  return new Set(
    lines.flatMap(line => {
      const [cluster = '', name = ''] = line.split(separator);
      return [cluster, name.replace(/-control-plane$/, '')];
    }),
  );
}

/** An answer that did not come must not look like "there is none": what is there would be forgotten. */
async function containers(
  tools: KindTools,
  {filter, format}: {filter?: string; format: string},
): Promise<readonly string[]> {
  const chosen = filter ? ['--filter', filter] : [];
  const result = await tools.docker(['ps', '--all', '--no-trunc', ...chosen, '--format', format], {
    timeout: askTimeoutMilliseconds,
  });
  if (result.exitCode === 0) return result.stdout.split('\n').filter(Boolean);
  throw new WorkshopError({
    code: 'docker-silent',
    message: 'Docker does not say which containers it has.',
    detail: result.timedOut
      ? `no answer within ${askTimeoutMilliseconds / 1000} s to docker ps`
      : lastLine(result.stderr),
    remedies: ['See whether it answers you: docker ps', 'Then try again'],
  });
}

/** Whether these are the very containers that were recorded, not others under the same name. */
export function sameNodes(nodes: readonly KindNode[], recorded: readonly string[]): boolean {
  return nodes.length > 0 && nodes.length === recorded.length && nodes.every(({id}) => recorded.includes(id));
}
