/** What a template is made of. `at` is an offset in the source; `text` the source itself, for errors. */
export type Node =
  | {type: 'text'; text: string}
  | {type: 'action'; pipe: Pipe}
  | {type: 'if' | 'with'; pipe: Pipe; body: Node[]; otherwise: Node[]}
  | {type: 'range'; pipe: Pipe; body: Node[]; otherwise: Node[]}
  | {type: 'template'; name: string; pipe: Pipe | undefined; at: number}
  | {type: 'break' | 'continue'};

export interface Pipe {
  at: number;
  /** `$a := ...` or `$i, $a := ...`; `assign` for `=`. */
  variables: string[];
  assign: boolean;
  commands: Command[];
}

export interface Command {
  at: number;
  text: string;
  operands: Operand[];
}

export type Operand =
  | {type: 'literal'; value: unknown; at: number; text: string}
  | {type: 'function'; name: string; at: number; text: string}
  | {type: 'dot'; at: number; text: string}
  /** `.a.b`, `$x.a`, `(pipe).a`: a start and the fields read from it. */
  | {type: 'chain'; start: Operand | undefined; fields: string[]; at: number; text: string}
  | {type: 'variable'; name: string; at: number; text: string}
  | {type: 'pipe'; pipe: Pipe; at: number; text: string};

export interface ParsedTemplate {
  name: string;
  file: string;
  source: string;
  body: Node[];
}
