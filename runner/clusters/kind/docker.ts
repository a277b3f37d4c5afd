import type {ProcessResult, ProcessRunner} from '../../processes.ts';

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
  /** `kind` for what takes minutes: it ends when this process does, also after kill -9. */
  guardedKind(
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
  const {processes, env} = options;
  const call =
    (command: string) =>
    (args: readonly string[], rest: ToolCall = {}): Promise<ProcessResult> =>
      processes.tool({command, args, env, ...rest});
  return {
    docker: call('docker'),
    kind: call('kind'),
    guardedKind: (args, rest) =>
      processes.shell({text: ['kind', ...args].map(quoted).join(' '), env, ...rest}),
  };
}

function quoted(word: string): string {
  return /^[\w./:@=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

const separator = '\t';

/** The nodes of the clusters of that name, whoever made them. */
export async function nodesOf(tools: KindTools, cluster: string): Promise<readonly KindNode[]> {
  const result = await tools.docker([
    'ps',
    '--all',
    '--no-trunc',
    '--filter',
    `label=io.x-k8s.kind.cluster=${cluster}`,
    '--format',
    ['{{.ID}}', '{{.Names}}', '{{.State}}'].join(separator),
  ]);
  if (result.exitCode !== 0) return [];
  return result.stdout
    .split('\n')
    .filter(Boolean)
    .map(line => {
      const [id = '', name = '', state = ''] = line.split(separator);
      return {id, name, running: state === 'running'};
    });
}

/** Whether these are the very containers that were recorded, not others under the same name. */
export function sameNodes(nodes: readonly KindNode[], recorded: readonly string[]): boolean {
  return nodes.length > 0 && nodes.length === recorded.length && nodes.every(({id}) => recorded.includes(id));
}
