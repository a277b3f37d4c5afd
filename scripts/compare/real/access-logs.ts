import {closeSync, openSync, readSync, writeFileSync} from 'node:fs';

/** The header by which a line of the access log is found again. */
export const requestIdHeader = 'x-compare-id';

/** What Envoy notes of each request. */
export interface AccessLogEntry {
  id: string;
  flags: string;
  route: string;
  cluster: string;
  details: string;
}

/** For the mesh's `accessLogFormat`. */
export const accessLogFormat: Record<keyof AccessLogEntry, string> = {
  id: `%REQ(${requestIdHeader.toUpperCase()})%`,
  flags: '%RESPONSE_FLAGS%',
  route: '%ROUTE_NAME%',
  cluster: '%UPSTREAM_CLUSTER_RAW%',
  details: '%RESPONSE_CODE_DETAILS%',
};

export interface AccessLogs {
  follow(file: string): void;
  /** Whether the line of that request was written. */
  has(id: string): boolean;
  take(id: string): AccessLogEntry | undefined;
  close(): void;
}

/** Follows the access logs of several proxies. */
export function accessLogs(): AccessLogs {
  const tails: {file: number; offset: number; rest: string}[] = [];
  const entries = new Map<string, AccessLogEntry>();
  const buffer = Buffer.alloc(1 << 20);

  function readOn(): void {
    for (const tail of tails) {
      const length = readSync(tail.file, buffer, 0, buffer.length, tail.offset);
      if (length === 0) continue;
      tail.offset += length;
      const lines = (tail.rest + buffer.toString('utf8', 0, length)).split('\n');
      tail.rest = lines.pop() ?? '';
      for (const line of lines) {
        if (!line.startsWith('{')) continue;
        const entry = JSON.parse(line) as AccessLogEntry;
        if (entry.id) entries.set(entry.id, entry);
      }
    }
  }

  return {
    follow(file) {
      writeFileSync(file, '');
      tails.push({file: openSync(file, 'r'), offset: 0, rest: ''});
    },
    has(id) {
      if (!entries.has(id)) readOn();
      return entries.has(id);
    },
    take(id) {
      const entry = entries.get(id);
      entries.delete(id);
      return entry;
    },
    close() {
      for (const {file} of tails) closeSync(file);
    },
  };
}
