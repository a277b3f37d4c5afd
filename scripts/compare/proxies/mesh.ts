import {readFileSync} from 'node:fs';
import {createInterface} from 'node:readline';
import {parseAllDocuments} from 'yaml';
import type {IstioObject} from '../../../runner/istio/types.ts';
import type {Rig} from '../real/rig.ts';
import {type CallerId, callerIds} from '../world/callers.ts';

const usage = `apply FILE  ·  hold PROXY  ·  release PROXY  ·  quit; proxies: ${callerIds.join(', ')}`;

/**
 * Keeps the rig up as a mesh that other programs look at by its kubeconfig, and does what lines of the input say. Objects
 * are made now, as `kubectl apply` makes them.
 */
export async function keepMesh(rig: Rig, input: NodeJS.ReadableStream, print: (line: string) => void) {
  print(`KUBECONFIG=${rig.kubeconfig}`);
  print(usage);
  for await (const line of createInterface({input})) {
    const [word, what = ''] = line.trim().split(/\s+/);
    if (word === 'quit') return;
    if (word === 'apply') await rig.show(objectsIn(what));
    else if (word === 'hold') rig.hold(what as CallerId);
    else if (word === 'release') rig.release(what as CallerId);
    else print(usage);
    print(`done: ${line}`);
  }
}

function objectsIn(file: string): IstioObject[] {
  const creationTimestamp = `${new Date().toISOString().slice(0, 19)}Z`;
  return parseAllDocuments(readFileSync(file, 'utf8'))
    .map(document => document.toJS() as IstioObject | null)
    .filter(object => object !== null)
    .map(object => ({...object, metadata: {creationTimestamp, ...object.metadata}}));
}
