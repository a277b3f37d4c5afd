import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {mergePatchBetween} from '../../merge-patch.ts';
import {pathOf} from '../shared/discovery.ts';
import {ToolError} from '../shared/io.ts';
import {StatusError} from '../shared/rest.ts';
import {parseYaml} from '../shared/yaml.ts';
import {printYaml} from '../shared/yaml-print.ts';
import type {Command} from './command.ts';
import {throwAll} from './errors.ts';
import {presentable} from './output.ts';
import {fileFlags, findTargets, shown} from './selection.ts';

const heading = `# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
`;

export const edit: Command = {
  name: 'edit',
  short: 'Edit a resource from the default editor.',
  usage: 'kubectl edit (RESOURCE/NAME | -f FILENAME) [options]',
  flags: fileFlags,
  async run(invocation) {
    const {io, session, args} = invocation;
    const {targets, errors} = await findTargets(invocation, args);
    throwAll(errors);
    const client = await session.client();
    const folder = await mkdtemp(join(tmpdir(), 'kubectl-edit-'));
    try {
      for (const target of targets) {
        const before = presentable(target.object, target.type);
        const file = join(folder, `${target.name}.yaml`);
        let text = heading + printYaml(before);
        for (;;) {
          await writeFile(file, text);
          const code = await io.edit(file);
          if (code !== 0)
            throw new ToolError(`error: there was a problem with the editor (exit code ${code})`);
          const edited = await readFile(file, 'utf8');
          const content = edited.replace(/^#.*\n?/gm, '');
          if (content.trim() === '' || edited === text) {
            io.err('Edit cancelled, no changes made.\n');
            break;
          }
          try {
            const after = await parseYaml(content);
            const patch = mergePatchBetween(before, after);
            if (!patch) {
              io.err('Edit cancelled, no changes made.\n');
              break;
            }
            await client.json({
              method: 'PATCH',
              path: pathOf(target.type, target),
              query: {fieldManager: 'kubectl-edit', fieldValidation: 'Strict'},
              contentType: 'application/merge-patch+json',
              body: patch,
            });
            io.out(`${shown(target.type, target.name)} edited\n`);
            break;
          } catch (error) {
            if (!(error instanceof StatusError) && (error as Error).name !== 'Error') throw error;
            const why = (error as Error).message
              .split('\n')
              .map(line => `# ${line}\n`)
              .join('');
            text = `${heading}# ${target.type.resource} "${target.name}" was not valid:\n${why}#\n${content}`;
          }
        }
      }
    } finally {
      await rm(folder, {recursive: true, force: true});
    }
  },
};
