/** What a lab is once it is parsed: data only, ready for every view and for the engine. */

export type EngineName = 'sandbox' | 'kind' | 'context';
export type Stars = 'none' | 'black' | 'red';
export type VisitorName = string;

/** Where something stands, for messages: `labs/05-route-to-v2/lab.md:31`. */
export interface Place {
  file: string;
  line: number;
}

export interface CommandBlock {
  kind: 'command';
  /** Stable inside its lab: `s1c2` is the second runnable thing of step 1. */
  id: string;
  text: string;
  /** Where it is shown and run; absent means on every engine. */
  engines?: readonly EngineName[];
  background: boolean;
  /** Milliseconds. */
  timeout: number;
  /** The exit code that is wanted. */
  exit: number;
  place: Place;
}

export interface FileBlock {
  kind: 'file';
  id: string;
  /** The name in the work folder. */
  name: string;
  language: string;
  content: string;
  engines?: readonly EngineName[];
  place: Place;
}

export interface CheckBlock {
  kind: 'check';
  id: string;
  conditions: readonly Condition[];
  /** True only until a later step of the lab changes it again, so not part of what the lab leaves behind. */
  momentary: boolean;
  engines?: readonly EngineName[];
  place: Place;
}

export interface ProseBlock {
  kind: 'prose';
  markdown: string;
  /** Where it is shown; absent means on every engine. */
  engines?: readonly EngineName[];
}

/** Sample output, never run. */
export interface ConsoleBlock {
  kind: 'console';
  text: string;
}

export interface HintBlock {
  kind: 'hint';
  markdown: string;
}

export type Block = CommandBlock | FileBlock | CheckBlock | ProseBlock | ConsoleBlock | HintBlock;

export interface Step {
  title: string;
  blocks: readonly Block[];
}

/** A manifest that a learner could have got wrong, and the cause it must be told. */
export interface BrokenManifest {
  file: string;
  content: string;
  /** A code of the closed list in `runner/istio/causes`. */
  cause: string;
  /** What the mistake is, in one line. */
  mistake: string;
  /**
   * The file of the lab whose place it takes: the lab's own commands run, and those that name this file
   * give way to one `kubectl apply -f` of the manifest, which names its namespace itself. Absent means
   * that it is applied the same way, on top of the solved lab.
   */
  insteadOf?: string;
}

export interface Lab {
  /** 5 for `05-route-to-v2`; only orders. */
  number: number;
  /** Stable; what progress is kept by. */
  id: string;
  /** `05-route-to-v2`. */
  folder: string;
  title: string;
  summary: string;
  minutes: number;
  needs: readonly string[];
  /** Labs whose result this one overwrites, so that their checks no longer hold. */
  replaces: readonly string[];
  /** What a run can choose it by. `install`: its result may be there before the workshop. */
  tags: readonly string[];
  /** Prose before the first step. */
  introduction: readonly Block[];
  steps: readonly Step[];
  reset: readonly CommandBlock[];
  /** Names of the files under `manifests/` that its commands may use, by path in the work folder. */
  manifests: readonly {name: string; content: string}[];
  broken: readonly BrokenManifest[];
  place: Place;
}

/** What stars are wanted: of all visitors, of each, or as a mix. */
export type StarsWanted =
  | {mode: 'each'; visitors: Readonly<Record<VisitorName, Stars>>}
  | {mode: 'mix'; shares: Readonly<Record<Stars, number>>; margin: number; visitors: readonly VisitorName[]}
  | {mode: 'seen'; stars: readonly Stars[]; visitors: readonly VisitorName[]};

export type Via = 'productpage' | 'gateway';

export type Condition =
  | {kind: 'stars'; wanted: StarsWanted; via: Via; place: Place}
  | {
      kind: 'resource';
      resource: string;
      name: string;
      namespace?: string;
      /** jsonpath -> wanted text; all must be equal. */
      fields: readonly {path: string; equals: string}[];
      place: Place;
    }
  | {kind: 'absent'; resource: string; name: string; namespace?: string; place: Place}
  | {kind: 'ready'; workloads: readonly string[]; namespace: string; sidecar: boolean; place: Place}
  | {kind: 'crds'; group: string; atLeast: number; place: Place}
  | {kind: 'release'; name: string; namespace: string; place: Place}
  | {
      kind: 'page';
      path: string;
      via: Via;
      visitor: VisitorName;
      status?: number;
      text?: readonly string[];
      absentText?: readonly string[];
      /** Milliseconds. */
      slowerThan?: number;
      fasterThan?: number;
      place: Place;
    }
  | {
      kind: 'request';
      /** `deploy/ratings-v1 -n bookinfo`, or `gateway`. */
      from: string;
      url: string;
      headers: Readonly<Record<string, string>>;
      times: number;
      codes: readonly number[];
      /** Share of the wanted codes, 0 to 1. */
      rate: number;
      fasterThan?: number;
      place: Place;
    }
  | {kind: 'log'; workload: string; namespace: string; container?: string; contains: string; place: Place}
  | {
      kind: 'metric';
      workload: string;
      namespace: string;
      name: string;
      labels: Readonly<Record<string, string>>;
      atLeast: number;
      place: Place;
    }
  | {kind: 'command'; text: string; exit: number; output?: string; place: Place}
  | {kind: 'answer'; question: string; choices: readonly string[]; solution: string; place: Place};

export type ConditionKind = Condition['kind'];
