import {randomBytes} from 'node:crypto';
import {mkdir, writeFile} from 'node:fs/promises';
import {exitCodes, WorkshopError} from '../../errors.ts';
import type {EnsureOptions} from '../port.ts';
import {lastLine} from '../tools.ts';
import {kindConfig} from './config.ts';
import {type KindTools, nodesOf} from './docker.ts';
import {explainFailedCreation} from './explain-failure.ts';
import {type Every, kindProgress} from './progress.ts';
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
 * @throws WorkshopError that explains the failure, or `interrupted`.
 */
export async function createKindCluster(options: CreateOptions): Promise<KindRecord> {
  const {tools, files, nodeImage, ensure} = options;
  const name = await freeName(tools, options.name);
  await mkdir(files.folder, {recursive: true, mode: 0o700});
  await writeFile(files.config, kindConfig({nodeImage}), {mode: 0o600});
  await writeKindRecord(files, {name, phase: 'creating', nodes: []});

  const args = ['create', 'cluster', '--name', name, '--config', files.config];
  args.push('--wait', readyWithin, '--kubeconfig', files.kubeconfig);
  ensure.onProgress({text: `$ kind ${args.join(' ')}`});
  let output = '';
  const progress = kindProgress({onProgress: ensure.onProgress, now: options.now, every: options.every});
  const result = await tools
    .guardedKind(args, {
      directory: files.folder,
      signal: ensure.signal,
      onOutput(text) {
        output += text;
        progress.output(text);
      },
    })
    .finally(progress.stop);

  if (result.exitCode === 0) {
    const nodes = (await nodesOf(tools, name)).map(({id}) => id);
    const record: KindRecord = {name, phase: 'ready', nodes};
    await writeKindRecord(files, record);
    return record;
  }
  await removeKindCluster({tools, files, name, ensure});
  if (ensure.signal.aborted) {
    throw new WorkshopError({
      code: 'interrupted',
      message: 'The creation of the cluster was interrupted; what it had made is removed.',
      remedies: ['Start again: istio-workshop cluster up'],
      exitCode: exitCodes.interrupted,
    });
  }
  throw explainFailedCreation(output || result.stderr);
}

/**
 * Removes the cluster of that name with its containers, and what is known of it.
 * @throws WorkshopError `cluster-not-removed` that names what is left.
 */
export async function removeKindCluster(options: {
  tools: KindTools;
  files: KindFiles;
  name: string;
  ensure: EnsureOptions;
}): Promise<void> {
  const {tools, files, name} = options;
  options.ensure.onProgress({text: `removing the kind cluster ${name}`});
  // Not under the caller's signal: an interrupted creation is to be cleaned up as well.
  const result = await tools.kind(['delete', 'cluster', '--name', name, '--kubeconfig', files.kubeconfig], {
    timeout: deleteTimeoutMilliseconds,
  });
  const left = result.exitCode === 0 ? [] : await nodesOf(tools, name);
  if (result.exitCode !== 0) {
    throw new WorkshopError({
      code: 'cluster-not-removed',
      message: `The kind cluster ${name} could not be removed${left.length > 0 ? `; its containers are left: ${left.map(node => node.name).join(', ')}` : ''}.`,
      detail: lastLine(result.stderr),
      remedies: [`Remove it by hand: kind delete cluster --name ${name}`],
    });
  }
  await forgetKindCluster(files);
}

/** The name, or when somebody else's cluster has it already, the name with something random behind it. */
async function freeName(tools: KindTools, name: string): Promise<string> {
  const result = await tools.kind(['get', 'clusters']);
  const names = result.exitCode === 0 ? result.stdout.split('\n').map(line => line.trim()) : [];
  return names.includes(name) ? `${name}-${randomBytes(2).toString('hex')}` : name;
}
