import type {Exchange} from './exchange.ts';

const quoted = (value: string | undefined) => `"${value ?? '-'}"`;
const plain = (value: string | number | undefined) =>
  value === undefined || value === '' ? '-' : String(value);

/** A line in Istio's default text format (telemetry_logging.go). */
export function accessLogLine(exchange: Exchange, now: number): string {
  return [
    `[${new Date(exchange.started).toISOString()}]`,
    `"${exchange.method} ${exchange.path} ${exchange.protocol}"`,
    exchange.status,
    flagsOf(exchange),
    plain(exchange.details),
    '-',
    quoted(exchange.transportFailure),
    exchange.bytesReceived,
    exchange.bytesSent,
    Math.round(now - exchange.started),
    plain(exchange.serviceTime),
    quoted(exchange.forwardedFor),
    quoted(exchange.userAgent),
    quoted(exchange.requestId),
    quoted(exchange.authority),
    quoted(exchange.upstreamHost),
    plain(exchange.upstreamCluster),
    plain(exchange.upstreamLocal),
    plain(exchange.downstreamLocal),
    plain(exchange.downstreamRemote),
    plain(exchange.serverName),
    plain(exchange.routeName),
  ].join(' ');
}

/** The same as JSON, with Istio's keys (`accessLogEncoding: JSON`). */
export function accessLogJson(exchange: Exchange, now: number): string {
  return JSON.stringify({
    authority: exchange.authority,
    bytes_received: exchange.bytesReceived,
    bytes_sent: exchange.bytesSent,
    connection_termination_details: null,
    downstream_local_address: exchange.downstreamLocal,
    downstream_remote_address: exchange.downstreamRemote,
    duration: Math.round(now - exchange.started),
    method: exchange.method,
    path: exchange.path,
    protocol: exchange.protocol,
    request_id: exchange.requestId,
    requested_server_name: exchange.serverName ?? null,
    response_code: exchange.status,
    response_code_details: exchange.details,
    response_flags: flagsOf(exchange),
    route_name: exchange.routeName,
    start_time: new Date(exchange.started).toISOString(),
    upstream_cluster: exchange.upstreamCluster ?? null,
    upstream_host: exchange.upstreamHost ?? null,
    upstream_local_address: exchange.upstreamLocal ?? null,
    upstream_service_time: exchange.serviceTime === undefined ? null : String(exchange.serviceTime),
    upstream_transport_failure_reason: exchange.transportFailure ?? null,
    user_agent: exchange.userAgent ?? null,
    x_forwarded_for: exchange.forwardedFor ?? null,
  });
}

export function flagsOf(exchange: Exchange): string {
  return exchange.flags.length > 0 ? [...new Set(exchange.flags)].join(',') : '-';
}
