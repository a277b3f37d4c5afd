/**
 * Takes `host:port` apart as Go's `net.SplitHostPort` does.
 * @returns the fault in Go's words where it can't, with both parts empty
 */
export function splitHostPort(text: string): {host: string; port: string; fault?: string} {
  const fault = (why: string) => ({host: '', port: '', fault: `address ${text}: ${why}`});
  const colon = text.lastIndexOf(':');
  if (colon < 0) return fault('missing port in address');
  const port = text.slice(colon + 1);
  let host = text.slice(0, colon);
  let [open, close] = [0, 0];
  if (text.startsWith('[')) {
    const end = text.indexOf(']');
    if (end < 0) return fault("missing ']' in address");
    if (end + 1 === text.length) return fault('missing port in address');
    if (end + 1 !== colon) {
      return fault(text[end + 1] === ':' ? 'too many colons in address' : 'missing port in address');
    }
    host = text.slice(1, end);
    [open, close] = [1, end + 1];
  } else if (host.includes(':')) return fault('too many colons in address');
  if (text.slice(open).includes('[')) return fault("unexpected '[' in address");
  if (text.slice(close).includes(']')) return fault("unexpected ']' in address");
  return {host, port};
}
