/** What a shell script consists of, once it is parsed. */
export type WordPart =
  | {type: 'text'; text: string; quoted: boolean}
  | {
      type: 'variable';
      name: string;
      fallback?: {operator: ':-' | '-' | ':+' | '+' | '#'; word: Word};
      quoted: boolean;
    }
  | {type: 'command'; script: List; quoted: boolean}
  | {type: 'arithmetic'; text: Word; quoted: boolean};

export type Word = readonly WordPart[];

export interface Redirection {
  /** Which descriptor: 0, 1 or 2. */
  descriptor: number;
  kind: 'read' | 'write' | 'append' | 'duplicate';
  target: Word;
}

export type Command =
  | {
      type: 'simple';
      assignments: readonly {name: string; value: Word}[];
      words: readonly Word[];
      redirections: readonly Redirection[];
    }
  | {type: 'group'; body: List; subshell: boolean; redirections: readonly Redirection[]}
  | {
      type: 'for';
      variable: string;
      words: readonly Word[] | undefined;
      body: List;
      redirections: readonly Redirection[];
    }
  | {type: 'while'; until: boolean; condition: List; body: List; redirections: readonly Redirection[]}
  | {
      type: 'if';
      branches: readonly {condition: List; body: List}[];
      otherwise: List | undefined;
      redirections: readonly Redirection[];
    };

export interface Pipeline {
  negated: boolean;
  commands: readonly Command[];
}

/** Pipelines joined by `&&` and `||`. */
export interface AndOr {
  first: Pipeline;
  rest: readonly {operator: '&&' | '||'; pipeline: Pipeline}[];
}

export type List = readonly AndOr[];

/** The script is not understood; the shell ends with 2. */
export class ShellSyntaxError extends Error {
  override name = 'ShellSyntaxError';
}
