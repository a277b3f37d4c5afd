import type {ExitCode} from '../../errors.ts';
import {makeFolder} from '../../make-folder.ts';
import {systemProcesses} from '../../processes.ts';
import {openApp} from '../app.ts';
import type {Io} from '../io.ts';
import type {GlobalOptions} from '../options.ts';
import {say} from '../say.ts';

/** `shell`: the learner's own shell with the workshop's PATH and KUBECONFIG; the prompt says so. */
export async function shell(io: Io, options: GlobalOptions): Promise<ExitCode> {
  const app = await openApp(io, options);
  await app.engine.verify?.();
  await makeFolder(app.workFolder);
  const env = await app.environment();
  const program = io.env['SHELL'] ?? '/bin/sh';
  say(
    io.stderr,
    `A shell for the workshop "${app.store.name}" on the ${app.engine.title}; leave it with exit.`,
  );
  const {args, prompt} = promptFor(program, app.store.name);
  // The status is the shell's own, whatever it is.
  return (await systemProcesses.interactive({
    command: program,
    args,
    directory: app.workFolder,
    env: {...env, ...prompt},
  })) as ExitCode;
}

/** Shells read their prompt from different places; bash and zsh would overwrite it from their start files. */
function promptFor(
  program: string,
  workshop: string,
): {args: readonly string[]; prompt: Record<string, string>} {
  const mark = `(workshop ${workshop}) `;
  if (program.endsWith('bash')) {
    return {args: ['--norc', '-i'], prompt: {PS1: `${mark}\\w $ `}};
  }
  if (program.endsWith('zsh')) return {args: ['-f', '-i'], prompt: {PS1: `${mark}%~ %% `}};
  return {args: ['-i'], prompt: {PS1: `${mark}$ `}};
}
