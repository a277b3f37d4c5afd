import type {Collector} from './findings.ts';
import {quoted} from './go-format.ts';
import {splitHostPort} from './host-port.ts';
import {validatePortNumber} from './names.ts';
import {isUnixAddress, validateUnixAddress} from './unix-address.ts';

const ownAddresses = ['', '127.0.0.1', '0.0.0.0', '::1', '::'];

/** Where a sidecar sends what comes in: a port of its own pod, or a socket. */
export function validateDefaultEndpoint(endpoint: string, found: Collector): void {
  if (isUnixAddress(endpoint)) return validateUnixAddress(endpoint, found);
  const {host, port, fault} = splitHostPort(endpoint);
  if (fault) found.error(fault);
  if (!ownAddresses.includes(host)) {
    found.error(
      'sidecar: defaultEndpoint must be of form 127.0.0.1:<port>,0.0.0.0:<port>,[::1]:port,[::]:port,unix://filepath or unset',
    );
  }
  if (/^[+-]?\d{1,18}$/.test(port)) validatePortNumber(Number(port), found);
  else {
    const why = /^[+-]?\d+$/.test(port) ? 'value out of range' : 'invalid syntax';
    found.error(
      `sidecar: defaultEndpoint port (${port}) is not a number: strconv.Atoi: parsing ${quoted(port)}: ${why}`,
    );
  }
}
