import {timingSafeEqual} from 'node:crypto';
import {ApiError} from './errors.ts';
import type {ApiRequest, UserInfo} from './messages.ts';

/** Who the kubeconfig of the sandbox stands for. */
export const admin: UserInfo = {
  username: 'kubernetes-admin',
  groups: ['kubeadm:cluster-admins', 'system:authenticated'],
};

/** Finds out who asks; `--as` is honoured for the admin. @throws ApiError 401 when nobody valid does. */
export function authenticate(
  request: ApiRequest,
  accepted: {tokens: ReadonlyMap<string, UserInfo>; verify(token: string): UserInfo | undefined},
): UserInfo {
  const user = userOfToken(request.headers['authorization'], accepted) ?? request.certificate;
  if (!user) throw new ApiError(401, 'Unauthorized', 'Unauthorized');
  const impersonated = request.headers['impersonate-user'];
  if (!impersonated) return user;
  if (!isAdmin(user)) {
    throw new ApiError(
      403,
      'Forbidden',
      `users "${impersonated}" is forbidden: User "${user.username}" cannot impersonate resource "users" in API group "" at the cluster scope`,
      {name: impersonated, kind: 'users'},
    );
  }
  const groups = request.headers['impersonate-group']?.split(',').map(group => group.trim()) ?? [];
  return {username: impersonated, groups: [...groups, 'system:authenticated']};
}

export function isAdmin(user: UserInfo): boolean {
  return user.groups.includes('kubeadm:cluster-admins') || user.groups.includes('system:masters');
}

function userOfToken(
  authorization: string | undefined,
  {tokens, verify}: Parameters<typeof authenticate>[1],
): UserInfo | undefined {
  const given = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1];
  if (given === undefined) return undefined;
  const bytes = Buffer.from(given);
  for (const [token, user] of tokens) {
    const expected = Buffer.from(token);
    if (expected.length === bytes.length && timingSafeEqual(expected, bytes)) return user;
  }
  const user = verify(given);
  if (user) return user;
  throw new ApiError(401, 'Unauthorized', 'Unauthorized');
}
