import {type Discovery, discover} from './discovery.ts';
import type {ToolIo} from './io.ts';
import {
  type Connection,
  type ConnectionOverrides,
  connectionOf,
  kubeconfigPaths,
  mergeKubeconfig,
  readKubeconfigFiles,
} from './kubeconfig.ts';
import {RestClient} from './rest.ts';

export interface SessionOptions {
  io: ToolIo;
  userAgent: string;
  kubeconfig: string | undefined;
  overrides: ConnectionOverrides;
  impersonate?: string | undefined;
}

/** What a command needs of the cluster, made when it is first asked for. */
export class Session {
  readonly io: ToolIo;
  private readonly options: SessionOptions;
  private made: Promise<RestClient> | undefined;
  private found: Promise<Discovery> | undefined;
  private readonly warned = new Set<string>();

  constructor(options: SessionOptions) {
    this.options = options;
    this.io = options.io;
  }

  async connection(): Promise<Connection> {
    const {io, kubeconfig, overrides} = this.options;
    const files = await readKubeconfigFiles(kubeconfigPaths(io.env, kubeconfig), Boolean(kubeconfig));
    return connectionOf(mergeKubeconfig(files), overrides);
  }

  client(): Promise<RestClient> {
    this.made ??= this.connection().then(
      connection =>
        new RestClient({
          connection,
          userAgent: this.options.userAgent,
          impersonate: {user: this.options.impersonate},
          warn: text => {
            if (this.warned.has(text)) return;
            this.warned.add(text);
            this.io.err(`Warning: ${text}\n`);
          },
        }),
    );
    return this.made;
  }

  async namespace(): Promise<string> {
    return (await this.client()).connection.namespace;
  }

  discovery(): Promise<Discovery> {
    this.found ??= this.client().then(discover);
    return this.found;
  }

  /** Asks again: a CRD has just been created. */
  forgetDiscovery(): void {
    this.found = undefined;
  }

  async close(): Promise<void> {
    (await this.made?.catch(() => undefined))?.close();
  }
}
