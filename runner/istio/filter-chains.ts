import {prefixLength} from './ip-ranges.ts';

/** A destination of a TCP connection, with its weight. */
export interface TcpDestination {
  host: string;
  port: number;
  subset?: string;
  weight: number;
}

/** What a listener does with the connections that fit. Without any condition it takes what no other one takes. */
export interface FilterChain {
  /** Ranges of addresses; empty: any. */
  destinations: readonly string[];
  /** Names that a TLS client asks for, perhaps with a leading `*`; empty: any. */
  serverNames: readonly string[];
  target: ChainTarget;
}

export type ChainTarget =
  /** HTTP in plain text, and nothing else; `host`: by the table of that service alone. */
  {kind: 'http'; host?: string} | {kind: 'tcp'; destinations: readonly TcpDestination[]};

/** What is known of a connection before a byte is passed on. */
export interface Connection {
  ip: string;
  /** Whether it began with an HTTP request. */
  http: boolean;
  /** The name that a TLS client asked for. */
  serverName?: string;
}

export function takesEverything({destinations, serverNames, target}: FilterChain): boolean {
  return (
    target.kind === 'tcp' &&
    destinations.length === 0 &&
    (serverNames.length === 0 || serverNames.includes('*'))
  );
}

/**
 * The chain that Envoy chooses: the narrowest range of addresses, then the closest server name, then the protocol.
 * There is no way back: where nothing fits within a choice, the chain that takes everything does.
 */
export function matchChain(chains: readonly FilterChain[], connection: Connection): FilterChain | undefined {
  const fallback = chains.find(takesEverything);
  const narrowed = byServerName(
    byDestination(
      chains.filter(chain => chain !== fallback),
      connection.ip,
    ),
    connection.serverName,
  );
  // An HTTP chain asks for plain text, which is looked at before chains that ask for nothing.
  const http = narrowed.find(({target}) => target.kind === 'http');
  if (http && connection.serverName === undefined) return connection.http ? http : fallback;
  return narrowed.find(({target}) => target.kind === 'tcp') ?? fallback;
}

function byDestination(chains: readonly FilterChain[], ip: string): FilterChain[] {
  const lengthOf = ({destinations}: FilterChain) =>
    destinations.length === 0 ? 0 : Math.max(-1, ...destinations.map(range => prefixLength(range, ip) ?? -1));
  const longest = Math.max(-1, ...chains.map(lengthOf));
  return longest < 0 ? [] : chains.filter(chain => lengthOf(chain) === longest);
}

function byServerName(chains: readonly FilterChain[], name: string | undefined): FilterChain[] {
  const any = chains.filter(({serverNames}) => serverNames.length === 0 || serverNames.includes('*'));
  if (name === undefined) return any;
  const labels = name.toLowerCase().split('.');
  const patterns = [
    labels.join('.'),
    ...labels.slice(1).map((_, index) => `*.${labels.slice(index + 1).join('.')}`),
  ];
  for (const pattern of patterns) {
    const named = chains.filter(({serverNames}) => serverNames.includes(pattern));
    if (named.length > 0) return named;
  }
  return any;
}
