import type {EnsureOptions} from '../port.ts';
import {interrupted} from './air-gap.ts';
import type {KindTools} from './docker.ts';
import {explainFailedCreation} from './explain-failure.ts';
import {nodeImageMegabytes} from './images.ts';
import {type Every, sayHowLong} from './progress.ts';

/**
 * Makes sure that Docker has the node image, and says how far its download is: kind itself downloads it in
 * silence, which takes most of the time of a first cluster.
 * @throws WorkshopError that explains why it can't be had, or `interrupted`.
 */
export async function pullNodeImage(options: {
  tools: KindTools;
  nodeImage: string;
  folder: string;
  ensure: EnsureOptions;
  now(): number;
  every: Every;
}): Promise<void> {
  const {tools, nodeImage, folder, ensure, now} = options;
  const there = await tools.docker(['image', 'inspect', '--format', '{{.Id}}', nodeImage], {
    signal: ensure.signal,
  });
  if (there.exitCode === 0) return;
  if (ensure.signal.aborted) throw interrupted('nothing was made yet');
  ensure.onProgress({text: `$ docker pull ${nodeImage}`});
  const since = now();
  const layers = new Map<string, string>();
  let output = '';
  let rest = '';
  const stop = sayHowLong({...options, onProgress: ensure.onProgress}, () => ({
    text: `downloading the node image (about ${nodeImageMegabytes} MB)${layersText(layers)}`,
    since,
    usual: 60,
  }));
  const result = await tools
    .guarded('docker', ['pull', nodeImage], {
      directory: folder,
      signal: ensure.signal,
      onOutput(text) {
        output += text;
        const lines = (rest + text).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          const [, layer, state] = /^([0-9a-f]{12}): (.+)$/.exec(line.trim()) ?? [];
          if (layer && state) layers.set(layer, state);
        }
      },
    })
    .finally(stop);
  if (ensure.signal.aborted) throw interrupted('the node image was not downloaded; nothing was made yet');
  if (result.exitCode !== 0) throw explainFailedCreation(`failed to pull image "${nodeImage}"\n${output}`);
  ensure.onProgress({text: `the node image is here, after ${Math.round((now() - since) / 1000)} s`});
}

function layersText(layers: ReadonlyMap<string, string>): string {
  if (layers.size === 0) return '';
  const done = [...layers.values()].filter(state =>
    /^(Download complete|Pull complete|Already exists)$/.test(state),
  );
  return `, ${done.length} of ${layers.size} layers`;
}
