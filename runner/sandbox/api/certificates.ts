import 'reflect-metadata';
import {webcrypto} from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type {UserInfo} from './messages.ts';

/** A certificate and its private key, both PEM. */
export interface KeyPair {
  certificate: string;
  key: string;
}

/** What a sandbox proves itself with, and its admin. */
export interface Credentials {
  /** PEM of the authority that signed both others; its key is not kept. */
  authority: string;
  server: KeyPair;
  client: KeyPair;
}

const algorithm = {name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256'};
const tenYears = 3650 * 24 * 60 * 60 * 1000;

/**
 * Makes an authority of its own, a server certificate for 127.0.0.1 and localhost, and a client certificate
 * for a user (CN is the name, O the groups). Valid from ten years ago for twenty years: a sandbox may lie idle for long,
 * and a clock may be set back.
 * @param options.now milliseconds since the epoch
 */
export async function createCredentials(options: {now: number; user: UserInfo}): Promise<Credentials> {
  x509.cryptoProvider.set(webcrypto as unknown as Parameters<typeof x509.cryptoProvider.set>[0]);
  const validity = {notBefore: new Date(options.now - tenYears), notAfter: new Date(options.now + tenYears)};
  const authorityKeys = await generateKeys();
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: [{CN: ['istio-workshop sandbox']}],
    ...validity,
    signingAlgorithm: algorithm,
    keys: authorityKeys,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(authorityKeys.publicKey),
    ],
  });

  async function issue(
    serialNumber: string,
    subject: x509.JsonName,
    usage: x509.ExtendedKeyUsage,
    extensions: x509.Extension[],
  ): Promise<KeyPair> {
    const keys = await generateKeys();
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber,
      subject,
      issuer: authority.subject,
      ...validity,
      signingAlgorithm: algorithm,
      publicKey: keys.publicKey,
      signingKey: authorityKeys.privateKey,
      extensions: [
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([usage]),
        await x509.AuthorityKeyIdentifierExtension.create(authorityKeys.publicKey),
        ...extensions,
      ],
    });
    const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
    return {certificate: certificate.toString('pem'), key: x509.PemConverter.encode(key, 'PRIVATE KEY')};
  }

  const names = new x509.SubjectAlternativeNameExtension([
    {type: 'ip', value: '127.0.0.1'},
    {type: 'dns', value: 'localhost'},
  ]);
  return {
    authority: authority.toString('pem'),
    server: await issue('02', [{CN: ['localhost']}], x509.ExtendedKeyUsage.serverAuth, [names]),
    client: await issue(
      '03',
      [...options.user.groups.map(group => ({O: [group]})), {CN: [options.user.username]}],
      x509.ExtendedKeyUsage.clientAuth,
      [],
    ),
  };
}

function generateKeys(): Promise<CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']) as Promise<CryptoKeyPair>;
}

type CryptoKeyPair = webcrypto.CryptoKeyPair;
