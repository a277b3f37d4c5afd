/** What `-w` can print of a transfer. */
export interface TransferFacts {
  exitCode: number;
  errorText: string;
  code: number;
  url: string;
  effectiveUrl: string;
  method: string;
  contentType: string;
  downloaded: number;
  uploaded: number;
  headerBytes: number;
  connects: number;
  redirects: number;
  redirectUrl: string;
  remoteIp: string;
  remotePort: number;
  /** Milliseconds. */
  connected: number;
  firstByte: number;
  total: number;
  headers: ReadonlyMap<string, string>;
}

/** Fills in `%{http_code}` and its like, `%header{name}`, `%%`, and `\n`, `\t`, `\r`. Unknown ones are named. */
export function writeOut(format: string, facts: TransferFacts): string {
  const time = (milliseconds: number) => (milliseconds / 1000).toFixed(6);
  const values: Record<string, string> = {
    http_code: String(facts.code).padStart(3, '0'),
    response_code: String(facts.code).padStart(3, '0'),
    http_version: facts.code === 0 ? '0' : '1.1',
    time_total: time(facts.total),
    time_namelookup: time(0),
    time_connect: time(facts.connected),
    time_appconnect: time(0),
    time_pretransfer: time(facts.connected),
    time_redirect: time(0),
    time_starttransfer: time(facts.firstByte),
    size_download: String(facts.downloaded),
    size_upload: String(facts.uploaded),
    size_header: String(facts.headerBytes),
    speed_download: String(facts.total === 0 ? 0 : Math.floor((facts.downloaded * 1000) / facts.total)),
    num_connects: String(facts.connects),
    num_redirects: String(facts.redirects),
    redirect_url: facts.redirectUrl,
    remote_ip: facts.remoteIp,
    remote_port: String(facts.remotePort),
    content_type: facts.contentType,
    url: facts.url,
    url_effective: facts.effectiveUrl,
    method: facts.method,
    scheme: facts.effectiveUrl.split(':')[0] ?? '',
    exitcode: String(facts.exitCode),
    errormsg: facts.errorText,
  };
  return format.replace(
    /%\{(\w+)\}|%header\{([^{}]*)\}|%%|\\([ntr\\])/g,
    (all, name?: string, header?: string, control?: string) => {
      if (all === '%%') return '%';
      if (name !== undefined) return values[name] ?? `curl: unknown --write-out variable: '${name}'\n`;
      if (header !== undefined) return facts.headers.get(header.toLowerCase()) ?? '';
      return {n: '\n', t: '\t', r: '\r', '\\': '\\'}[control as 'n'];
    },
  );
}
