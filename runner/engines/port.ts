import type {EngineName} from '../catalog/lab.ts';
import type {Remedy} from '../errors.ts';

/** One thing an engine needs, and what was found of it here. */
export interface Requirement {
  name: string;
  found: boolean;
  /** `v1.33.1`, or why it can't be used. */
  detail?: string;
  remedy?: Remedy;
}

export interface Detection {
  usable: boolean;
  /** One line: what this engine is and needs. */
  needs: string;
  requirements: readonly Requirement[];
}

export interface Capabilities {
  /** The screen and the reports say so. */
  simulated: boolean;
  /** A wrong answer can still become right for this long after a change, in milliseconds. */
  propagation: number;
  /** An application whose container runs may take this long until it answers, in milliseconds. */
  startUp: number;
  /** Images may take this long to come, and pods to run, after a change, in milliseconds. */
  rollout: number;
  /** Whether `ensure` may create and `delete` may remove the cluster. */
  ownsCluster: boolean;
  /** Where the labs are at work in a cluster that others use too; absent means everywhere. */
  namespaces?: readonly string[];
}

export interface ClusterProgress {
  text: string;
}

/** How everything above reaches the cluster: environment variables that any tool understands. */
/** A proxy as its control plane knows it. */
export interface ProxyState {
  /** `POD.NAMESPACE` */
  proxy: string;
  /** Names what it was sent last; another text for another configuration. */
  sent: string;
  /** Whether it has taken that over. */
  settled: boolean;
}

export interface Connection {
  kubeconfig: string;
  env: Readonly<Record<string, string>>;
}

export interface EnsureOptions {
  signal: AbortSignal;
  onProgress(progress: ClusterProgress): void;
}

/** What somebody is asked before the first change of a cluster that is not ours. */
export interface Consent {
  /** Facts of the cluster, one line each. */
  facts: readonly string[];
  question: string;
}

export interface BeginOptions extends EnsureOptions {
  /** Asks the person at the terminal; absent where nobody can be asked. */
  confirm?(consent: Consent): Promise<boolean>;
}

/** What a workshop has to remember of its cluster. */
export interface ClusterFacts {
  /** UID of kube-system, or what stands in for it: tells one cluster from another. */
  clusterId?: string;
  /** The kubeconfig context. */
  context?: string;
  /** `existing`: Istio was there before the workshop, is used as it is, and stays when the workshop goes. */
  istio?: 'ours' | 'existing';
  /** Of the Istio that the labs work with, where it could be told. */
  istioVersion?: string;
}

/**
 * Where the labs run. Code above asks for capabilities, never for a name; once `connect` answered, the cluster
 * is reached through its kubeconfig alone.
 */
export interface ClusterEngine {
  readonly name: EngineName;
  /** For the header: `sandbox (simulated)`. */
  readonly title: string;
  readonly capabilities: Capabilities;
  /** Looks at this machine and changes nothing. */
  detect(signal: AbortSignal): Promise<Detection>;
  /**
   * Called before the first command of a session, where the engine has something to settle first: it asks before
   * a cluster that is not ours is changed, and refuses when the cluster is another one than before.
   * @returns what to remember. @throws WorkshopError when the session must not go on.
   */
  begin?(options: BeginOptions): Promise<ClusterFacts>;
  /**
   * Makes sure that the cluster answers: starts it, revives it, or creates it where the engine owns it.
   * Idempotent. @throws WorkshopError with the cause and the fix.
   */
  ensure(options: EnsureOptions): Promise<void>;
  /**
   * Called before a look at the cluster that begins nothing, where another cluster may have taken its place.
   * @throws WorkshopError when it is another one.
   */
  verify?(): Promise<void>;
  /** What everybody who works in the cluster has to know of it, in one sentence: that part of it is lost. */
  notice?(): Promise<string | undefined>;
  /** Never starts anything: before the cluster exists the paths in it point to where it will be. */
  connect(): Promise<Connection>;
  /** Whether a cluster of this workshop exists and answers. */
  running(): Promise<boolean>;
  /**
   * Whether every proxy has taken over the configuration that the control plane last sent.
   * @returns undefined where that can't be told: ask the proxies' answers instead.
   */
  settled?(signal: AbortSignal): Promise<boolean | undefined>;
  /** Removes the cluster this workshop made, and nothing else. @returns what it removed, one line each. */
  delete(options: EnsureOptions): Promise<readonly string[]>;
  /** What still runs after the app ends, and the command that ends it. */
  afterwards(): {stillRuns: string; endWith: string} | undefined;
}
