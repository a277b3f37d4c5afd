import type {Routes} from '../../../istio/route-table.ts';
import {accessLogEnabled} from '../../../istio/telemetry.ts';
import type {Clock, Random} from '../../clock.ts';
import type {PodAttachment} from '../network.ts';
import {accessLogJson, accessLogLine} from './access-log.ts';
import type {Balancer} from './balancer.ts';
import type {Exchange} from './exchange.ts';
import type {HopPool} from './hop.ts';
import type {PoolLimits} from './limits.ts';
import type {Metrics} from './metrics.ts';
import type {OutlierDetector} from './outlier.ts';
import type {ProxyStats} from './stats.ts';

/** What the parts of one proxy share. */
export interface ProxyRuntime {
  kind: 'sidecar' | 'gateway';
  attachment: PodAttachment;
  identity: ProxyIdentity;
  clock: Clock;
  random: Random;
  log(line: string): void;
  pool: HopPool;
  balancer: Balancer;
  outliers: OutlierDetector;
  limits: PoolLimits;
  metrics: Metrics;
  stats: ProxyStats;
  /** The configuration in force; undefined until istiod has sent some. */
  routes(): Routes | undefined;
}

export interface ProxyIdentity {
  name: string;
  namespace: string;
  ip: string;
  labels: Record<string, string>;
  serviceAccount: string;
}

/** Closes the books on an exchange: metrics, and a line of the access log where it is on. */
export function finishExchange(runtime: ProxyRuntime, exchange: Exchange): void {
  const now = runtime.clock.now();
  runtime.metrics.record(exchange, now);
  runtime.stats.request(exchange);
  const snapshot = runtime.routes()?.snapshot;
  if (!snapshot || !accessLogEnabled(snapshot, runtime.identity)) return;
  const line = snapshot.meshConfig.accessLogEncoding === 'JSON' ? accessLogJson : accessLogLine;
  runtime.log(line(exchange, now));
}
