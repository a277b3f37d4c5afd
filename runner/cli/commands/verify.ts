import {runVerify} from '../../../verify/command.ts';
import type {ExitCode} from '../../errors.ts';
import {asArguments, verifyFlags} from '../flags.ts';
import {programOf} from '../invocation.ts';
import type {Io} from '../io.ts';
import type {GlobalOptions} from '../options.ts';

/** `verify`: the browser's verdict alone, on any cluster. */
export async function verify(io: Io, options: GlobalOptions): Promise<ExitCode> {
  const args = asArguments([...verifyFlags, {flags: '--json', help: ''}], options);
  return (await runVerify(args, {
    env: io.env,
    home: io.homeFolder,
    platform: io.platform,
    stdout: io.stdout,
    stderr: io.stderr,
    program: `${programOf(io.env)} verify`,
    onSignal: io.onSignal,
  })) as ExitCode;
}
