import path from 'node:path';
import type {SandboxHandshake} from '../lifecycle/control.ts';
import type {Ran, RunOptions, Workbench} from './sandbox-process.ts';

/** One real kubectl against one sandbox. */
export interface KubectlSession {
  /** Runs it, whatever comes of it. The words are split as a shell splits them; `'...'` keeps a word together. */
  run(command: string, options?: RunOptions): Promise<Ran>;
  /** What it printed. @throws when it fails or warns. */
  ok(command: string, options?: RunOptions): Promise<string>;
  /** What it complained of. @throws when it succeeds. */
  fails(command: string, options?: RunOptions): Promise<string>;
  /** Goes on until the output satisfies, then ends it. @returns all it printed. */
  until(command: string, satisfied: (output: string) => boolean, meanwhile?: () => unknown): Promise<string>;
}

export function kubectlSession(bench: Workbench, file: string, sandbox: SandboxHandshake): KubectlSession {
  const session: KubectlSession = {
    run: (command, options = {}) =>
      bench.run(file, words(command), {
        ...options,
        env: {
          KUBECONFIG: sandbox.kubeconfigPath,
          KUBECACHEDIR: path.join(bench.folder, `cache-${path.basename(file)}`),
          ...options.env,
        },
      }),
    async ok(command, options) {
      const {code, stdout, stderr} = await session.run(command, options);
      if (code !== 0 || stderr !== '') throw new Error(`kubectl ${command}: ${code}\n${stdout}${stderr}`);
      return stdout;
    },
    async fails(command, options) {
      const {code, stdout, stderr} = await session.run(command, options);
      if (code === 0) throw new Error(`kubectl ${command} should fail: ${stdout}${stderr}`);
      return stderr;
    },
    async until(command, satisfied, meanwhile) {
      const abort = new AbortController();
      let output = '';
      let begun = false;
      await session.run(command, {
        signal: abort.signal,
        onOutput(text) {
          output += text;
          if (!begun) void meanwhile?.();
          begun = true;
          if (satisfied(output)) abort.abort();
        },
      });
      if (!satisfied(output)) throw new Error(`kubectl ${command} ended early: ${output}`);
      return output;
    },
  };
  return session;
}

function words(command: string): string[] {
  return [...command.matchAll(/(?:'[^']*'|[^\s'])+/g)].map(([word]) => word.replaceAll("'", ''));
}
