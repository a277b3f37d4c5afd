import {createPrivateKey, X509Certificate} from 'node:crypto';
import {admin} from '../api/authentication.ts';
import {type Credentials, createCredentials, type KeyPair} from '../api/certificates.ts';
import type {Clock} from '../clock.ts';
import {readJson, writeAtomically} from './state-folder.ts';

/** The certificates of the first start, or new ones where those are damaged or not valid now. */
export async function keptCredentials(path: string, clock: Clock): Promise<Credentials> {
  const kept = readJson<Credentials>(path);
  if (kept && areUsable(kept, clock.now())) return kept;
  const made = await createCredentials({now: clock.now(), user: admin});
  writeAtomically(path, JSON.stringify(made));
  return made;
}

function areUsable({authority, server, client}: Credentials, now: number): boolean {
  try {
    const issuer = new X509Certificate(authority);
    return isValid(issuer, now) && [server, client].every(pair => isIssuedBy(issuer, pair, now));
  } catch {
    return false;
  }
}

function isIssuedBy(issuer: X509Certificate, {certificate, key}: KeyPair, now: number): boolean {
  const issued = new X509Certificate(certificate);
  return (
    isValid(issued, now) && issued.verify(issuer.publicKey) && issued.checkPrivateKey(createPrivateKey(key))
  );
}

function isValid({validFrom, validTo}: X509Certificate, now: number): boolean {
  return Date.parse(validFrom) <= now && now < Date.parse(validTo);
}
