import type {VisitorPage} from '../../verify/observation.ts';
import type {SettleOptions} from '../../verify/settle.ts';
import type {Browsers} from '../checks/browsers.ts';
import type {CheckContext} from '../checks/context.ts';
import type {Kube} from '../engines/kube/kube.ts';

export interface ProbedCluster {
  kube: Kube;
  namespace: string;
}

/** What a look at one condition has to work with. */
export interface ProbeContext extends Pick<CheckContext, 'signal' | 'onProgress' | 'onLoad' | 'evidence'> {
  url: string;
  loads: number;
  settling: Omit<SettleOptions, 'round'>;
  browsers: Browsers;
  cluster: ProbedCluster | undefined;
  pages(visitors: readonly string[]): Promise<ReadonlyMap<string, VisitorPage>>;
}
