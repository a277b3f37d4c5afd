import {gunzipSync, gzipSync} from 'node:zlib';
import {type RestClient, StatusError} from '../shared/rest.ts';

export type ReleaseStatus =
  | 'unknown'
  | 'deployed'
  | 'uninstalled'
  | 'superseded'
  | 'failed'
  | 'uninstalling'
  | 'pending-install'
  | 'pending-upgrade'
  | 'pending-rollback';

/** A release as helm 3 stores it: JSON, gzipped, in a Secret of its namespace. */
export interface Release {
  name: string;
  namespace: string;
  version: number;
  info: {
    first_deployed: string;
    last_deployed: string;
    deleted: string;
    description?: string;
    status: ReleaseStatus;
    notes?: string;
  };
  chart: {
    metadata: any;
    lock: any;
    templates: StoredFile[];
    values: any;
    schema: any;
    files: StoredFile[];
    [field: string]: any;
  };
  config?: Record<string, any>;
  manifest: string;
  hooks?: any[];
}

export interface StoredFile {
  name: string;
  /** Base64. */
  data: string;
}

function encode(release: Release): string {
  const packed = gzipSync(JSON.stringify(release), {level: 9}).toString('base64');
  return Buffer.from(packed).toString('base64');
}

function decode(secret: any): Release {
  const packed = Buffer.from(Buffer.from(secret.data.release, 'base64').toString('latin1'), 'base64');
  const plain = packed[0] === 0x1f && packed[1] === 0x8b ? gunzipSync(packed) : packed;
  return JSON.parse(plain.toString('utf8'));
}

/** The releases of a cluster, where helm keeps them, so that it and the real one see the same. */
export class ReleaseStorage {
  private readonly client: RestClient;
  private readonly now: () => number;

  constructor(options: {client: RestClient; now: () => number}) {
    this.client = options.client;
    this.now = options.now;
  }

  private path(namespace: string | undefined, name?: string): string {
    const scope = namespace === undefined ? '' : `/namespaces/${namespace}`;
    return `/api/v1${scope}/secrets${name === undefined ? '' : `/${name}`}`;
  }

  private secret(release: Release, stamp: 'createdAt' | 'modifiedAt'): any {
    return {
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'helm.sh/release.v1',
      metadata: {
        name: `sh.helm.release.v1.${release.name}.v${release.version}`,
        namespace: release.namespace,
        labels: {
          [stamp]: String(Math.floor(this.now() / 1000)),
          name: release.name,
          owner: 'helm',
          status: release.info.status,
          version: String(release.version),
        },
      },
      data: {release: encode(release)},
    };
  }

  /** All revisions of a release, oldest first. */
  async history(namespace: string, name: string): Promise<Release[]> {
    const query = {labelSelector: `name=${name},owner=helm`};
    const list = await this.client.json({path: this.path(namespace), query});
    return (list.items as any[]).map(decode).sort((left, right) => left.version - right.version);
  }

  /** The newest revision of every release; every namespace when none is given. */
  async list(namespace: string | undefined): Promise<Release[]> {
    const list = await this.client.json({path: this.path(namespace), query: {labelSelector: 'owner=helm'}});
    const newest = new Map<string, any>();
    for (const secret of list.items as any[]) {
      const key = `${secret.metadata.namespace}/${secret.metadata.labels.name}`;
      const known = newest.get(key);
      if (!known || Number(known.metadata.labels.version) < Number(secret.metadata.labels.version))
        newest.set(key, secret);
    }
    return [...newest.values()].map(decode);
  }

  async create(release: Release): Promise<void> {
    await this.client.json({
      method: 'POST',
      path: this.path(release.namespace),
      body: this.secret(release, 'createdAt'),
    });
  }

  async update(release: Release): Promise<void> {
    const secret = this.secret(release, 'modifiedAt');
    await this.client.json({
      method: 'PUT',
      path: this.path(release.namespace, secret.metadata.name),
      body: secret,
    });
  }

  async remove(release: Release): Promise<void> {
    const path = this.path(release.namespace, `sh.helm.release.v1.${release.name}.v${release.version}`);
    await this.client.json({method: 'DELETE', path}).catch(error => {
      if (!(error instanceof StatusError && error.code === 404)) throw error;
    });
  }
}
