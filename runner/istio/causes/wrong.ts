import type {MeshSnapshot} from '../snapshot.ts';
import type {Candidate} from './cause.ts';
import type {AskedRequest, ExplainInput, Hop, Scene} from './hop.ts';
import {sceneOf} from './hop.ts';
import {type Prediction, predict, rightness, wholly} from './predict.ts';

/** A request that does not get the answer it should, by the cluster's own configuration. */
export interface WrongRequest {
  asked: AskedRequest;
  prediction: Prediction;
  /** The one version that should answer, where it is one. */
  wanted: string | undefined;
}

/** Looks at one hop for one kind of mistake. */
export type Detector = (scene: Scene, wrong: readonly WrongRequest[]) => readonly Candidate[];

export function wrongRequests(scene: Scene): readonly WrongRequest[] {
  return scene.hop.requests.flatMap(asked => {
    const prediction = predict(scene, asked);
    if (rightness(asked, prediction) >= wholly) return [];
    const versions = Object.keys(asked.expected);
    const wanted = versions.length === 1 && asked.expected[versions[0] ?? ''] === 1 ? versions[0] : undefined;
    return [{asked, prediction, wanted}];
  });
}

/** The sum of what is right over all requests of a hop. */
export function totalRightness(input: ExplainInput, hop: Hop, snapshot: MeshSnapshot): number {
  const scene = sceneOf(input, hop, snapshot);
  return hop.requests.reduce((sum, asked) => sum + rightness(asked, predict(scene, asked)), 0);
}
