import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {applyPatch} from 'rfc6902';
import {startMemoryApi} from '../kubernetes/memory-api.ts';
import {childProcesses} from '../real/child-processes.ts';
import {freePorts} from '../real/free-ports.ts';
import {fetchText} from '../real/http.ts';
import {istiodCommand, meshConfigMap} from '../real/istiod.ts';
import {waitUntil} from '../real/wait-until.ts';

/** The injector of a real istiod. */
export interface Injector {
  /** The pod as the webhook makes it. @throws what istiod says of one that it can't inject. */
  inject(pod: any, namespace: string): Promise<any>;
  stop(): Promise<void>;
}

/**
 * Starts istiod on loopback with a Kubernetes API in memory.
 * @param options.settings the data of the ConfigMap `istio-sidecar-injector`: templates and values of any release.
 */
export async function startInjector(options: {
  pilot: string;
  folder: string;
  settings: Readonly<Record<string, string>>;
}): Promise<Injector> {
  const {pilot, folder, settings} = options;
  // Where istiod looks before it asks for the ConfigMap (pilot/pkg/bootstrap/sidecarinjector.go).
  const place = path.join(folder, 'istiod', 'var', 'lib', 'istio', 'inject');
  mkdirSync(place, {recursive: true});
  for (const [name, text] of Object.entries(settings)) writeFileSync(path.join(place, name), text);
  const children = childProcesses(folder);
  const api = await startMemoryApi();
  const stop = async (): Promise<void> => {
    await children.stop();
    await api.stop();
  };
  try {
    const [grpc = 0, http = 0, monitoring = 0] = await freePorts(3);
    await api.put(meshConfigMap('ALLOW_ANY', grpc));
    const kubeconfig = path.join(folder, 'kubeconfig');
    writeFileSync(kubeconfig, api.kubeconfig, {mode: 0o600});
    const {args, env} = istiodCommand({grpc, http, monitoring}, kubeconfig);
    children.start('istiod', pilot, args, env);
    // The port answers before the webhook behind it is there.
    const isThere = async (): Promise<boolean> =>
      !(await fetchText(http, '/inject', {}).catch(() => '404')).startsWith('404');
    await waitUntil("istiod's injector", isThere);
    return {stop, inject: (pod, namespace) => inject(http, pod, namespace)};
  } catch (error) {
    await stop();
    throw error;
  }
}

async function inject(port: number, pod: any, namespace: string): Promise<any> {
  const review = {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: {
      uid: '1',
      kind: {group: '', version: 'v1', kind: 'Pod'},
      operation: 'CREATE',
      namespace,
      object: pod,
    },
  };
  const {response} = JSON.parse(await fetchText(port, '/inject', review));
  if (!response.allowed || !response.patch) throw new Error(response.status?.message ?? 'no patch');
  const injected = structuredClone(pod);
  const problems = applyPatch(injected, JSON.parse(Buffer.from(response.patch, 'base64').toString('utf8')));
  for (const problem of problems) if (problem) throw problem;
  return injected;
}
