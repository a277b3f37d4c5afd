import {createHmac, randomBytes, timingSafeEqual} from 'node:crypto';
import type {UserInfo} from './messages.ts';

export interface TokenClaims {
  namespace: string;
  name: string;
  uid: string;
  /** Milliseconds since the epoch, as `expires`. */
  issued: number;
  expires: number;
  audiences: readonly string[];
}

/** Signs and recognises the tokens of service accounts; they last as long as the server's process at most. */
export interface TokenIssuer {
  issue(claims: TokenClaims): string;
  /** Who a token stands for; undefined when it is not ours, has expired, or its account is gone. */
  verify(token: string, now: number): UserInfo | undefined;
}

/** @param accounts the service accounts that there are: a token ends with the one that it was made for */
export function createTokenIssuer(accounts: {
  uidOf(namespace: string, name: string): string | undefined;
}): TokenIssuer {
  const secret = randomBytes(32);
  const sign = (text: string) => createHmac('sha256', secret).update(text).digest();

  return {
    issue(claims) {
      const seconds = (milliseconds: number) => Math.floor(milliseconds / 1000);
      const payload = {
        aud: claims.audiences,
        exp: seconds(claims.expires),
        iat: seconds(claims.issued),
        iss: 'https://kubernetes.default.svc.cluster.local',
        'kubernetes.io': {
          namespace: claims.namespace,
          serviceaccount: {name: claims.name, uid: claims.uid},
        },
        nbf: seconds(claims.issued),
        sub: `system:serviceaccount:${claims.namespace}:${claims.name}`,
      };
      const text = `${encode({alg: 'HS256', typ: 'JWT'})}.${encode(payload)}`;
      return `${text}.${sign(text).toString('base64url')}`;
    },
    verify(token, now) {
      const [header = '', payload = '', signature = ''] = token.split('.');
      const expected = sign(`${header}.${payload}`);
      const given = Buffer.from(signature, 'base64url');
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
      if (claims.exp * 1000 <= now) return undefined;
      const {namespace, serviceaccount} = claims['kubernetes.io'];
      if (accounts.uidOf(namespace, serviceaccount.name) !== serviceaccount.uid) return undefined;
      return {
        username: claims.sub,
        groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
      };
    },
  };
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
