/** One end of an exchange, as telemetry names it. */
export interface Party {
  workload: string;
  namespace: string;
  principal: string;
  app: string;
  version: string;
  canonicalService: string;
  canonicalRevision: string;
}

/** What a proxy knows of one request when it is over: access log and metrics are made of it. */
export interface Exchange {
  /** `source`: the caller's proxy or a gateway; `destination`: the callee's. */
  reporter: 'source' | 'destination';
  started: number;
  method: string;
  path: string;
  protocol: string;
  authority: string;
  requestId: string;
  userAgent: string | undefined;
  forwardedFor: string | undefined;
  /** 0 until there is a response. */
  status: number;
  /** Envoy's response flags: `UH`, `UF`, `FI`, ... */
  flags: string[];
  details: string;
  transportFailure: string | undefined;
  bytesReceived: number;
  bytesSent: number;
  serviceTime: number | undefined;
  upstreamHost: string | undefined;
  upstreamCluster: string | undefined;
  upstreamLocal: string | undefined;
  downstreamLocal: string;
  downstreamRemote: string;
  serverName: string | undefined;
  routeName: string;
  source: Party | undefined;
  destination: Party | undefined;
  service: {host: string; name: string; namespace: string} | undefined;
  mutualTls: boolean;
}
