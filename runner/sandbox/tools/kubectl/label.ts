import {pathOf} from '../shared/discovery.ts';
import {ToolError} from '../shared/io.ts';
import {StatusError} from '../shared/rest.ts';
import type {Command, Invocation} from './command.ts';
import {dryRunFlag, dryRunOf, dryRunSuffix, writeQuery} from './dry-run.ts';
import {throwAll} from './errors.ts';
import {objectPrinter, outputFlag, presentable} from './output.ts';
import {fileFlags, findTargets, selectorFlag, shown, type Target} from './selection.ts';

type Field = 'labels' | 'annotations';

interface Changes {
  set: Record<string, string>;
  remove: string[];
}

function changesOf(args: readonly string[], what: string): {resources: string[]; changes: Changes} {
  const isChange = (arg: string) =>
    (/^[^=]+=/.test(arg) || /.-$/.test(arg)) && !/^[^=]*\/[^=]*$/.test(arg.replace(/-$/, ''))
      ? true
      : /^[\w./-]+\/[\w.-]+[=]/.test(arg) || /^[\w.-]+\.[\w.-]+\/[\w.-]+-$/.test(arg);
  const first = args.findIndex(isChange);
  const resources = first < 0 ? [...args] : args.slice(0, first);
  const pairs = first < 0 ? [] : args.slice(first);
  if (resources.length < 1 && pairs.length === 0)
    throw new ToolError(
      'error: one or more resources must be specified as <resource> <name> or <resource>/<name>',
    );
  if (pairs.length === 0) throw new ToolError(`error: at least one ${what} update is required`);
  const changes: Changes = {set: {}, remove: []};
  for (const pair of pairs) {
    const cut = pair.indexOf('=');
    if (cut > 0) changes.set[pair.slice(0, cut)] = pair.slice(cut + 1);
    else if (pair.endsWith('-')) changes.remove.push(pair.slice(0, -1));
    else throw new ToolError(`error: unknown ${what} spec: ${pair}`);
  }
  for (const key of changes.remove) {
    if (key in changes.set)
      throw new ToolError(`error: can not both modify and remove a ${what} in the same command`);
  }
  return {resources, changes};
}

function listOf(flag: string): {name: string; type: 'bool'; usage: string} {
  return {
    name: flag,
    type: 'bool',
    usage:
      flag === 'all'
        ? 'Select all resources, in the namespace of the specified resource types'
        : 'If true, display the labels or annotations for a given resource.',
  };
}

async function change(
  invocation: Invocation,
  target: Target,
  field: Field,
  changes: Changes,
): Promise<{object: any; done: string; notes: string[]}> {
  const {session, flags} = invocation;
  const what = field === 'labels' ? 'label' : 'annotation';
  const current: Record<string, string> = target.object.metadata?.[field] ?? {};
  const taken = Object.keys(changes.set).filter(key => key in current && current[key] !== changes.set[key]);
  if (taken.length > 0 && !flags.bool('overwrite')) {
    const each = taken.map(key =>
      field === 'labels'
        ? `'${key}' already has a value (${current[key]}), and --overwrite is false`
        : `--overwrite is false but found the following declared annotation(s): '${key}' already has a value (${current[key]})`,
    );
    throw new ToolError(`error: ${each.join('; ')}`);
  }
  const patch: Record<string, string | null> = {};
  for (const [key, value] of Object.entries(changes.set)) if (current[key] !== value) patch[key] = value;
  const notes = changes.remove.filter(key => !(key in current)).map(key => `${what} "${key}" not found.\n`);
  for (const key of changes.remove) if (key in current) patch[key] = null;
  const dryRun = dryRunOf(flags);
  const changed = Object.keys(patch).length > 0;
  let object = target.object;
  if (dryRun === 'client') {
    const next = {...current, ...patch};
    object = {
      ...object,
      metadata: {
        ...object.metadata,
        [field]: Object.fromEntries(Object.entries(next).filter(([, value]) => value !== null)),
      },
    };
  } else {
    object = await (await session.client()).json({
      method: 'PATCH',
      path: pathOf(target.type, target),
      query: writeQuery(dryRun, field === 'labels' ? 'kubectl-label' : 'kubectl-annotate'),
      contentType: 'application/merge-patch+json',
      body: changed ? {metadata: {[field]: patch}} : {},
    });
  }
  const removedOnly = changed && Object.values(patch).every(value => value === null);
  const done =
    field === 'annotations' ? 'annotated' : !changed ? 'not labeled' : removedOnly ? 'unlabeled' : 'labeled';
  return {object, done: `${done}${dryRunSuffix(dryRun)}`, notes};
}

function metadataCommand(name: string, field: Field): Command {
  const what = field === 'labels' ? 'label' : 'annotation';
  return {
    name,
    short: `Update the ${field} on a resource.`,
    usage: `kubectl ${name} [--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version] [options]`,
    flags: [
      ...fileFlags,
      selectorFlag,
      outputFlag,
      dryRunFlag,
      listOf('all'),
      listOf('list'),
      {
        name: 'all-namespaces',
        short: 'A',
        type: 'bool',
        usage: 'If true, check the specified action in all namespaces.',
      },
      {name: 'field-selector', type: 'string', usage: 'Selector (field query) to filter on'},
      {
        name: 'overwrite',
        type: 'bool',
        usage: `If true, allow ${field} to be overwritten, otherwise reject updates that overwrite existing ones.`,
      },
      {name: 'resource-version', type: 'string', usage: 'Not supported by the built-in kubectl.'},
    ],
    async run(invocation) {
      const {io, flags, args} = invocation;
      const {resources, changes} = flags.bool('list')
        ? {resources: [...args], changes: {set: {}, remove: []}}
        : changesOf(args, what);
      const output = flags.string('output');
      const {targets, errors} = await findTargets(invocation, resources);
      for (const target of targets) {
        if (flags.bool('list')) {
          for (const [key, value] of Object.entries(target.object.metadata?.[field] ?? {}).sort())
            io.out(`${key}=${value}\n`);
          continue;
        }
        try {
          const {object, done, notes} = await change(invocation, target, field, changes);
          for (const note of notes) io.out(note);
          const printer = objectPrinter(output, () => target.type);
          io.out(
            printer
              ? printer(presentable(object, target.type))
              : `${shown(target.type, target.name)} ${done}\n`,
          );
        } catch (error) {
          if (!(error instanceof StatusError || error instanceof ToolError)) throw error;
          errors.push(error);
        }
      }
      throwAll(errors);
    },
  };
}

export const label = metadataCommand('label', 'labels');
export const annotate = metadataCommand('annotate', 'annotations');
