import {Writable} from 'node:stream';
import type {Kube, KubeItem} from '../engines/kube/kube.ts';

/** The end of a container's log. @param options.lines at most that many. */
export async function logOf(options: {
  kube: Kube;
  pod: KubeItem;
  container: string;
  lines: number;
}): Promise<string> {
  const {kube, pod, container, lines} = options;
  const {Log} = await import('../engines/kube/client-node.ts');
  let text = '';
  const sink = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  const ended = new Promise<void>((resolve, reject) => {
    sink.on('finish', resolve);
    sink.on('error', reject);
  });
  await new Log(kube.config).log(pod.metadata.namespace ?? 'default', pod.metadata.name, container, sink, {
    tailLines: lines,
  });
  await ended;
  return text;
}
