import {parseAllDocuments} from 'yaml';
import type {Lab} from '../catalog/lab.ts';
import {readShell} from '../catalog/shell.ts';
import {buildSnapshot} from '../istio/build-snapshot.ts';
import type {MeshSnapshot} from '../istio/snapshot.ts';
import type {IstioObject} from '../istio/types.ts';

/**
 * A cluster that is nothing but a list of objects: `apply` keeps the age of what is there already, pods of
 * a Deployment run at once. Enough to ask the decision and the causes about a lab's files.
 */
export class BookinfoMesh {
  #objects: IstioObject[] = [];
  #clock = 0;

  /** Another one that holds the same; what is done to it leaves this one as it is. */
  copy(): BookinfoMesh {
    const made = new BookinfoMesh();
    made.#objects = [...this.#objects];
    made.#clock = this.#clock;
    return made;
  }

  apply(yaml: string, namespace?: string): void {
    for (const document of parseAllDocuments(yaml)) {
      const object: IstioObject | null = document.toJS();
      if (!object) continue;
      const metadata = {...object.metadata, namespace: object.metadata.namespace ?? namespace ?? 'default'};
      this.#clock += 1;
      const creationTimestamp = new Date(Date.UTC(2026, 0, 1, 0, 0, this.#clock)).toISOString();
      const index = this.#objects.findIndex(other => isSame(other, {...object, metadata}));
      const old = this.#objects[index]?.metadata.creationTimestamp;
      const made = {...object, metadata: {...metadata, creationTimestamp: old ?? creationTimestamp}};
      if (index < 0) this.#objects.push(made);
      else this.#objects[index] = made;
    }
  }

  /** Runs an ingress gateway, as Istio's chart makes it for a release of that name. */
  installGateway(release = 'istio-ingressgateway'): void {
    const labels = {app: release, istio: release.replace(/^istio-/, '')};
    this.apply(
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: {name: release, namespace: 'istio-ingress'},
        spec: {selector: labels, ports: [{name: 'http2', port: 80, targetPort: 80}]},
      }),
    );
    this.apply(
      JSON.stringify({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: {name: release, namespace: 'istio-ingress'},
        spec: {
          template: {
            metadata: {labels},
            spec: {containers: [{name: 'istio-proxy', args: ['proxy', 'router']}]},
          },
        },
      }),
    );
  }

  /** The pods as the API returns them. */
  pods(): readonly IstioObject[] {
    const deployments = this.#objects.filter(({kind, spec}) => kind === 'Deployment' && spec?.replicas !== 0);
    return [istiod, ...deployments.map(podOf)];
  }

  delete(kind: string, name: string, namespace: string): void {
    this.#objects = this.#objects.filter(
      ({kind: other, metadata}) =>
        other.toLowerCase() !== kind || metadata.name !== name || metadata.namespace !== namespace,
    );
  }

  /** Runs what a lab does with kubectl, with one file swapped for another where asked. */
  solve(lab: Lab, swapped?: {file: string; content: string}): void {
    const files = new Map(lab.manifests.map(({name, content}) => [name, content]));
    for (const block of lab.steps.flatMap(step => step.blocks)) {
      if (block.kind === 'file') files.set(block.name, block.content);
      if (block.kind !== 'command') continue;
      for (const [program, verb, ...words] of readShell(block.text).calls) {
        if (program !== 'kubectl') continue;
        const namespace = words[words.indexOf('-n') + 1];
        if (verb === 'delete') this.delete(words[0] ?? '', words[1] ?? '', namespace ?? '');
        if (verb !== 'apply') continue;
        const file = words[words.indexOf('-f') + 1] ?? '';
        if (file === swapped?.file) this.apply(swapped.content);
        else this.apply(files.get(file) ?? '', namespace);
      }
    }
  }

  /** Everything as the API returns it. */
  items(): readonly IstioObject[] {
    const services = this.#objects.filter(({kind}) => kind === 'Service').map(withAddress);
    const others = this.#objects.filter(({kind}) => kind !== 'Service');
    return [...services, ...others, ...this.pods(), bookinfo];
  }

  snapshot(change: (pods: IstioObject[]) => IstioObject[] = pods => pods): MeshSnapshot {
    const items = this.items();
    return buildSnapshot({
      services: items.filter(({kind}) => kind === 'Service'),
      pods: change([...this.pods()]),
      namespaces: [bookinfo],
      config: items.filter(({apiVersion}) => /istio\.io\/|^gateway\.networking\.k8s\.io\//.test(apiVersion)),
    });
  }
}

const bookinfo: IstioObject = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: {name: 'bookinfo', labels: {'istio-injection': 'enabled'}},
};

function isSame(left: IstioObject, right: IstioObject): boolean {
  return (
    left.kind === right.kind &&
    left.metadata.name === right.metadata.name &&
    left.metadata.namespace === right.metadata.namespace
  );
}

/** Kubernetes gives every Service an address of its own. */
function withAddress(service: IstioObject, index: number): IstioObject {
  return {...service, spec: {clusterIP: `10.96.0.${index + 1}`, ...service.spec}};
}

const running = {phase: 'Running', conditions: [{type: 'Ready', status: 'True'}]};

const istiod: IstioObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {name: 'istiod-0', namespace: 'istio-system', labels: {app: 'istiod', 'istio.io/rev': 'default'}},
  status: {...running, podIP: '10.0.0.1'},
};

function podOf(deployment: IstioObject, index: number): IstioObject {
  const {metadata, spec} = deployment.spec.template;
  const hash = '5d8f7c9b6d';
  const injected = metadata.labels['sidecar.istio.io/inject'] !== 'false';
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${deployment.metadata.name}-${hash}-abcde`,
      namespace: deployment.metadata.namespace ?? '',
      labels: {
        ...metadata.labels,
        'pod-template-hash': hash,
        ...(injected ? {'security.istio.io/tlsMode': 'istio'} : {}),
      },
      ...{
        ownerReferences: [
          {kind: 'ReplicaSet', name: `${deployment.metadata.name}-${hash}`, controller: true},
        ],
      },
    },
    spec,
    status: {...running, podIP: `10.0.1.${index + 1}`},
  };
}
