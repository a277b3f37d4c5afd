const esc = '\u001b';

/** What a terminal answers about itself; absent is what it did not answer. */
export interface TerminalAnswers {
  /** It draws with kitty's graphics protocol. */
  kitty?: boolean;
  /** Pixels of one character cell. */
  cell?: CellSize;
  /** Pixels of all that a sixel picture may cover; in xterm, which does not tell its cells, that is the window. */
  area?: CellSize;
  /** Colours that a sixel picture may have at once. */
  colours?: number;
  /** Its primary device attributes. */
  attributes?: readonly number[];
}

/** In pixels. */
export interface CellSize {
  width: number;
  height: number;
}

/**
 * The questions, the one that every terminal answers last: so its answer says that no other will come.
 * Sources: kitty's graphics protocol ("Querying support"); xterm's control sequences for the cell's size
 * (XTWINOPS 16), colour registers and size of sixel pictures (XTSMGRAPHICS) and primary device attributes (DA1).
 */
export function terminalQuestions({kitty}: {kitty: boolean}): string {
  return [
    kitty ? `${esc}_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA${esc}\\` : '',
    `${esc}[16t`,
    `${esc}[?1;1;0S`,
    `${esc}[?2;1;0S`,
    `${esc}[c`,
  ].join('');
}

interface AnswerKind {
  pattern: RegExp;
  read(match: RegExpMatchArray): TerminalAnswers;
}

const kinds: readonly AnswerKind[] = [
  {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: answers begin and end with them
    pattern: /\u001b_Gi=31;([^\u001b]*)\u001b\\/,
    read: ([, said = '']) => ({kitty: said === 'OK'}),
  },
  {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: answers begin with it
    pattern: /\u001b\[6;(\d+);(\d+)t/,
    read: ([, height, width]) =>
      Number(height) > 0 && Number(width) > 0 ? {cell: {width: Number(width), height: Number(height)}} : {},
  },
  {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: answers begin with it
    pattern: /\u001b\[\?1;(\d+)(?:;(\d+))?[\d;]*S/,
    read: ([, status, colours]) => (status === '0' && Number(colours) > 1 ? {colours: Number(colours)} : {}),
  },
  {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: answers begin with it
    pattern: /\u001b\[\?2;0;(\d+);(\d+)S/,
    read: ([, width, height]) =>
      Number(height) > 0 && Number(width) > 0 ? {area: {width: Number(width), height: Number(height)}} : {},
  },
  {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: answers begin with it
    pattern: /\u001b\[\?2;(\d+)[\d;]*S/,
    read: () => ({}),
  },
  {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: answers begin with it
    pattern: /\u001b\[\?(\d[\d;]*)c/,
    // kitty ends the list with a semicolon.
    read: ([, numbers = '']) => ({attributes: numbers.split(';').filter(Boolean).map(Number)}),
  },
];

/** Tells a terminal's answers from what is typed meanwhile. */
export function readAnswers(received: string): {answers: TerminalAnswers; typed: string} {
  let typed = received;
  let answers: TerminalAnswers = {};
  for (const {pattern, read} of kinds) {
    // Some answer to one question twice, and to another not at all.
    for (let match = pattern.exec(typed); match; match = pattern.exec(typed)) {
      answers = {...read(match), ...answers};
      typed = typed.slice(0, match.index) + typed.slice(match.index + match[0].length);
    }
  }
  return {answers, typed};
}

/**
 * Whether this came too late to be read as an answer, and must not be taken for keys: the links to some terminals
 * are slow. As ink reads it, without the escape character.
 */
export function isLateAnswer(input: string): boolean {
  return /^\[(\?[\d;]+[cS]|6;\d+;\d+t)$/.test(input) || /^_?Gi=31;/.test(input);
}
