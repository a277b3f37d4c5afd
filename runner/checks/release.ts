import type {Checker} from './context.ts';

/**
 * A Helm release that must be deployed: one that an interrupted or failed install left behind has brought objects into
 * the cluster, and is not installed. Read from where Helm 3 keeps it, a Secret for each revision with the release's name
 * and status as labels: https://helm.sh/docs/topics/advanced/#storage-backends
 */
export const checkRelease: Checker<'release'> = async ({name, namespace}, {kube}) => {
  const revisions = await kube.list('secrets', {namespace, labels: `owner=helm,name=${name}`});
  const last = revisions
    .map(({metadata}) => ({
      revision: Number(metadata.labels?.['version']),
      status: metadata.labels?.['status'],
    }))
    .sort((a, b) => a.revision - b.revision)
    .at(-1);
  const passed = last?.status === 'deployed';
  return {
    verdict: passed ? 'passed' : 'failed',
    label: `release ${name} -n ${namespace}`,
    expected: 'deployed',
    seen: last?.status ?? 'not there',
    ...(last && !passed
      ? {remedies: ['Run the install of this step again: what is half there is made whole']}
      : {}),
  };
};
