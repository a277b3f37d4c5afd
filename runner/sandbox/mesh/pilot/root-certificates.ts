import 'reflect-metadata';
import {webcrypto} from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type {ApiClient} from '../../api/client.ts';
import {ApiError} from '../../api/errors.ts';
import type {Clock} from '../../clock.ts';
import type {KubeObject} from '../../objects.ts';

const algorithm = {name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256'};
const day = 24 * 60 * 60 * 1000;
const untouched = new Set(['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage']);

/** istiod's own authority: kept in the secret `istio-ca-secret`, published to every namespace. */
export interface RootCertificates {
  /** PEM. */
  root: string;
  stop(): void;
}

export async function createRootCertificates(options: {
  client: ApiClient;
  clock: Clock;
  /** Where istiod runs. */
  namespace: string;
}): Promise<RootCertificates> {
  const {client, namespace} = options;
  const root = stored(client, namespace) ?? (await create(options));

  function publish(target: string): void {
    const data = {'root-cert.pem': root};
    const known = client.get('configmaps', 'istio-ca-root-cert', target);
    if (known?.['data']?.['root-cert.pem'] === root) return;
    const labels = {'istio.io/config': 'true'};
    attempt(() =>
      known
        ? client.update('configmaps', {...known, data})
        : client.create('configmaps', {
            apiVersion: 'v1',
            kind: 'ConfigMap',
            metadata: {name: 'istio-ca-root-cert', namespace: target, labels},
            data,
          }),
    );
  }

  const pending = new Set<string>();
  let stopped = false;
  const later = (target: string) => {
    if (pending.has(target)) return;
    pending.add(target);
    queueMicrotask(() => {
      pending.delete(target);
      if (!stopped) publish(target);
    });
  };
  const stops = [
    client.watch('namespaces', {}, ({type, object}) => {
      const {name, deletionTimestamp} = object.metadata;
      if (type !== 'DELETED' && !deletionTimestamp && !untouched.has(name)) later(name);
    }),
    client.watch('configmaps', {}, ({type, object}) => {
      const {name, namespace: target = ''} = object.metadata;
      if (name !== 'istio-ca-root-cert' || type === 'ADDED') return;
      const home = client.get('namespaces', target);
      if (home && !home.metadata.deletionTimestamp) later(target);
    }),
  ];
  return {
    root,
    stop() {
      stopped = true;
      for (const stop of stops) stop();
    },
  };
}

function stored(client: ApiClient, namespace: string): string | undefined {
  const secret = client.get<KubeObject>('secrets', 'istio-ca-secret', namespace);
  const encoded: string | undefined = secret?.['data']?.['ca-cert.pem'];
  return encoded ? Buffer.from(encoded, 'base64').toString() : undefined;
}

async function create(options: {client: ApiClient; clock: Clock; namespace: string}): Promise<string> {
  const {client, clock, namespace} = options;
  x509.cryptoProvider.set(webcrypto as unknown as Parameters<typeof x509.cryptoProvider.set>[0]);
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: [{O: ['cluster.local']}],
    notBefore: new Date(clock.now() - day),
    notAfter: new Date(clock.now() + 3650 * day),
    signingAlgorithm: algorithm,
    keys,
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
  });
  const pem = `${certificate.toString('pem')}\n`;
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  const encode = (text: string) => Buffer.from(text).toString('base64');
  attempt(() =>
    client.create('secrets', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {name: 'istio-ca-secret', namespace},
      type: 'istio.io/ca-root',
      data: {
        'ca-cert.pem': encode(pem),
        'ca-key.pem': encode(x509.PemConverter.encode(pkcs8, 'PRIVATE KEY')),
      },
    }),
  );
  return stored(client, namespace) ?? pem;
}

/** A namespace may vanish, or another istiod be first: both are no fault. */
function attempt(write: () => unknown): void {
  try {
    write();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
}
