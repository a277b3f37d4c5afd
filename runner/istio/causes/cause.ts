import type {MeshSnapshot} from '../snapshot.ts';
import type {ObjectRef} from '../types.ts';
import type {CauseCode} from './codes.ts';

/** One explanation of a wrong answer, with the object and the line that would put it right. */
export interface Cause {
  code: CauseCode;
  /** What is the matter, in one sentence. */
  sentence: string;
  /** What to look at to see it, in one sentence. */
  look: string;
  /** `VirtualService bookinfo/reviews`. */
  object?: string;
  /** `spec.http[0].match[0].headers.end-user.exact: "Jason" -> "jason"`. */
  fix?: string;
  /** What to type to see it, or to mend it where one command does. */
  command?: string;
  /** What `istioctl analyze` says of it: `IST0101`. */
  analysis?: string;
  /** A further mistake, which bites once those before it are mended. */
  behind?: boolean;
}

/** A cause that may be it, before it is tried. */
export interface Candidate extends Cause {
  /**
   * The cluster as it would be with the fix; the causes are ranked by how much better its answers are.
   * Absent where a fix can't be played through, then it counts as a full one.
   */
  mended?: MeshSnapshot;
}

export function objectName({kind, namespace, name}: ObjectRef): string {
  return namespace === '' ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

/** `kubectl get virtualservice reviews -n bookinfo -o yaml`. */
export function showCommand({kind, namespace, name}: ObjectRef): string {
  const scope = namespace === '' ? '' : ` -n ${namespace}`;
  return `kubectl get ${kind.toLowerCase()} ${name}${scope} -o yaml`;
}

/** `path: "old" -> "new"`. */
export function change(path: string, from: unknown, to: unknown): string {
  return `${path}: ${JSON.stringify(from)} -> ${JSON.stringify(to)}`;
}
