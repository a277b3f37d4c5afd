/** An error as node:net and node:dns make it, so that clients cannot tell the difference. */
export function connectError(
  code: 'ECONNREFUSED' | 'ECONNRESET' | 'ETIMEDOUT' | 'EPROTO',
  address: string,
  port: number,
): NodeJS.ErrnoException {
  const numbers = {ECONNREFUSED: -111, ECONNRESET: -104, ETIMEDOUT: -110, EPROTO: -71};
  return Object.assign(new Error(`connect ${code} ${address}:${port}`), {
    code,
    errno: numbers[code],
    syscall: 'connect',
    address,
    port,
  });
}

export function notFoundError(hostname: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), {
    code: 'ENOTFOUND',
    errno: -3008,
    syscall: 'getaddrinfo',
    hostname,
  });
}

export function addressInUseError(address: string, port: number): NodeJS.ErrnoException {
  return Object.assign(new Error(`listen EADDRINUSE: address already in use ${address}:${port}`), {
    code: 'EADDRINUSE',
    errno: -98,
    syscall: 'listen',
    address,
    port,
  });
}
