import {compactJson} from '../../json-print.ts';
import {mergePatchBetween} from '../../merge-patch.ts';
import {groupVersionOf, pathOf} from '../shared/discovery.ts';
import {ToolError} from '../shared/io.ts';
import {type RestClient, StatusError} from '../shared/rest.ts';
import {threeWayMerge} from '../shared/three-way.ts';
import type {Command, Invocation} from './command.ts';
import {type DryRun, dryRunFlag, dryRunOf, dryRunSuffix, validateFlag, writeQuery} from './dry-run.ts';
import {asOne, SourcedError, throwAll, UnreadError} from './errors.ts';
import {objectPrinter, outputFlag, presentable, printResult} from './output.ts';
import {fileFlags, type Manifest, readManifests, selectorFlag, type Target, targetOf} from './selection.ts';

export const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** Groups whose kinds are built in and merge by key; everything else came by a CRD. */
export function isCustom(group: string): boolean {
  return group.includes('.') && !/(?:^|\.)k8s\.io$/.test(group);
}

/** The manifest with the annotation that remembers it. */
export function annotated(object: any, namespace: string | undefined): any {
  const {[lastApplied]: _, ...annotations} = object.metadata?.annotations ?? {};
  const metadata = {...object.metadata, annotations, ...(namespace ? {namespace} : {})};
  const remembered = compactJson({...object, metadata});
  return {
    ...object,
    metadata: {...metadata, annotations: {...annotations, [lastApplied]: `${remembered}\n`}},
  };
}

/** What client-side apply would make of a live object. */
export function applied(target: Target, modified: any, live: any): any {
  const text = live.metadata?.annotations?.[lastApplied];
  const original = text ? JSON.parse(text) : undefined;
  const {resourceVersion: _, ...metadata} = modified.metadata;
  return threeWayMerge({
    original,
    modified: {...modified, metadata},
    live,
    custom: isCustom(target.type.group),
  });
}

interface Applied {
  object: any;
  done: string;
}

async function clientSide(
  invocation: Invocation,
  client: RestClient,
  target: Target,
  dryRun: DryRun,
): Promise<Applied> {
  const {io, flags} = invocation;
  const manager = flags.has('field-manager') ? flags.string('field-manager') : 'kubectl-client-side-apply';
  const query = writeQuery(dryRun, manager, flags.string('validate'));
  const modified = annotated(target.object, target.namespace);
  const live = await client.json({path: pathOf(target.type, target)}).catch(error => {
    if (!(error instanceof StatusError)) throw error;
    if (error.code === 404) return undefined;
    throw retrieving(target, error);
  });
  if (!live) {
    const object =
      dryRun === 'client'
        ? modified
        : await client
            .json({
              method: 'POST',
              path: pathOf(target.type, {namespace: target.namespace}),
              query,
              body: modified,
            })
            .catch(error => {
              throw error instanceof StatusError
                ? new SourcedError(`error when creating "${target.file}"`, error)
                : error;
            });
    return {object, done: `created${dryRunSuffix(dryRun)}`};
  }
  if (live.metadata?.deletionTimestamp) {
    io.err(`Warning: Detected changes to resource ${target.name} which is currently being deleted.\n`);
  }
  if (live.metadata?.annotations?.[lastApplied] === undefined) {
    const {resource, group} = target.type;
    io.err(
      `Warning: resource ${group === '' ? resource : `${resource}.${group}`}/${target.name} is missing the ${lastApplied} annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.\n`,
    );
  }
  const wanted = applied(target, modified, live);
  // Without the server nobody knows whether its defaults would make a difference, so kubectl says this always.
  if (dryRun === 'client') return {object: wanted, done: `configured${dryRunSuffix(dryRun)}`};
  const patch = mergePatchBetween(live, wanted);
  if (!patch) return {object: live, done: `unchanged${dryRunSuffix(dryRun)}`};
  const object = await client
    .json({
      method: 'PATCH',
      path: pathOf(target.type, target),
      query,
      contentType: 'application/merge-patch+json',
      body: patch,
    })
    .catch(error => {
      throw error instanceof StatusError ? patching(target, patch, error) : error;
    });
  // Also when the server finds that nothing changes, kubectl says so of any patch that it sent.
  return {object, done: `configured${dryRunSuffix(dryRun)}`};
}

function describeTarget(target: Target): string {
  const {type} = target;
  const group = type.group === '' ? '/' : `${type.group}/`;
  return `Resource: "${group}${type.version}, Resource=${type.resource}", GroupVersionKind: "${group}${type.version}, Kind=${type.kind}"\nName: "${target.name}", Namespace: "${target.namespace ?? ''}"`;
}

function retrieving(target: Target, error: unknown): unknown {
  return new SourcedError(
    `error when retrieving current configuration of:\n${describeTarget(target)}\nfrom server for: "${target.file}"`,
    error,
  );
}

function patching(target: Target, patch: unknown, error: StatusError): unknown {
  return new SourcedError(
    `error when applying patch:\n${compactJson(patch)}\nto:\n${describeTarget(target)}\nfor: "${target.file}": error when patching "${target.file}"`,
    error,
  );
}

async function serverSide(
  invocation: Invocation,
  client: RestClient,
  target: Target,
  dryRun: DryRun,
): Promise<Applied> {
  const {flags} = invocation;
  const body = {
    ...target.object,
    metadata: {...target.object.metadata, ...(target.namespace ? {namespace: target.namespace} : {})},
  };
  const object = await client
    .json({
      method: 'PATCH',
      path: pathOf(target.type, target),
      query: {
        ...writeQuery(
          dryRun,
          flags.has('field-manager') ? flags.string('field-manager') : 'kubectl',
          flags.string('validate'),
        ),
        force: flags.bool('force-conflicts'),
      },
      contentType: 'application/apply-patch+yaml',
      body,
    })
    .catch(error => {
      if (error instanceof StatusError && error.code === 409 && /conflict/.test(error.message)) {
        throw new ToolError(`error: ${error.message}\n${conflictHelp}`);
      }
      throw error;
    });
  return {object, done: `serverside-applied${dryRunSuffix(dryRun)}`};
}

const conflictHelp = `Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the \`--force-conflicts\` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts`;

async function applyOne(
  invocation: Invocation,
  manifest: Manifest,
  dryRun: DryRun,
): Promise<{target: Target; result: Applied}> {
  const target = await targetOf(invocation, manifest);
  if (target.name === '') {
    const {generateName} = manifest.object.metadata ?? {};
    if (generateName) throw new ToolError(`error: from ${generateName}: cannot use generate name with apply`);
    throw retrieving(target, new Error('resource name may not be empty'));
  }
  const client = await invocation.session.client();
  const result = await (invocation.flags.bool('server-side') ? serverSide : clientSide)(
    invocation,
    client,
    target,
    dryRun,
  );
  return {target, result};
}

export const apply: Command = {
  name: 'apply',
  short: 'Apply a configuration to a resource by file name or stdin.',
  usage: 'kubectl apply (-f FILENAME | -k DIRECTORY) [options]',
  examples:
    '  # Apply the configuration in pod.json to a pod\n  kubectl apply -f ./pod.json\n\n  # Apply what is passed into stdin\n  cat pod.json | kubectl apply -f -',
  flags: [
    ...fileFlags,
    selectorFlag,
    outputFlag,
    dryRunFlag,
    validateFlag,
    {name: 'server-side', type: 'bool', usage: 'If true, apply runs in the server instead of the client.'},
    {
      name: 'force-conflicts',
      type: 'bool',
      usage: 'If true, server-side apply will force the changes against conflicts.',
    },
    {
      name: 'field-manager',
      type: 'string',
      default: 'kubectl-client-side-apply',
      usage: 'Name of the manager used to track field ownership.',
    },
    {
      name: 'overwrite',
      type: 'bool',
      default: 'true',
      usage: 'Automatically resolve conflicts between the modified and live configuration.',
    },
    {name: 'wait', type: 'bool', usage: 'Accepted: nothing is deleted by this command.'},
    {name: 'prune', type: 'bool', usage: 'Not supported by the built-in kubectl.'},
    {
      name: 'all',
      type: 'bool',
      usage: 'Select all resources in the namespace of the specified resource types.',
    },
  ],
  async run(invocation) {
    const {io, flags, args} = invocation;
    if (args.length > 0)
      throw new ToolError(
        `error: Unexpected args: [${args.join(' ')}]\nSee 'kubectl apply -h' for help and examples`,
      );
    if (!flags.has('filename') && !flags.has('kustomize'))
      throw new ToolError('error: must specify one of -f and -k');
    if (flags.bool('prune'))
      throw new ToolError(
        "error: --prune is beyond istio-workshop's small built-in kubectl: use the real one (https://kubernetes.io/docs/tasks/tools/)",
      );
    const dryRun = dryRunOf(flags);
    const output = flags.string('output');
    const results: {target: Target; result: Applied}[] = [];
    const unread: unknown[] = [];
    const errors: unknown[] = [];
    let cause: ToolError | undefined;
    for (const manifest of await readManifests(invocation)) {
      try {
        const done = await applyOne(invocation, manifest, dryRun);
        results.push(done);
        if (output === '')
          printResult({
            io,
            output,
            type: done.target.type,
            object: done.result.object,
            done: done.result.done,
          });
      } catch (error) {
        if (error instanceof UnreadError) unread.push(error);
        else if (error instanceof StatusError || error instanceof SourcedError) errors.push(error);
        else if (error instanceof ToolError && /^error: (?:Apply failed|from)/.test(error.message))
          errors.push(error);
        else if (error instanceof ToolError) {
          cause = error;
          break;
        } else throw error;
      }
    }
    if (output !== '' && results.length > 0) {
      const items = results.map(({target, result}) => ({
        ...presentable(
          {apiVersion: groupVersionOf(target.type), kind: target.type.kind, ...result.object},
          undefined,
        ),
      }));
      const typeOf = (object: any) =>
        results.find(({target}) => target.type.kind === object.kind)?.target.type;
      const printer = objectPrinter(output, typeOf);
      const whole = items.length === 1 ? items[0] : {apiVersion: 'v1', items, kind: 'List', metadata: {}};
      io.out(printer?.(output === 'name' && items.length > 1 ? {kind: 'List', items} : whole) ?? '');
    }
    if (cause) throw cause;
    throwAll(errors.length === 0 ? unread : [...asOne(unread), ...errors]);
  },
};
