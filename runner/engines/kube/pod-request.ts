import {get} from 'node:http';
import {forwardTo} from './forward.ts';
import type {Kube, KubeItem} from './kube.ts';

export interface PodAnswer {
  status: number;
  body: string;
}

const timeoutMilliseconds = 5000;

/**
 * Asks a pod by HTTP over a port-forward of its own: it enters on the pod's loopback and bypasses the sidecar.
 * Rejects when nothing answers within 5 s.
 */
export async function askPod(options: {
  kube: Kube;
  pod: KubeItem;
  port: number;
  path: string;
  signal?: AbortSignal;
}): Promise<PodAnswer> {
  const {kube, pod, port, path, signal} = options;
  const namespace = pod.metadata.namespace ?? 'default';
  const forward = await forwardTo({
    config: kube.config,
    targets: async () => [{namespace, pod: pod.metadata.name, port}],
  });
  try {
    return await answerOf({port: forward.port, path, ...(signal ? {signal} : {})});
  } finally {
    await forward.close();
  }
}

function answerOf(options: {port: number; path: string; signal?: AbortSignal}): Promise<PodAnswer> {
  return new Promise((resolve, reject) => {
    const request = get(
      {host: '127.0.0.1', agent: false, timeout: timeoutMilliseconds, ...options},
      response => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', chunk => {
          body += chunk;
        });
        response.on('end', () => resolve({status: response.statusCode ?? 0, body}));
        response.on('error', reject);
      },
    );
    request.on('timeout', () => request.destroy(new Error('no answer')));
    request.on('error', reject);
  });
}
