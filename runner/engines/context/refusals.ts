import {WorkshopError} from '../../errors.ts';
import {KubeError} from '../kube/rest.ts';

/**
 * Does something in a cluster that is not ours, where what the cluster refuses is for its owner to change. The API
 * server's own sentence names the right that is missing.
 * @throws WorkshopError `forbidden` for what the user may not do, and `cluster-unreachable` with what helps here.
 */
export async function inForeignCluster<T>(context: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explained(context, error);
  }
}

/** Whether nobody answers, who may answer later; a certificate that is not trusted stays so. */
export function isAway(error: unknown): boolean {
  if (!(error instanceof WorkshopError) || error.code !== 'cluster-unreachable') return false;
  for (let cause: unknown = error.cause; cause instanceof Error; cause = cause.cause) {
    const code = 'code' in cause ? String(cause.code) : '';
    if (/CERT|SELF_SIGNED|UNABLE_TO|^ERR_TLS|^EPROTO/.test(code)) return false;
  }
  return true;
}

function explained(context: string, error: unknown): unknown {
  if (error instanceof KubeError && error.code === 403) {
    return new WorkshopError({
      code: 'forbidden',
      message: `You may not do this in the cluster of the context "${context}".`,
      detail: error.message,
      remedies: [
        'Ask whoever runs the cluster for the right that is named',
        'See what you may do: kubectl auth can-i --list -n bookinfo',
      ],
      cause: error,
    });
  }
  if (error instanceof KubeError) {
    return new WorkshopError({
      code: 'cluster-refused',
      message: `The cluster of the context "${context}" refused a request.`,
      detail: `${error.code}: ${error.message}`,
      remedies: [`See whether kubectl gets an answer: kubectl --context ${context} get namespaces`],
      cause: error,
    });
  }
  if (error instanceof WorkshopError && error.code === 'cluster-unreachable') {
    return new WorkshopError({
      code: error.code,
      message: error.message,
      ...(error.detail === undefined ? {} : {detail: error.detail}),
      remedies: [
        `See whether kubectl reaches it: kubectl --context ${context} get --raw /version`,
        'Some clusters are reached only through a VPN or a proxy',
        'Or choose another cluster: --context NAME',
      ],
      cause: error,
    });
  }
  return error;
}
