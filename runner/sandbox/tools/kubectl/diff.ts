import {mergePatchBetween} from '../../merge-patch.ts';
import {pathOf} from '../shared/discovery.ts';
import {StatusError} from '../shared/rest.ts';
import {printYaml} from '../shared/yaml-print.ts';
import {annotated, applied, lastApplied} from './apply.ts';
import type {Command} from './command.ts';
import {presentable} from './output.ts';
import {fileFlags, readManifests, selectorFlag, targetOf} from './selection.ts';

function shownText(object: any): string {
  if (!object) return '';
  const {[lastApplied]: _, ...annotations} = object.metadata.annotations ?? {};
  const {annotations: __, ...metadata} = presentable(object, undefined).metadata;
  return printYaml({
    ...object,
    metadata: {...metadata, ...(Object.keys(annotations).length > 0 ? {annotations} : {})},
  });
}

export const diff: Command = {
  name: 'diff',
  short:
    'Diff configurations specified by file name or stdin between the current online configuration, and the configuration as it would be if applied.',
  usage: 'kubectl diff -f FILENAME [options]',
  flags: [
    ...fileFlags,
    selectorFlag,
    {name: 'server-side', type: 'bool', usage: 'If true, apply runs in the server instead of the client.'},
    {
      name: 'force-conflicts',
      type: 'bool',
      usage: 'If true, server-side apply will force the changes against conflicts.',
    },
  ],
  async run(invocation) {
    const {io, session, flags} = invocation;
    const client = await session.client();
    const {createTwoFilesPatch} = await import('diff');
    let different = false;
    for (const manifest of await readManifests(invocation)) {
      const target = await targetOf(invocation, manifest);
      const live = await client.json({path: pathOf(target.type, target)}).catch(error => {
        if (error instanceof StatusError && error.code === 404) return undefined;
        throw error;
      });
      let merged = live;
      if (flags.bool('server-side')) {
        merged = await client.json({
          method: 'PATCH',
          path: pathOf(target.type, target),
          query: {
            dryRun: 'All',
            fieldManager: 'kubectl',
            force: flags.bool('force-conflicts'),
            fieldValidation: 'Strict',
          },
          contentType: 'application/apply-patch+yaml',
          body: target.object,
        });
      } else {
        const modified = annotated(target.object, target.namespace);
        const query = {dryRun: 'All', fieldManager: 'kubectl-client-side-apply', fieldValidation: 'Strict'};
        if (!live)
          merged = await client.json({
            method: 'POST',
            path: pathOf(target.type, {namespace: target.namespace}),
            query,
            body: modified,
          });
        else {
          const patch = mergePatchBetween(live, applied(target, modified, live));
          if (patch)
            merged = await client.json({
              method: 'PATCH',
              path: pathOf(target.type, target),
              query,
              contentType: 'application/merge-patch+json',
              body: patch,
            });
        }
      }
      const [before, after] = [shownText(live), shownText(merged)];
      if (before === after) continue;
      different = true;
      const {type} = target;
      const file = [type.group, type.version, type.kind, target.namespace ?? '', target.name]
        .filter((part, index) => index !== 0 || part !== '')
        .join('.');
      io.out(`diff -u -N LIVE/${file} MERGED/${file}\n`);
      io.out(
        createTwoFilesPatch(`LIVE/${file}`, `MERGED/${file}`, before, after, '', '', {context: 3}).replace(
          /^=+\n/,
          '',
        ),
      );
    }
    return different ? 1 : 0;
  },
};
