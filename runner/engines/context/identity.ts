import {createHash} from 'node:crypto';
import {WorkshopError} from '../../errors.ts';
import type {Kube} from '../kube/kube.ts';
import {KubeError} from '../kube/rest.ts';

/**
 * What tells this cluster from any other: the UID of kube-system, which is made with the cluster and never again.
 * Who may not read that namespace is told clusters apart by their certificate authority.
 * @param recorded what the workshop remembers: a right that came or went since does not make it another cluster.
 */
export async function clusterIdentity(kube: Kube, recorded?: string): Promise<string> {
  const byAuthority = authorityOf(kube);
  if (recorded === byAuthority) return recorded;
  try {
    const namespace = await kube.get('namespaces', 'kube-system');
    if (namespace) return namespace.metadata.uid;
  } catch (error) {
    if (!(error instanceof KubeError && error.code === 403)) throw error;
  }
  return byAuthority;
}

function authorityOf(kube: Kube): string {
  const cluster = kube.config.getCurrentCluster();
  const authority = cluster?.caData ?? cluster?.server ?? '';
  return `ca-${createHash('sha256').update(authority).digest('hex').slice(0, 32)}`;
}

/** @throws WorkshopError `other-cluster` when the context leads to another cluster than before. */
export function requireSameCluster(options: {
  context: string;
  recorded: string | undefined;
  found: string;
}): void {
  const {context, recorded, found} = options;
  if (recorded === undefined || recorded === found) return;
  throw new WorkshopError({
    code: 'other-cluster',
    message: `The context "${context}" leads to another cluster than the one that this workshop began on.`,
    detail: `It was ${identityText(recorded)}, and is ${identityText(found)} now.`,
    remedies: [
      'Make the context lead to the old cluster again',
      'Or begin another workshop on this one: --workshop NAME --engine context',
    ],
  });
}

function identityText(identity: string): string {
  return identity.startsWith('ca-')
    ? `the one with the certificate authority ${identity.slice(3)}`
    : `the one whose kube-system has the UID ${identity}`;
}
