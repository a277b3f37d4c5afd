import {printJson} from '../../json-print.ts';
import {ToolError} from '../shared/io.ts';
import {printYaml} from '../shared/yaml-print.ts';
import type {Command} from './command.ts';

/** The kubectl whose behaviour the built-in one follows. */
export const serverVersion = 'v1.33.1';

const clientVersion = {
  major: '1',
  minor: '33',
  gitVersion: `${serverVersion}+istio-workshop`,
  gitCommit: '',
  gitTreeState: '',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: '',
  compiler: 'node',
  platform: 'node',
};

export const version: Command = {
  name: 'version',
  short: 'Print the client and server version information for the current context.',
  usage: 'kubectl version [flags] [options]',
  flags: [
    {name: 'client', type: 'bool', usage: 'If true, shows client version only (no server required).'},
    {name: 'output', short: 'o', type: 'string', usage: "One of 'yaml' or 'json'."},
  ],
  async run({io, session, flags}) {
    const output = flags.string('output');
    if (!['', 'yaml', 'json'].includes(output))
      throw new ToolError("error: --output must be 'yaml' or 'json'");
    let server: any;
    let problem: unknown;
    if (!flags.bool('client')) {
      try {
        server = await (await session.client()).json({path: '/version', query: {timeout: '32s'}});
      } catch (error) {
        problem = error;
      }
    }
    if (output !== '') {
      const all = {clientVersion, kustomizeVersion: 'none', ...(server ? {serverVersion: server} : {})};
      io.out(output === 'json' ? printJson(all, 2) : printYaml(all));
    } else {
      io.out(`Client Version: ${clientVersion.gitVersion}\nKustomize Version: none (not built in)\n`);
      if (server) io.out(`Server Version: ${server.gitVersion}\n`);
    }
    if (problem) throw problem;
  },
};
