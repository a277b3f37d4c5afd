import type {MeshSnapshot} from '../../snapshot.ts';
import type {Hop} from '../../way/way.ts';
import type {Candidate} from '../cause.ts';

/** One call of a page that is not as it should be. */
export interface Suspect {
  snapshot: MeshSnapshot;
  /** Whose page or call it is: `jason`. */
  visitor: string;
  hop: Hop;
}

/** Looks at one call for one kind of mistake. */
export type Mechanism = (suspect: Suspect) => readonly Candidate[];

/** `reviews`, as sentences call what is called. */
export function calleeOf({service, request}: Hop): string {
  return (service ?? request.host).split('.')[0] ?? '';
}
