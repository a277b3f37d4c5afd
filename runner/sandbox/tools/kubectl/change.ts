import {readFile} from 'node:fs/promises';
import {resolve} from 'node:path';
import {applyMergePatch} from '../../merge-patch.ts';
import {pathOf, qualified} from '../shared/discovery.ts';
import {ToolError} from '../shared/io.ts';
import {StatusError} from '../shared/rest.ts';
import {parseYaml} from '../shared/yaml.ts';
import {isCustom} from './apply.ts';
import type {Command} from './command.ts';
import {dryRunFlag, dryRunOf, dryRunSuffix, writeQuery} from './dry-run.ts';
import {throwAll} from './errors.ts';
import {outputFlag, printResult} from './output.ts';
import {fileFlags, findTargets, selectorFlag} from './selection.ts';

const patchTypes: Record<string, string> = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
};

export const patch: Command = {
  name: 'patch',
  short: 'Update fields of a resource using strategic merge patch, a JSON merge patch, or a JSON patch.',
  usage: 'kubectl patch (-f FILENAME | TYPE NAME) [-p PATCH|--patch-file FILE] [options]',
  flags: [
    ...fileFlags,
    outputFlag,
    dryRunFlag,
    {name: 'patch', short: 'p', type: 'string', usage: 'The patch to be applied to the resource JSON file.'},
    {name: 'patch-file', type: 'string', usage: 'A file containing a patch to be applied to the resource.'},
    {
      name: 'type',
      type: 'string',
      default: 'strategic',
      usage: 'The type of patch being provided; one of [json merge strategic]',
    },
    {
      name: 'subresource',
      type: 'string',
      usage: 'If specified, patch will operate on the subresource of the requested object.',
    },
    {
      name: 'field-manager',
      type: 'string',
      default: 'kubectl-patch',
      usage: 'Name of the manager used to track field ownership.',
    },
  ],
  async run(invocation) {
    const {io, session, flags, args} = invocation;
    const contentType = patchTypes[flags.string('type').toLowerCase()];
    if (!contentType)
      throw new ToolError(
        `error: --type must be one of [json merge strategic], not "${flags.string('type')}"`,
      );
    if (!flags.has('patch') && !flags.has('patch-file'))
      throw new ToolError('error: must specify --patch or --patch-file containing the contents of the patch');
    const text = flags.has('patch-file')
      ? await readFile(resolve(io.cwd, flags.string('patch-file')), 'utf8')
      : flags.string('patch');
    const body = await parseYaml(text).catch(error => {
      throw new ToolError(`error: unable to parse ${JSON.stringify(text)}: ${error.message}`);
    });
    const dryRun = dryRunOf(flags);
    const {targets, errors} = await findTargets(invocation, args);
    const client = await session.client();
    for (const target of targets) {
      const subresource = flags.optional('subresource');
      try {
        const after =
          dryRun === 'client'
            ? applyMergePatch(target.object, body)
            : await client.json({
                method: 'PATCH',
                path: pathOf(target.type, {
                  namespace: target.namespace,
                  name: target.name,
                  ...(subresource ? {subresource} : {}),
                }),
                query: writeQuery(dryRun, flags.string('field-manager')),
                contentType,
                body,
              });
        const same =
          dryRun !== 'client' && after.metadata?.resourceVersion === target.object.metadata?.resourceVersion;
        printResult({
          io,
          output: flags.string('output'),
          type: target.type,
          object: after,
          done: `patched${dryRunSuffix(dryRun)}${same ? ' (no change)' : ''}`,
        });
      } catch (error) {
        if (!(error instanceof StatusError)) throw error;
        const {group, version, kind} = target.type;
        errors.push(
          error.code === 415
            ? new ToolError(
                `error: ${contentType} is not supported by ${group}/${version}, Kind=${kind}: ${error.message}`,
              )
            : error,
        );
      }
    }
    throwAll(errors);
  },
};

export const scale: Command = {
  name: 'scale',
  short: 'Set a new size for a deployment, replica set, replication controller, or stateful set.',
  usage:
    'kubectl scale [--resource-version=version] [--current-replicas=count] --replicas=COUNT (-f FILENAME | TYPE NAME) [options]',
  flags: [
    ...fileFlags,
    selectorFlag,
    outputFlag,
    dryRunFlag,
    {name: 'replicas', type: 'int', default: '0', usage: 'The new desired number of replicas. Required.'},
    {name: 'current-replicas', type: 'int', default: '-1', usage: 'Precondition for current size.'},
    {
      name: 'all',
      type: 'bool',
      usage: 'Select all resources in the namespace of the specified resource types',
    },
    {name: 'timeout', type: 'duration', default: '0', usage: 'Accepted and ignored'},
  ],
  async run(invocation) {
    const {io, session, flags, args} = invocation;
    if (!flags.has('replicas')) throw new ToolError('error: required flag(s) "replicas" not set');
    const replicas = flags.int('replicas');
    if (replicas < 0)
      throw new ToolError(
        `error: The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0`,
      );
    const dryRun = dryRunOf(flags);
    const {targets, errors} = await findTargets(invocation, args);
    const client = await session.client();
    for (const target of targets) {
      const wanted = flags.int('current-replicas');
      const current = target.object.spec?.replicas;
      try {
        if (!target.type.subresources.includes('scale'))
          throw new ToolError(
            'Error from server (NotFound): the server could not find the requested resource',
          );
        if (wanted >= 0 && current !== wanted)
          throw new ToolError(`error: Expected replicas to be ${wanted}, was ${current}`);
        if (dryRun !== 'client') {
          await client.json({
            method: 'PATCH',
            path: pathOf(target.type, {namespace: target.namespace, name: target.name, subresource: 'scale'}),
            query: dryRun === 'server' ? {dryRun: 'All'} : {},
            contentType: 'application/merge-patch+json',
            body: {spec: {replicas}},
          });
        }
        printResult({
          io,
          output: flags.string('output'),
          type: target.type,
          object: target.object,
          done: `scaled${dryRunSuffix(dryRun)}`,
        });
      } catch (error) {
        if (!(error instanceof StatusError || error instanceof ToolError)) throw error;
        errors.push(error);
      }
    }
    if (targets.length === 0 && errors.length === 0) throw new ToolError('error: no objects passed to scale');
    throwAll(errors);
  },
};

const setImage: Command = {
  name: 'image',
  short: 'Update the image of a pod template',
  usage:
    'kubectl set image (-f FILENAME | TYPE NAME) CONTAINER_NAME_1=CONTAINER_IMAGE_1 ... CONTAINER_NAME_N=CONTAINER_IMAGE_N [options]',
  flags: [
    ...fileFlags,
    selectorFlag,
    outputFlag,
    dryRunFlag,
    {
      name: 'all',
      type: 'bool',
      usage: 'Select all resources, in the namespace of the specified resource types',
    },
  ],
  async run(invocation) {
    const {io, session, flags, args} = invocation;
    const pairs = args.filter(arg => /^[^/=]+=/.test(arg));
    const resources = args.filter(arg => !/^[^/=]+=/.test(arg));
    if (resources.length === 0)
      throw new ToolError(
        'error: one or more resources must be specified as <resource> <name> or <resource>/<name>',
      );
    if (pairs.length === 0) throw new ToolError('error: at least one image update is required');
    const dryRun = dryRunOf(flags);
    const {targets, errors} = await findTargets(invocation, resources);
    const client = await session.client();
    for (const target of targets) {
      const inPod = target.type.resource === 'pods';
      const spec = inPod ? target.object.spec : target.object.spec?.template?.spec;
      const known = {containers: spec?.containers ?? [], initContainers: spec?.initContainers ?? []};
      const change: Record<string, {name: string; image: string}[]> = {};
      for (const pair of pairs) {
        const cut = pair.indexOf('=');
        const [name, image] = [pair.slice(0, cut), pair.slice(cut + 1)];
        let found = false;
        for (const list of ['containers', 'initContainers'] as const) {
          for (const container of known[list]) {
            if (name !== '*' && container.name !== name) continue;
            found = true;
            change[list] = [...(change[list] ?? []), {name: container.name, image}];
          }
        }
        if (!found) errors.push(new ToolError(`error: unable to find container named "${name}"`));
      }
      if (Object.keys(change).length === 0) continue;
      const body = inPod ? {spec: change} : {spec: {template: {spec: change}}};
      const after =
        dryRun === 'client'
          ? target.object
          : await client.json({
              method: 'PATCH',
              path: pathOf(target.type, target),
              query: writeQuery(dryRun, 'kubectl-set'),
              contentType: patchTypes['strategic'] as string,
              body,
            });
      if (dryRun === 'client' || after.metadata.resourceVersion !== target.object.metadata.resourceVersion) {
        printResult({
          io,
          output: flags.string('output'),
          type: target.type,
          object: after,
          done: `image updated${dryRunSuffix(dryRun)}`,
        });
      }
    }
    throwAll(errors);
  },
};

const setEnv: Command = {
  name: 'env',
  short: 'Update environment variables on a pod template',
  usage: 'kubectl set env RESOURCE/NAME KEY_1=VAL_1 ... KEY_N=VAL_N [options]',
  flags: [
    ...fileFlags,
    selectorFlag,
    outputFlag,
    dryRunFlag,
    {
      name: 'containers',
      short: 'c',
      type: 'string',
      default: '*',
      usage: 'The names of containers in the selected pod templates to change',
    },
    {
      name: 'list',
      type: 'bool',
      usage: 'If true, display the environment and any changes in the standard format.',
    },
    {name: 'all', type: 'bool', usage: 'Select all resources in the namespace'},
  ],
  async run(invocation) {
    const {io, session, flags, args} = invocation;
    const isChange = (arg: string) => /^[A-Za-z_][\w.-]*=/.test(arg) || /^[A-Za-z_][\w.]*-$/.test(arg);
    const changes = args.filter(isChange);
    const {targets, errors} = await findTargets(
      invocation,
      args.filter(arg => !isChange(arg)),
    );
    const client = await session.client();
    for (const target of targets) {
      const inPod = target.type.resource === 'pods';
      const spec = inPod ? target.object.spec : target.object.spec?.template?.spec;
      const chosen = (spec?.containers ?? []).filter((container: any) =>
        ['*', container.name].includes(flags.string('containers')),
      );
      if (flags.bool('list') || changes.length === 0) {
        for (const container of chosen) {
          io.out(`# ${qualified(target.type)} ${target.name}, container ${container.name}\n`);
          for (const {name, value, valueFrom} of container.env ?? [])
            io.out(valueFrom ? `# ${name} from ${Object.keys(valueFrom)[0]}\n` : `${name}=${value ?? ''}\n`);
        }
        continue;
      }
      const env = changes.map(change => {
        const cut = change.indexOf('=');
        return cut < 0
          ? {name: change.slice(0, -1), $patch: 'delete'}
          : {name: change.slice(0, cut), value: change.slice(cut + 1)};
      });
      const containers = chosen.map(({name}: any) => ({name, env}));
      const body = inPod ? {spec: {containers}} : {spec: {template: {spec: {containers}}}};
      const dryRun = dryRunOf(flags);
      const after =
        dryRun === 'client'
          ? target.object
          : await client.json({
              method: 'PATCH',
              path: pathOf(target.type, target),
              query: writeQuery(dryRun, 'kubectl-set'),
              contentType: patchTypes['strategic'] as string,
              body,
            });
      printResult({
        io,
        output: flags.string('output'),
        type: target.type,
        object: after,
        done: `env updated${dryRunSuffix(dryRun)}`,
      });
    }
    throwAll(errors);
  },
};

export const set: Command = {
  name: 'set',
  short: 'Configure application resources.',
  usage: 'kubectl set SUBCOMMAND [options]',
  flags: [],
  subcommands: [setEnv, setImage],
};

/** The content type that changes an object of a kind by its merge rules. */
export function mergeTypeOf(group: string): string {
  return (isCustom(group) ? patchTypes['merge'] : patchTypes['strategic']) as string;
}
