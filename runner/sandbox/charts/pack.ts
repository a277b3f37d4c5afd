import {gzipSync} from 'node:zlib';
import {pack} from 'tar-stream';
import {istioCrds} from '../crds/crds.ts';
import {baseChart} from './base.ts';
import type {ChartSource} from './chart.ts';
import {gatewayChart} from './gateway.ts';
import {istiodChart} from './istiod.ts';

/** A chart as it is downloaded. */
export interface PackedChart {
  name: string;
  version: string;
  description: string;
  /** The `.tgz`. */
  archive: Buffer;
}

// A fixed moment, so that the same sources give the same bytes and digest.
const packedAt = new Date('2026-01-01T00:00:00Z');

async function archiveOf(chart: ChartSource): Promise<Buffer> {
  const tar = pack();
  for (const path of Object.keys(chart.files).sort()) {
    tar.entry({name: `${chart.name}/${path}`, mode: 0o644, mtime: packedAt}, chart.files[path] ?? '');
  }
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return gzipSync(Buffer.concat(chunks), {level: 9});
}

/**
 * The three charts that install Istio into the simulated cluster, in the order they are installed.
 * The same options give the same bytes.
 */
export async function packCharts(options: {istioVersion: string}): Promise<PackedChart[]> {
  const crds = istioCrds(options.istioVersion);
  const sources = [baseChart({...options, crds}), istiodChart(options), gatewayChart(options)];
  return Promise.all(
    sources.map(async chart => ({
      name: chart.name,
      version: options.istioVersion,
      description: chart.description,
      archive: await archiveOf(chart),
    })),
  );
}
