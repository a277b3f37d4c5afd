import type {DestinationRule, TrafficPolicy} from '../types.ts';
import {validateClientTls} from './client-tls.ts';
import {validateConnectionPool} from './connection-pool.ts';
import {validateExportTo} from './export-to.ts';
import {type Collector, quietly} from './findings.ts';
import {isIp} from './ip-address.ts';
import {validateLoadBalancer} from './load-balancer.ts';
import {fqdnFault, report, validateLabels, validateSubsetName, wildcardDomainFault} from './names.ts';
import {validateSelector} from './selectors.ts';
import {validateDuration, validatePercent} from './values.ts';

/** Istio: `ValidateDestinationRule`. */
export function validateDestinationRule(rule: DestinationRule, found: Collector): void {
  const {host = '', subsets = [], trafficPolicy, exportTo, workloadSelector} = rule.spec ?? {host: ''};
  const namespace = rule.metadata.namespace ?? '';
  report(wildcardDomainFault(host), found);
  validateTrafficPolicy(trafficPolicy, namespace, found);
  const names = new Set<string>();
  for (const subset of subsets) {
    if (names.has(subset.name)) found.error(`duplicate subset names: ${subset.name}`);
    names.add(subset.name);
    validateSubsetName(subset.name, found);
    validateLabels(subset.labels, found);
    validateTrafficPolicy(subset.trafficPolicy, namespace, quietly(found));
  }
  validateExportTo({exportTo, namespace, staysLocal: workloadSelector !== undefined}, found);
  validateSelector(workloadSelector, found);
}

const portFields = ['outlierDetection', 'connectionPool', 'loadBalancer', 'tls'] as const;
const fields = [...portFields, 'tunnel', 'proxyProtocol', 'retryBudget'] as const;

function validateTrafficPolicy(policy: TrafficPolicy | undefined, namespace: string, found: Collector): void {
  if (policy === undefined) return;
  const {portLevelSettings = [], tunnel, proxyProtocol} = policy;
  if (portLevelSettings.length === 0 && fields.every(field => policy[field] === undefined)) {
    return found.error('traffic policy must have at least one field');
  }
  if (tunnel && proxyProtocol) return found.error('tunnel and proxyProtocol must not be set together');
  validatePortPolicy(policy, namespace, found);
  for (const setting of portLevelSettings) {
    if (!setting.port) found.error('portTrafficPolicy must have valid port');
    if (portFields.every(field => setting[field] === undefined)) {
      found.error('port traffic policy must have at least one field');
    } else validatePortPolicy(setting, namespace, quietly(found));
  }
  validateTunnel(tunnel, found);
}

/** What a policy of a host and one of a single port have in common. */
function validatePortPolicy(policy: TrafficPolicy, namespace: string, found: Collector): void {
  validateOutlierDetection(policy.outlierDetection, found);
  validateConnectionPool(policy.connectionPool, found);
  validateLoadBalancer(
    policy.loadBalancer,
    {hasOutlierDetection: policy.outlierDetection !== undefined},
    found,
  );
  validateClientTls(policy.tls, namespace, found);
}

/** Istio: `validateOutlierDetection`. */
function validateOutlierDetection(outlier: OutlierDetection | undefined, found: Collector): void {
  if (!outlier) return;
  validateDuration(outlier.baseEjectionTime, found);
  if (outlier.consecutiveErrors) {
    found.warn(
      'outlier detection consecutive errors is deprecated, use consecutiveGatewayErrors or consecutive5xxErrors instead',
    );
  }
  if (!outlier.splitExternalLocalOriginErrors && (outlier.consecutiveLocalOriginFailures ?? 0) > 0) {
    found.error(
      'outlier detection consecutive local origin failures is specified, but split external local origin errors is set to false',
    );
  }
  validateDuration(outlier.interval, found);
  validatePercent(outlier.maxEjectionPercent, found);
  validatePercent(outlier.minHealthPercent, found);
}

interface OutlierDetection {
  interval?: string;
  baseEjectionTime?: string;
  consecutiveErrors?: number;
  consecutiveLocalOriginFailures?: number | null;
  splitExternalLocalOriginErrors?: boolean;
  maxEjectionPercent?: number;
  minHealthPercent?: number;
}

function validateTunnel(tunnel: TrafficPolicy['tunnel'], found: Collector): void {
  if (!tunnel) return;
  const {protocol = '', targetHost = '', targetPort = 0} = tunnel;
  if (!['', 'CONNECT', 'POST'].includes(protocol)) found.error('tunnel protocol must be "CONNECT" or "POST"');
  const fault = fqdnFault(targetHost);
  if (fault && !isIp(targetHost)) {
    found.error(
      `tunnel target host must be valid FQDN or IP address: ${fault}; ${targetHost} is not a valid IP`,
    );
  }
  if (targetPort < 1 || targetPort > 65_535) {
    found.error(`tunnel target port is invalid: port number ${targetPort} must be in the range 1..65535`);
  }
}
