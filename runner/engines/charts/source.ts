import {stat} from 'node:fs/promises';
import {WorkshopError} from '../../errors.ts';
import {istioChartRepository} from '../settings.ts';
import type {ChartSource} from './chart-source.ts';

/**
 * Istio's public repository; another one by its URL; or a folder of packed charts, served on the loopback while
 * this process lives, since Helm takes repositories over HTTP only.
 * @throws WorkshopError `no-charts` when there is no such folder, or no chart in it.
 */
export async function openCharts(given: string | undefined): Promise<ChartSource> {
  if (given === undefined || /^https?:\/\//.test(given)) {
    return {url: given ?? istioChartRepository, close: async () => {}};
  }
  const found = await stat(given).catch(() => undefined);
  if (!found?.isDirectory()) {
    throw new WorkshopError({
      code: 'no-charts',
      message: `There is no folder ${given} with charts.`,
      remedies: [
        'Fill one where the internet is: helm pull istio/base; helm pull istio/istiod; helm pull istio/gateway',
      ],
    });
  }
  const {serveChartFolder} = await import('./serve-folder.ts');
  return serveChartFolder(given);
}
