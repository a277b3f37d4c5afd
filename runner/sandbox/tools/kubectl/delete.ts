import {type ApiResource, pathOf, qualified} from '../shared/discovery.ts';
import {ToolError} from '../shared/io.ts';
import {type RestClient, StatusError} from '../shared/rest.ts';
import type {Command, Invocation} from './command.ts';
import {dryRunFlag, dryRunOf, dryRunSuffix} from './dry-run.ts';
import {SourcedError, throwAll} from './errors.ts';
import {outputFlag} from './output.ts';
import {fileFlags, findTargets, selectorFlag, shown, type Target} from './selection.ts';

function deleteOptions(invocation: Invocation): Record<string, unknown> {
  const {flags} = invocation;
  const policies: Record<string, string> = {
    background: 'Background',
    foreground: 'Foreground',
    orphan: 'Orphan',
    true: 'Background',
    false: 'Orphan',
  };
  const cascade = flags.string('cascade');
  const propagationPolicy = policies[cascade];
  if (!propagationPolicy)
    throw new ToolError(
      `error: invalid cascade value (${cascade}). Must be "background", "foreground", or "orphan"`,
    );
  const grace = flags.bool('now') ? 1 : flags.int('grace-period');
  if (grace === 0 && !flags.bool('force'))
    throw new ToolError('error: --grace-period=0 must be used with --force');
  const seconds = flags.bool('force') && grace < 0 ? 0 : grace;
  return {
    propagationPolicy,
    ...(seconds >= 0 ? {gracePeriodSeconds: seconds} : {}),
    ...(dryRunOf(flags) === 'server' ? {dryRun: ['All']} : {}),
  };
}

/** Waits until an object is gone or another one by the same name. */
export async function waitUntilGone(
  client: RestClient,
  target: {type: ApiResource; namespace: string | undefined; name: string; uid: string | undefined},
  signal: AbortSignal,
): Promise<void> {
  const {type, namespace, name, uid} = target;
  const list = await client.json({
    path: pathOf(type, {namespace}),
    query: {fieldSelector: `metadata.name=${name}`},
  });
  const item = list.items[0];
  if (!item || (uid && item.metadata.uid !== uid)) return;
  const query = {
    fieldSelector: `metadata.name=${name}`,
    resourceVersion: list.metadata.resourceVersion,
    watch: true,
  };
  for await (const event of client.watch({path: pathOf(type, {namespace}), query, signal})) {
    if (event.type === 'DELETED' || (uid && event.object.metadata?.uid !== uid)) return;
    if (event.type === 'ERROR') return waitUntilGone(client, target, signal);
  }
  if (!signal.aborted) await waitUntilGone(client, target, signal);
}

async function deleteOne(
  invocation: Invocation,
  client: RestClient,
  target: Target,
  body: unknown,
): Promise<{target: Target; uid: string | undefined} | undefined> {
  const {io, flags} = invocation;
  const dryRun = dryRunOf(flags);
  let uid = target.object?.metadata?.uid;
  if (dryRun !== 'client') {
    try {
      const answer = await client.json({method: 'DELETE', path: pathOf(target.type, target), body});
      uid = answer.kind === 'Status' ? (answer.details?.uid ?? uid) : answer.metadata?.uid;
    } catch (error) {
      if (error instanceof StatusError && error.code === 404 && flags.bool('ignore-not-found'))
        return undefined;
      throw target.file && error instanceof StatusError
        ? new SourcedError(`error when deleting "${target.file}"`, error)
        : error;
    }
  }
  const forced = flags.bool('force') && flags.int('grace-period') <= 0;
  const singular =
    target.type.group === '' ? target.type.singular : `${target.type.singular}.${target.type.group}`;
  if (flags.string('output') === 'name') io.out(`${shown(target.type, target.name)}\n`);
  else
    io.out(`${singular} "${target.name}" ${forced ? 'force deleted' : 'deleted'}${dryRunSuffix(dryRun)}\n`);
  return {target, uid};
}

async function waitForAll(
  invocation: Invocation,
  client: RestClient,
  gone: readonly {target: Target; uid: string | undefined}[],
): Promise<void> {
  const {io, flags} = invocation;
  const limit = flags.duration('timeout');
  const stop = new AbortController();
  let late = false;
  const timer =
    limit > 0
      ? setTimeout(() => {
          late = true;
          stop.abort();
        }, limit)
      : undefined;
  const signal = AbortSignal.any([io.signal, stop.signal]);
  const errors: unknown[] = [];
  for (const {target, uid} of gone) {
    await waitUntilGone(client, {...target, uid}, signal);
    if (late)
      errors.push(
        new ToolError(
          `error: timed out waiting for the condition on ${qualified(target.type)}/${target.name}`,
        ),
      );
  }
  clearTimeout(timer);
  throwAll(errors);
}

export const deleteCommand: Command = {
  name: 'delete',
  short: 'Delete resources by file names, stdin, resources and names, or by resources and label selector.',
  usage: 'kubectl delete ([-f FILENAME] | [-k DIRECTORY] | TYPE [(NAME | -l label | --all)]) [options]',
  examples:
    '  # Delete a pod using the type and name specified in pod.json\n  kubectl delete -f ./pod.json\n\n  # Delete pods and services with label name=myLabel\n  kubectl delete pods,services -l name=myLabel',
  flags: [
    ...fileFlags,
    selectorFlag,
    outputFlag,
    dryRunFlag,
    {
      name: 'all',
      type: 'bool',
      usage: 'Delete all resources, in the namespace of the specified resource types.',
    },
    {
      name: 'all-namespaces',
      short: 'A',
      type: 'bool',
      usage: 'If present, list the requested object(s) across all namespaces.',
    },
    {
      name: 'cascade',
      type: 'string',
      bare: 'background',
      default: 'background',
      usage: 'Must be "background", "orphan", or "foreground".',
    },
    {name: 'field-selector', type: 'string', usage: 'Selector (field query) to filter on'},
    {
      name: 'force',
      type: 'bool',
      usage: 'If true, immediately remove resources from API and bypass graceful deletion.',
    },
    {
      name: 'grace-period',
      type: 'int',
      default: '-1',
      usage: 'Period of time in seconds given to the resource to terminate gracefully.',
    },
    {name: 'ignore-not-found', type: 'bool', usage: 'Treat "resource not found" as a successful delete.'},
    {
      name: 'now',
      type: 'bool',
      usage: 'If true, resources are signaled for immediate shutdown (same as --grace-period=1).',
    },
    {
      name: 'timeout',
      type: 'duration',
      default: '0',
      usage:
        'The length of time to wait before giving up on a delete, zero means determine a timeout from the size of the object',
    },
    {
      name: 'wait',
      type: 'bool',
      default: 'true',
      usage: 'If true, wait for resources to be gone before returning.',
    },
  ],
  async run(invocation) {
    const {io, session, flags, args} = invocation;
    if (args.length === 0 && !flags.has('filename') && !flags.has('kustomize')) {
      throw new ToolError(
        "error: You must provide one or more resources by argument or filename.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'",
      );
    }
    const body = deleteOptions(invocation);
    const named = args.length > 1 || args.some(arg => arg.includes('/')) || flags.has('filename');
    if (flags.bool('force')) {
      io.err(
        'Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.\n',
      );
    }
    const {targets, errors} = await findTargets(invocation, args, {
      namesOnly: named,
      ignoreMissing: flags.bool('ignore-not-found'),
    });
    const client = await session.client();
    const gone: {target: Target; uid: string | undefined}[] = [];
    for (const target of targets) {
      try {
        const done = await deleteOne(invocation, client, target, body);
        if (done) gone.push(done);
      } catch (error) {
        if (!(error instanceof StatusError || error instanceof SourcedError)) throw error;
        errors.push(error);
      }
    }
    if (targets.length === 0 && errors.length === 0 && !flags.bool('ignore-not-found'))
      io.out('No resources found\n');
    if (flags.bool('wait') && dryRunOf(flags) === 'none') await waitForAll(invocation, client, gone);
    throwAll(errors);
  },
};
