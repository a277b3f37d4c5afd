import {flagsOf} from './access-log.ts';
import type {Exchange, Party} from './exchange.ts';

interface Histogram {
  counts: number[];
  sum: number;
  total: number;
}

/** Envoy's default bucket bounds. */
const bounds = [
  0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000,
  3_600_000,
];

/** Istio's standard metrics of one proxy. */
export interface Metrics {
  record(exchange: Exchange, now: number): void;
  recordTcp(event: 'opened' | 'closed', labels: TcpLabels, bytes?: {sent: number; received: number}): void;
  /** Prometheus' text format. */
  text(): string;
}

export interface TcpLabels {
  reporter: 'source' | 'destination';
  source: Party | undefined;
  destination: Party | undefined;
  service: {host: string; name: string; namespace: string} | undefined;
  flags: string;
  mutualTls: boolean;
}

const histogramNames = [
  'istio_request_duration_milliseconds',
  'istio_request_bytes',
  'istio_response_bytes',
] as const;

export function createMetrics(): Metrics {
  const requests = new Map<string, number>();
  const histograms = new Map<string, Map<string, Histogram>>(histogramNames.map(name => [name, new Map()]));
  const tcp = new Map<string, Map<string, number>>();

  function observe(name: string, labels: string, value: number): void {
    const series = histograms.get(name);
    let histogram = series?.get(labels);
    if (!histogram) {
      histogram = {counts: bounds.map(() => 0), sum: 0, total: 0};
      series?.set(labels, histogram);
    }
    const bucket = bounds.findIndex(bound => value <= bound);
    if (bucket >= 0) histogram.counts[bucket] = (histogram.counts[bucket] ?? 0) + 1;
    histogram.sum += value;
    histogram.total += 1;
  }

  function add(name: string, labels: string, value: number): void {
    const series = tcp.get(name) ?? new Map<string, number>();
    tcp.set(name, series);
    series.set(labels, (series.get(labels) ?? 0) + value);
  }

  return {
    record(exchange, now) {
      const labels = labelText({
        ...partyLabels(exchange),
        request_protocol: 'http',
        response_code: String(exchange.status),
        grpc_response_status: '',
        response_flags: flagsOf(exchange),
        connection_security_policy: security(exchange.reporter, exchange.mutualTls),
      });
      requests.set(labels, (requests.get(labels) ?? 0) + 1);
      observe('istio_request_duration_milliseconds', labels, Math.round(now - exchange.started));
      observe('istio_request_bytes', labels, exchange.bytesReceived);
      observe('istio_response_bytes', labels, exchange.bytesSent);
    },
    recordTcp(event, labels, bytes) {
      const text = labelText({
        ...partyLabels(labels),
        request_protocol: 'tcp',
        response_flags: labels.flags,
        connection_security_policy: security(labels.reporter, labels.mutualTls),
      });
      add(`istio_tcp_connections_${event}_total`, text, 1);
      if (bytes) {
        add('istio_tcp_sent_bytes_total', text, bytes.sent);
        add('istio_tcp_received_bytes_total', text, bytes.received);
      }
    },
    text() {
      const lines: string[] = [];
      if (requests.size > 0) lines.push('# TYPE istio_requests_total counter');
      for (const [labels, count] of requests) lines.push(`istio_requests_total{${labels}} ${count}`);
      for (const [name, series] of histograms) {
        if (series.size > 0) lines.push(`# TYPE ${name} histogram`);
        for (const [labels, histogram] of series) {
          let below = 0;
          for (const [index, bound] of bounds.entries()) {
            below += histogram.counts[index] ?? 0;
            lines.push(`${name}_bucket{${labels},le="${bound}"} ${below}`);
          }
          lines.push(`${name}_bucket{${labels},le="+Inf"} ${histogram.total}`);
          lines.push(`${name}_sum{${labels}} ${histogram.sum}`);
          lines.push(`${name}_count{${labels}} ${histogram.total}`);
        }
      }
      for (const [name, series] of tcp) {
        lines.push(`# TYPE ${name} counter`);
        for (const [labels, count] of series) lines.push(`${name}{${labels}} ${count}`);
      }
      return lines.length > 0 ? `${lines.join('\n')}\n` : '';
    },
  };
}

function security(reporter: string, mutualTls: boolean): string {
  if (reporter === 'source') return 'unknown';
  return mutualTls ? 'mutual_tls' : 'none';
}

function partyLabels(of: Pick<Exchange, 'reporter' | 'source' | 'destination' | 'service' | 'mutualTls'>) {
  const unknown = 'unknown';
  const {source, destination, service} = of;
  return {
    reporter: of.reporter,
    source_workload: source?.workload ?? unknown,
    source_canonical_service: source?.canonicalService ?? unknown,
    source_canonical_revision: source?.canonicalRevision ?? 'latest',
    source_workload_namespace: source?.namespace ?? unknown,
    source_principal: of.mutualTls ? (source?.principal ?? unknown) : unknown,
    source_app: source?.app ?? unknown,
    source_version: source?.version ?? unknown,
    source_cluster: source ? 'Kubernetes' : unknown,
    destination_workload: destination?.workload ?? unknown,
    destination_workload_namespace: destination?.namespace ?? unknown,
    destination_principal: of.mutualTls ? (destination?.principal ?? unknown) : unknown,
    destination_app: destination?.app ?? unknown,
    destination_version: destination?.version ?? unknown,
    destination_service: service?.host ?? unknown,
    destination_canonical_service: destination?.canonicalService ?? unknown,
    destination_canonical_revision: destination?.canonicalRevision ?? unknown,
    destination_service_name: service?.name ?? unknown,
    destination_service_namespace: service?.namespace ?? unknown,
    destination_cluster: destination ? 'Kubernetes' : unknown,
  };
}

function labelText(labels: Record<string, string>): string {
  return Object.entries(labels)
    .map(
      ([name, value]) =>
        `${name}="${value.replace(/["\\\n]/g, char => (char === '\n' ? '\\n' : `\\${char}`))}"`,
    )
    .join(',');
}
