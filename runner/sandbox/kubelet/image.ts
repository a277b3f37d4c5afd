import type {Clock, Random} from '../clock.ts';
import type {PodAttachment} from '../mesh/network.ts';
import type {Container, Pod} from '../objects.ts';
import type {ProgramStart} from '../pace.ts';

/** What a container's program is given when it starts. */
export interface ContainerContext {
  pod: Pod;
  container: Container;
  /** Resolved: `env`, `envFrom`, the downward API and the service variables Kubernetes adds. */
  env: Record<string, string>;
  attachment: PodAttachment;
  /** Adds one line to the container's log. */
  log(line: string): void;
  clock: Clock;
  random: Random;
  /** Milliseconds until the program answers: it runs, and its ports refuse connections. */
  startUp: number;
}

/** A container's program while it runs. */
export interface ContainerProgram {
  /** Settles when the program ends by itself. */
  exited: Promise<{exitCode: number; message?: string}>;
  /** Asks it to end (SIGTERM); resolves when its listeners are closed. */
  stop(): Promise<void>;
}

/**
 * An image that the sandbox knows how to run as a local workload. Images it does not know end in
 * ImagePullBackOff, as an image that does not exist would.
 */
export interface KnownImage {
  /** For `kubectl describe` and the registry's size in events. */
  name: string;
  /** Given the whole reference (`registry.istio.io/release/examples-bookinfo-reviews-v1:1.20.3`). */
  matches(image: string): boolean;
  sizeBytes: number;
  /** Names of programs on the image's PATH beyond the shell and coreutils, e.g. `curl`, `pilot-agent`. */
  programs: readonly string[];
  /** How long it takes on a real cluster until the program answers; absent means that nobody would notice. */
  startUp?: ProgramStart;
  /** Starts the entry point, or `command`/`args` where the container gives them. */
  start(context: ContainerContext): Promise<ContainerProgram>;
}
