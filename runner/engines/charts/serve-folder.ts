import {createHash} from 'node:crypto';
import {readdir, readFile} from 'node:fs/promises';
import {createServer} from 'node:http';
import path from 'node:path';
import {parse, stringify} from 'yaml';
import {messageOf, WorkshopError} from '../../errors.ts';
import type {ChartSource} from './chart-source.ts';
import {fileOfChart} from './packed-chart.ts';

interface Packed {
  file: string;
  metadata: Record<string, unknown> & {name: string; version: string};
  digest: string;
}

/**
 * Serves a folder of packed charts (`*.tgz`) as a Helm chart repository on a random port of the loopback. The
 * index is made from the charts themselves. It does not keep the process alive.
 * @throws WorkshopError `no-charts` when no chart is in it or one can't be read.
 */
export async function serveChartFolder(folder: string): Promise<ChartSource> {
  const files = (await readdir(folder)).filter(name => name.endsWith('.tgz')).sort();
  const charts = await Promise.all(files.map(file => readPacked(folder, file)));
  if (charts.length === 0) {
    throw new WorkshopError({
      code: 'no-charts',
      message: `There is no packed chart (*.tgz) in ${folder}.`,
      remedies: [
        'Fill it where the internet is: helm pull istio/base; helm pull istio/istiod; helm pull istio/gateway',
      ],
    });
  }
  const index = indexOf(charts);
  const istiod = charts.find(({metadata}) => metadata.name === 'istiod');
  const served = new Set(files);
  const server = createServer((request, response) => {
    const name = decodeURIComponent((request.url ?? '/').split('?')[0]?.slice(1) ?? '');
    if (name === 'index.yaml') {
      response.setHeader('content-type', 'text/yaml').end(index);
    } else if (served.has(name)) {
      readFile(path.join(folder, name)).then(
        content => response.setHeader('content-type', 'application/gzip').end(content),
        error => response.writeHead(500).end(messageOf(error)),
      );
    } else {
      response.writeHead(404).end('not found\n');
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  server.unref();
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The chart server has no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    ...(istiod ? {istioVersion: istiod.metadata.version} : {}),
    close: () => new Promise(resolve => server.close(() => resolve())),
  };
}

/** https://helm.sh/docs/topics/chart_repository/#the-index-file */
function indexOf(charts: readonly Packed[]): string {
  const entries: Record<string, object[]> = {};
  for (const {file, metadata, digest} of charts) {
    const versions = entries[metadata.name] ?? [];
    entries[metadata.name] = [...versions, {...metadata, urls: [file], digest}];
  }
  return stringify({apiVersion: 'v1', entries});
}

async function readPacked(folder: string, file: string): Promise<Packed> {
  const content = await readFile(path.join(folder, file));
  try {
    const metadata = parse(await fileOfChart(content, 'Chart.yaml'));
    if (!metadata?.name || !metadata.version) throw new Error('its Chart.yaml has no name or no version');
    return {file, metadata, digest: createHash('sha256').update(content).digest('hex')};
  } catch (error) {
    throw new WorkshopError({
      code: 'no-charts',
      message: `${path.join(folder, file)} is no packed chart.`,
      detail: messageOf(error),
      remedies: ['Get it again: helm pull istio/NAME'],
      cause: error,
    });
  }
}
