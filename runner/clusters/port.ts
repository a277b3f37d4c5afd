import type {EngineName} from '../catalog/lab.ts';

/** One thing an engine needs, and what was found of it here. */
export interface Requirement {
  name: string;
  found: boolean;
  /** `v1.33.1`, or why it can't be used. */
  detail?: string;
  remedy?: string;
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
  /** Whether `ensure` may create and `delete` may remove the cluster. */
  ownsCluster: boolean;
}

export interface ClusterProgress {
  text: string;
}

/** How everything above reaches the cluster: environment variables that any tool understands. */
export interface Connection {
  kubeconfig: string;
  env: Readonly<Record<string, string>>;
}

export interface EnsureOptions {
  signal: AbortSignal;
  onProgress(progress: ClusterProgress): void;
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
   * Makes sure that the cluster answers: starts it, revives it, or creates it where the engine owns it.
   * Idempotent. @throws WorkshopError with the cause and the fix.
   */
  ensure(options: EnsureOptions): Promise<void>;
  /** Never starts anything: before the cluster exists the paths in it point to where it will be. */
  connect(): Promise<Connection>;
  /** Whether a cluster of this workshop exists and answers. */
  running(): Promise<boolean>;
  /** Removes the cluster this workshop made, and nothing else. @returns what it removed, one line each. */
  delete(options: EnsureOptions): Promise<readonly string[]>;
  /** What still runs after the app ends, and the command that ends it. */
  afterwards(): {stillRuns: string; endWith: string} | undefined;
}
