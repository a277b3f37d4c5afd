import type {Kube, Right} from '../kube/kube.ts';

interface NeededRight extends Right {
  /** What can't be done without it. */
  for: string;
  /** Only where the workshop installs Istio itself. */
  installing?: true;
}

const bookinfo = 'bookinfo';

const needed: readonly NeededRight[] = [
  {verb: 'create', group: '', resource: 'namespaces', for: 'making the namespaces of the labs'},
  {verb: 'delete', group: '', resource: 'namespaces', for: 'removing them again'},
  {verb: 'patch', group: '', resource: 'namespaces', for: 'labelling them'},
  {
    verb: 'create',
    group: 'apiextensions.k8s.io',
    resource: 'customresourcedefinitions',
    for: 'installing Istio',
    installing: true,
  },
  {
    verb: 'create',
    group: 'rbac.authorization.k8s.io',
    resource: 'clusterroles',
    for: 'installing Istio',
    installing: true,
  },
  {
    verb: 'create',
    group: 'admissionregistration.k8s.io',
    resource: 'mutatingwebhookconfigurations',
    for: 'installing Istio',
    installing: true,
  },
  {
    verb: 'create',
    group: 'apps',
    resource: 'deployments',
    namespace: bookinfo,
    for: 'deploying Bookinfo',
  },
  {
    verb: 'create',
    group: 'networking.istio.io',
    resource: 'virtualservices',
    namespace: bookinfo,
    for: 'writing routes',
  },
  {
    verb: 'list',
    group: '',
    resource: 'pods',
    namespace: bookinfo,
    for: 'every check',
  },
  {
    verb: 'create',
    group: '',
    resource: 'pods',
    subresource: 'portforward',
    namespace: bookinfo,
    for: 'opening the product page',
  },
  {
    // A port-forward over a WebSocket begins as a GET.
    verb: 'get',
    group: '',
    resource: 'pods',
    subresource: 'portforward',
    namespace: bookinfo,
    for: 'opening the product page',
  },
];

/** The rights that are missing, one line each: `create pods/portforward in bookinfo, for opening the product page`. */
export async function missingRights(kube: Kube, options: {installing: boolean}): Promise<readonly string[]> {
  const asked = needed.filter(right => options.installing || !right.installing);
  const answers = await Promise.all(
    asked.map(({for: _, installing: __, ...right}) => kube.can(right).catch(() => false)),
  );
  return asked.filter((_, index) => !answers[index]).map(describe);
}

function describe({verb, group, resource, subresource, namespace, for: purpose}: NeededRight): string {
  const name = [group ? `${resource}.${group}` : resource, subresource].filter(Boolean).join('/');
  return `${verb} ${name}${namespace ? ` in ${namespace}` : ''}, for ${purpose}`;
}
