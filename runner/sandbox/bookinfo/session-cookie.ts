import {createHmac, timingSafeEqual} from 'node:crypto';

/**
 * Signs the session. It is a constant, as in the original, so that every replica reads every other's cookie and a
 * restart signs nobody out. It guards nothing: the page takes any password.
 */
const key = 'istio-workshop bookinfo';

const signatureOf = (payload: string) => createHmac('sha256', key).update(payload).digest();

/** The value of the cookie `session` for a signed-in user. */
export function sealSession(user: string, now: number): string {
  const payload = `${Buffer.from(JSON.stringify({user})).toString('base64url')}.${Math.floor(now / 1000).toString(36)}`;
  return `${payload}.${signatureOf(payload).toString('base64url')}`;
}

/** The user of a session cookie in a Cookie header; undefined without one, or when its signature is not ours. */
export function sessionUser(cookieHeader: string | undefined): string | undefined {
  const value = /(?:^|;\s*)session=([^;]*)/.exec(cookieHeader ?? '')?.[1];
  const match = /^(([\w-]+)\.[a-z\d]+)\.([\w-]+)$/.exec(value ?? '');
  if (match === null) return undefined;
  const [, payload = '', session = '', signature = ''] = match;
  const given = Buffer.from(signature, 'base64url');
  const wanted = signatureOf(payload);
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined;
  const {user} = JSON.parse(Buffer.from(session, 'base64url').toString('utf8'));
  return typeof user === 'string' && user !== '' ? user : undefined;
}
