import type {Collector} from './findings.ts';
import {quoted} from './go-format.ts';

export interface ClientTls {
  mode?: string;
  clientCertificate?: string;
  privateKey?: string;
  caCertificates?: string;
  caCrl?: string;
  credentialName?: string;
  subjectAltNames?: string[];
  insecureSkipVerify?: boolean | null;
}

/** How a proxy opens TLS to a destination (Istio: `ValidateTLS`). */
export function validateClientTls(tls: ClientTls | undefined, namespace: string, found: Collector): void {
  if (!tls) return;
  const {credentialName, caCertificates, clientCertificate, privateKey, caCrl} = tls;
  const mode = tls.mode ?? 'DISABLE';
  validateConfigMap(credentialName ?? '', namespace, found);
  if (tls.insecureSkipVerify) {
    const names = (tls.subjectAltNames?.length ?? 0) > 0;
    if (mode === 'SIMPLE' && (caCertificates || credentialName || names)) {
      found.error(
        'cannot specify CaCertificates or CredentialName or SubjectAltNames when InsecureSkipVerify is set true',
      );
    }
    if (mode === 'MUTUAL' && (caCertificates || names)) {
      found.error('cannot specify CaCertificates or SubjectAltNames when InsecureSkipVerify is set true');
    }
  }
  if (credentialName && (mode === 'SIMPLE' || mode === 'MUTUAL')) {
    if (clientCertificate || caCertificates || privateKey || caCrl) {
      found.error('cannot specify client certificates or CA certificate or CA CRL If credentialName is set');
    }
  } else if (mode === 'MUTUAL') {
    if (!clientCertificate) found.error('client certificate required for mutual tls');
    if (!privateKey) found.error('private key required for mutual tls');
  }
}

const configMapScheme = 'configmap://';

function validateConfigMap(resource: string, namespace: string, found: Collector): void {
  if (!resource.startsWith(configMapScheme)) return;
  const [own = '', name] = resource.slice(configMapScheme.length).split('/');
  const missing =
    name === undefined ? 'namespace and name' : own === '' ? 'namespace' : name === '' ? 'name' : undefined;
  if (missing) {
    found.error(
      `invalid configmap:// credentialName: invalid resource name ${quoted(resource)}. Expected ${missing}`,
    );
  } else if (own !== namespace) {
    found.error(
      `invalid configmap:// credentialName: namespace must match the configuration namespace ${quoted(namespace)}`,
    );
  }
}
