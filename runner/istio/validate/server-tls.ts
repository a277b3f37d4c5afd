import type {Collector} from './findings.ts';
import {list} from './go-format.ts';

export interface ServerTls {
  mode?: string;
  httpsRedirect?: boolean;
  serverCertificate?: string;
  privateKey?: string;
  caCertificates?: string;
  caCrl?: string;
  credentialName?: string;
  credentialNames?: string[];
  tlsCertificates?: {serverCertificate?: string; privateKey?: string}[];
  subjectAltNames?: string[];
  minProtocolVersion?: string;
  cipherSuites?: string[];
}

/** How a proxy answers TLS (Istio: `validateTLSOptions`). */
export function validateServerTls(tls: ServerTls | undefined, found: Collector): void {
  if (!tls) return;
  const mode = tls.mode ?? 'PASSTHROUGH';
  const named = Boolean(tls.credentialName || tls.credentialNames?.length);
  warnCiphers(tls, found);
  if (mode === 'ISTIO_MUTUAL') return refuseOwnCertificates(tls, found);
  if (mode === 'PASSTHROUGH' || mode === 'AUTO_PASSTHROUGH') {
    if (tls.caCrl || named || ownCertificates(tls).some(([, value]) => value)) {
      found.warn(`${mode} mode does not use certificates, they will be ignored`);
    }
  }
  const sources = [
    tls.serverCertificate && tls.privateKey,
    tls.credentialName,
    tls.credentialNames?.length,
    tls.tlsCertificates?.length,
  ];
  if (sources.filter(Boolean).length > 1) {
    found.error(
      'only one of credential_name, credential_names, server_certificate/private_key, tls_certificates should be specified',
    );
  }
  const terminates = ['SIMPLE', 'MUTUAL', 'OPTIONAL_MUTUAL'].includes(mode);
  // Certificates that are named come from secrets, and bring everything else along.
  if (terminates && named) return;
  if (terminates) requireCertificates(tls, mode === 'SIMPLE' ? 'SIMPLE TLS' : 'MUTUAL TLS', found);
  if (!tls.caCrl) return;
  if (tls.credentialName) {
    found.error('CRL is not supported with credentialName. CRL has to be specified in the credential');
  }
  if (mode === 'SIMPLE') found.error('CRL is not supported with SIMPLE TLS');
}

function ownCertificates(tls: ServerTls): [what: string, value: unknown][] {
  return [
    ['server certificate', tls.serverCertificate],
    ['private key', tls.privateKey],
    ['CA bundle', tls.caCertificates],
    ['tlsCertificates', tls.tlsCertificates?.length],
  ];
}

function refuseOwnCertificates(tls: ServerTls, found: Collector): void {
  const all = [
    ...ownCertificates(tls),
    ['credentialName', tls.credentialName],
    ['credentialNames', tls.credentialNames?.length],
  ] as const;
  for (const [what, value] of all) {
    if (value) found.error(`ISTIO_MUTUAL TLS cannot have associated ${what}`);
  }
}

function requireCertificates(tls: ServerTls, kind: string, found: Collector): void {
  if (kind === 'MUTUAL TLS' && !tls.caCertificates) found.error(`${kind} requires a client CA bundle`);
  const certificates = tls.tlsCertificates?.length ? tls.tlsCertificates : [tls];
  for (const {serverCertificate, privateKey} of certificates) {
    if (!serverCertificate) found.error(`${kind} requires a server certificate`);
    if (!privateKey) found.error(`${kind} requires a private key`);
  }
}

const cipherSuites = new Set([
  ...['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES256-GCM-SHA384'],
  ...['ECDHE-RSA-AES256-GCM-SHA384', 'ECDHE-ECDSA-CHACHA20-POLY1305', 'ECDHE-RSA-CHACHA20-POLY1305'],
  ...['ECDHE-ECDSA-AES128-SHA', 'ECDHE-RSA-AES128-SHA', 'ECDHE-ECDSA-AES256-SHA', 'ECDHE-RSA-AES256-SHA'],
  ...['AES128-GCM-SHA256', 'AES256-GCM-SHA384', 'AES128-SHA', 'AES256-SHA', 'DES-CBC3-SHA'],
  ...['', 'ALL'],
]);

function warnCiphers(
  {minProtocolVersion = '', cipherSuites: suites = []}: ServerTls,
  found: Collector,
): void {
  if (['TLSV1_0', 'TLSV1_1'].includes(minProtocolVersion) && suites.length === 0) {
    found.warn(
      'TLS version below TLSV1_2 require setting compatible ciphers as by default they no longer include compatible ciphers.',
    );
  }
  // What starts with an operator (`-`, `+`, `!`) is an expression, which Istio does not look into.
  const known = (suite: string) => cipherSuites.has(suite) || !/^[\p{L}\p{N}]/u.test(suite);
  const sorted = (wanted: (suite: string, index: number) => boolean) =>
    list([...new Set(suites.filter(wanted))].sort());
  const invalid = sorted(suite => !known(suite));
  const duplicate = sorted((suite, index) => known(suite) && suites.indexOf(suite) !== index);
  if (invalid !== '[]') found.warn(`ignoring invalid cipher suites: ${invalid}`);
  if (duplicate !== '[]') found.warn(`ignoring duplicate cipher suites: ${duplicate}`);
}
