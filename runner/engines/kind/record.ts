import {mkdir, readFile, rename, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';

/** What is known of the cluster that this workshop made, so that no other one is ever touched. */
export interface KindRecord {
  /** kind's name of the cluster. */
  name: string;
  /** `creating` is written before kind is started, and stays until all is done: what is found then was interrupted. */
  phase: 'creating' | 'ready';
  /** Docker's IDs of the nodes: a cluster of the same name made by somebody else has others. */
  nodes: readonly string[];
  /** What the node was made from: it stays in Docker when the cluster goes. */
  nodeImage?: string;
  /** The mirror that the nodes were told of. */
  hub?: string;
  /** The image archives that were loaded, each with its size and time of change. */
  images?: readonly string[];
}

export interface KindFiles {
  folder: string;
  config: string;
  kubeconfig: string;
  record: string;
  /** What kind printed when it made the cluster, for a failure that we can't explain. */
  log: string;
}

export function kindFiles(folder: string): KindFiles {
  return {
    folder,
    config: path.join(folder, 'kind-cluster.yaml'),
    kubeconfig: path.join(folder, 'kubeconfig'),
    record: path.join(folder, 'cluster.json'),
    log: path.join(folder, 'kind.log'),
  };
}

export async function readKindRecord(files: KindFiles): Promise<KindRecord | undefined> {
  const text = await readFile(files.record, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as KindRecord);
}

/** Replaces it as a whole: a crash leaves the old or the new one. */
export async function writeKindRecord(files: KindFiles, record: KindRecord): Promise<void> {
  await mkdir(files.folder, {recursive: true, mode: 0o700});
  await writeFile(`${files.record}.new`, `${JSON.stringify(record, null, 2)}\n`, {mode: 0o600});
  await rename(`${files.record}.new`, files.record);
}

export async function forgetKindCluster(files: KindFiles): Promise<void> {
  for (const file of [files.record, files.kubeconfig, files.config]) await rm(file, {force: true});
}
