import {randomBytes} from 'node:crypto';
import {mkdir, writeFile} from 'node:fs/promises';
import {messageOf, WorkshopError} from '../../errors.ts';
import type {EnsureOptions} from '../port.ts';
import {lastLine} from '../tools.ts';
import {interrupted} from './air-gap.ts';
import {kindConfig} from './config.ts';
import {type KindNode, type KindTools, nodesOf, takenNames} from './docker.ts';
import {explainFailedCreation} from './explain-failure.ts';
import {type Every, kindProgress} from './progress.ts';
import {pullNodeImage} from './pull.ts';
import {forgetKindCluster, type KindFiles, type KindRecord, writeKindRecord} from './record.ts';

export interface CreateOptions {
  tools: KindTools;
  files: KindFiles;
  /** The name to take when it is free. */
  name: string;
  nodeImage: string;
  ensure: EnsureOptions;
  now(): number;
  every: Every;
}

const readyWithin = '5m';
const deleteTimeoutMilliseconds = 120_000;

/**
 * Makes the cluster, or leaves nothing of it: what a failed or interrupted creation has made is removed.
 * @returns its record, still `creating`: the caller may have more to do before it is complete.
 * @throws WorkshopError that explains the failure, or `interrupted`.
 */
export async function createKindCluster(options: CreateOptions): Promise<KindRecord> {
  const {tools, files, nodeImage, ensure} = options;
  await mkdir(files.folder, {recursive: true, mode: 0o700});
  await pullNodeImage({...options, folder: files.folder});
  const name = await freeName(tools, options.name);
  const record: KindRecord = {name, phase: 'creating', nodes: [], nodeImage};
  await writeFile(files.config, kindConfig({nodeImage}), {mode: 0o600});
  await writeKindRecord(files, record);

  const args = ['create', 'cluster', '--name', name, '--config', files.config];
  args.push('--wait', readyWithin, '--kubeconfig', files.kubeconfig);
  ensure.onProgress({text: `$ kind ${args.join(' ')}`});
  let output = '';
  let noted: Promise<void> | undefined;
  const progress = kindProgress({onProgress: ensure.onProgress, now: options.now, every: options.every});
  const result = await tools
    .guarded('kind', args, {
      directory: files.folder,
      signal: ensure.signal,
      onOutput(text) {
        output += text;
        progress.output(text);
        // From here on the containers are known as ours, even if this is where we end.
        if (/✓ Preparing nodes/.test(output)) noted ??= noteNodes(tools, files, record);
      },
    })
    .finally(progress.stop);
  await noted?.catch(() => {});
  await writeFile(files.log, output, {mode: 0o600});

  if (result.exitCode === 0) {
    const made = {...record, nodes: idsOf(await nodesOf(tools, name))};
    await writeKindRecord(files, made);
    return made;
  }
  const failure = ensure.signal.aborted
    ? interrupted('the creation of the cluster; what it had made is removed')
    : explainFailedCreation(output || result.stderr, files.log);
  if (failure.code === 'name-taken') {
    // That cluster is not ours to remove.
    await forgetKindCluster(files);
    throw failure;
  }
  await removeKindCluster({tools, files, name, ensure}).catch(error => {
    throw withLeftovers(failure, error);
  });
  throw failure;
}

async function noteNodes(tools: KindTools, files: KindFiles, record: KindRecord): Promise<void> {
  await writeKindRecord(files, {...record, nodes: idsOf(await nodesOf(tools, record.name))});
}

export function idsOf(nodes: readonly KindNode[]): readonly string[] {
  return nodes.map(({id}) => id);
}

/** Why it failed comes first; that it could not be cleaned up is said with it. */
function withLeftovers(failure: WorkshopError, error: unknown): WorkshopError {
  // It explains the failure, too.
  if (error instanceof WorkshopError && error.code === 'docker-stopped' && failure.code !== 'interrupted') {
    return error;
  }
  const remedies = error instanceof WorkshopError ? error.remedies : [];
  const message =
    failure.code === 'interrupted' ? 'The creation of the cluster was interrupted.' : failure.message;
  return new WorkshopError({
    code: failure.code,
    message: `${message} ${messageOf(error)}`,
    ...(failure.detail === undefined ? {} : {detail: failure.detail}),
    remedies: [...remedies, ...failure.remedies],
    exitCode: failure.exitCode,
    cause: error,
  });
}

/**
 * Removes the cluster of that name with its containers, and what is known of it.
 * @throws WorkshopError `cluster-not-removed` that names what is left, or `docker-stopped`.
 */
export async function removeKindCluster(options: {
  tools: KindTools;
  files: KindFiles;
  name: string;
  ensure: EnsureOptions;
}): Promise<void> {
  const {tools, files, name} = options;
  const hint = options.ensure.signal.aborted
    ? ' (ended in the middle, the rest goes with the command `cluster down`)'
    : '';
  options.ensure.onProgress({text: `removing the kind cluster ${name}${hint}`});
  // Not under the caller's signal: an interrupted creation is to be cleaned up as well.
  const result = await tools.kind(['delete', 'cluster', '--name', name, '--kubeconfig', files.kubeconfig], {
    timeout: deleteTimeoutMilliseconds,
  });
  if (result.exitCode !== 0) {
    const left = await nodesOf(tools, name).catch(cause => {
      throw new WorkshopError({
        code: 'docker-stopped',
        message: `Docker does not answer any more, so the kind cluster ${name} is left as it is.`,
        detail: lastLine(result.stderr).replace(/^Command Output: /, ''),
        remedies: ['Start Docker', {say: 'Then clear it away', command: 'cluster down'}],
        cause,
      });
    });
    throw new WorkshopError({
      code: 'cluster-not-removed',
      message: `The kind cluster ${name} could not be removed${left.length > 0 ? `; its containers are left: ${left.map(node => node.name).join(', ')}` : ''}.`,
      detail: lastLine(result.stderr).replace(/^Command Output: /, ''),
      remedies: [`Remove it by hand: kind delete cluster --name ${name}`],
    });
  }
  await forgetKindCluster(files);
}

/** What stays in Docker when a cluster goes: it may serve others, and the next cluster. */
export async function leftInDocker(
  tools: KindTools,
  nodeImage: string | undefined,
): Promise<readonly string[]> {
  const left: string[] = [];
  if (nodeImage) {
    const image = await tools.docker(['image', 'inspect', '--format', '{{.Id}}', nodeImage]);
    if (image.exitCode === 0) left.push(`the node image (docker image rm ${nodeImage})`);
  }
  const network = await tools.docker(['network', 'inspect', '--format', '{{.Name}}', 'kind']);
  if (network.exitCode === 0) left.push('the network of all kind clusters (docker network rm kind)');
  return left;
}

/** The name, or when somebody else's cluster has it already, the name with something random behind it. */
async function freeName(tools: KindTools, name: string): Promise<string> {
  const taken = await takenNames(tools);
  return taken.has(name) ? `${name}-${randomBytes(2).toString('hex')}` : name;
}
