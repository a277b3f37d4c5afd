import type {ProcessRunner} from '../processes.ts';

/** A program of the learner's machine that an engine needs. */
export interface Tool {
  command: string;
  /** Prints its version and contacts nothing. */
  args: readonly string[];
  /** Finds the version in what it prints. */
  pattern: RegExp;
  /** The oldest version that the labs run with. */
  oldest: string;
}

export const tools = {
  docker: {
    command: 'docker',
    args: ['version', '--format', '{{.Server.Version}}'],
    pattern: /^v?(\d+\.\d+(?:\.\d+)?)/m,
    oldest: '20.10.0',
  },
  /** 0.27 is the first whose nodes read registry mirrors from /etc/containerd/certs.d. */
  kind: {
    command: 'kind',
    args: ['version'],
    pattern: /v(\d+\.\d+\.\d+)/,
    oldest: '0.27.0',
  },
  kubectl: {
    command: 'kubectl',
    args: ['version', '--client', '-o', 'json'],
    pattern: /"gitVersion":\s*"v(\d+\.\d+\.\d+)/,
    oldest: '1.29.0',
  },
  /** 3.13 is the first that knows `helm uninstall --ignore-not-found`. */
  helm: {
    command: 'helm',
    args: ['version', '--template', '{{.Version}}'],
    // One that was built from source may not know its patch release.
    pattern: /v(\d+\.\d+(?:\.\d+)?)/,
    oldest: '3.13.0',
  },
} as const satisfies Record<string, Tool>;

export type ToolName = keyof typeof tools;

export type FoundTool =
  | {state: 'found' | 'old'; version: string}
  | {state: 'missing'}
  /** It is there and does not work, such as a docker whose daemon does not run. */
  | {state: 'broken'; detail: string};

/** Asks a program for its version; one that is only built into this app is missing. */
export async function findTool(
  tool: Tool,
  options: {
    processes: ProcessRunner;
    env: Readonly<Record<string, string>>;
    signal?: AbortSignal;
  },
): Promise<FoundTool> {
  const {processes, ...rest} = options;
  const result = await processes.tool({
    command: tool.command,
    args: tool.args,
    timeout: versionTimeoutMilliseconds,
    ...rest,
  });
  // Our small stand-ins come last on PATH. Istio's own charts are more than the built-in helm can render.
  if (result.exitCode === 127 || builtIn.test(result.stdout)) return {state: 'missing'};
  const version = tool.pattern.exec(result.stdout)?.[1];
  if (result.exitCode !== 0 || !version) {
    return {state: 'broken', detail: lastLine(result.stderr) || lastLine(result.stdout) || 'no answer'};
  }
  return {state: isOlder(version, tool.oldest) ? 'old' : 'found', version};
}

const builtIn = /\+istio-workshop/;

const versionTimeoutMilliseconds = 10_000;

/** Compares `major.minor.patch` by number; a missing part counts as 0. */
export function isOlder(version: string, than: string): boolean {
  const [a, b] = [version, than].map(text => text.split('.').map(Number));
  for (let part = 0; part < 3; part += 1) {
    const difference = (a?.[part] ?? 0) - (b?.[part] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

export function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.trim() ?? '';
}
