import type {EngineName} from '../catalog/lab.ts';

/** What a learner asks for through a view; the view itself starts nothing. */
export type Ask =
  | {type: 'choose-engine'; engine: EngineName}
  | {type: 'advance'}
  | {type: 'check'}
  | {type: 'hint'}
  | {type: 'solve'}
  | {type: 'reset'}
  | {type: 'go-to'; lab: string}
  | {type: 'command'; text: string}
  | {type: 'complete'; line: {text: string; cursor: number}}
  | {type: 'edit'}
  | {type: 'why'; visitor: string}
  | {type: 'open-page'}
  | {type: 'traffic'; on: boolean}
  | {type: 'pictures'}
  | {type: 'interrupt'}
  | {type: 'quit'};
