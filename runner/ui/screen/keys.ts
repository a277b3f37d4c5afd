import {checkOf, fileAt, runnableBlocks} from '../../state/plan.ts';
import type {InStep} from '../../state/state.ts';
import {failedConditions, hasDifference, type Model} from '../view-model.ts';

export type Command =
  | 'advance'
  | 'interrupt'
  | 'command'
  | 'check'
  | 'hint'
  | 'solve'
  | 'why'
  | 'edit'
  | 'diff'
  | 'reset'
  | 'open'
  | 'labs'
  | 'traffic'
  | 'pictures'
  | 'background'
  | 'fold'
  | 'suspend'
  | 'more'
  | 'quit';

export interface KeyBinding {
  command: Command;
  /** What is typed; `return` is Enter, `ctrl+c` a control key. */
  key: string;
  /** How it is written on the screen. */
  shown: string;
  /** One word or two for the footer. */
  word(model: Model): string;
  /** A sentence for the help. */
  help: string;
  /** Whether it does something now. */
  works(model: Model): boolean;
}

const inStep = ({state}: Model): InStep | undefined => (state.situation === 'in-step' ? state : undefined);

/** Nothing runs but perhaps a check that nobody asked for, so a key can start something. */
export function isResting(model: Model): boolean {
  const phase = inStep(model)?.phase;
  if (!phase) return model.state.situation === 'finished' || model.state.situation === 'cluster-unreachable';
  if (phase.name === 'checking') return phase.asked === 'noticed';
  return phase.name === 'reading' || phase.name === 'failed' || phase.name === 'passed';
}

const restingInStep = (model: Model): boolean => inStep(model) !== undefined && isResting(model);

function hintsLeft(model: Model): number {
  const state = inStep(model);
  const hints =
    model.current?.lab.steps[model.current.step]?.blocks.filter(({kind}) => kind === 'hint') ?? [];
  return state ? Math.max(0, hints.length - state.hintsShown) : 0;
}

function hasPage({state, labs}: Model): boolean {
  return 'progress' in state && labs.some(lab => lab.id === 'deploy-bookinfo' && state.progress.labs[lab.id]);
}

/** Every key of the app: the footer, the help, the prompts and the tests are made of this one table. */
export const keyTable: readonly KeyBinding[] = [
  {
    command: 'advance',
    key: 'return',
    shown: '⏎',
    word: enterWord,
    help: 'do the next thing: run the command, write the file, check, go on',
    works: isResting,
  },
  {
    command: 'interrupt',
    key: 'ctrl+c',
    shown: 'Ctrl+C',
    word: () => 'stop',
    help: 'interrupt what runs; quit when nothing does',
    works: model => !isResting(model) && inStep(model) !== undefined,
  },
  {
    command: 'command',
    key: ':',
    shown: ':',
    word: () => 'command',
    help: 'type a command; Tab completes, ↑ ↓ go through the history',
    works: restingInStep,
  },
  {
    command: 'check',
    key: 'c',
    shown: 'c',
    word: () => 'check',
    help: 'check the step now, whoever did what it asks for',
    works: model => {
      const state = inStep(model);
      const step = model.current?.lab.steps[model.current.step];
      return restingInStep(model) && step !== undefined && !!checkOf(step, state?.engine ?? 'sandbox');
    },
  },
  {
    command: 'hint',
    key: 'h',
    shown: 'h',
    word: () => 'hint',
    help: 'show the next hint',
    works: model => inStep(model)?.phase.name !== 'passed' && hintsLeft(model) > 0,
  },
  {
    command: 'why',
    key: 'w',
    shown: 'w',
    word: () => 'why',
    help: 'say why the check failed, or which rule decides for each visitor',
    works: model => restingInStep(model) && (failedConditions(model).length > 0 || hasPage(model)),
  },
  {
    command: 'diff',
    key: 'd',
    shown: 'd',
    word: () => 'diff',
    help: "show how your file differs from the lab's, or hide it again",
    works: hasDifference,
  },
  {
    command: 'solve',
    key: 's',
    shown: 's',
    word: () => 'solve',
    help: 'do the rest of the step for you (asks once); skipping is solving',
    works: model => restingInStep(model) && inStep(model)?.phase.name !== 'passed',
  },
  {
    command: 'edit',
    key: 'e',
    shown: 'e',
    word: () => 'edit',
    help: "open your editor ($EDITOR) on the step's file",
    works: model => {
      const state = inStep(model);
      return (
        restingInStep(model) && state !== undefined && !!fileAt(model.labs, state.position, state.engine)
      );
    },
  },
  {
    command: 'open',
    key: 'o',
    shown: 'o',
    word: () => 'open page',
    help: 'open the product page in your browser, or print its address',
    works: model => restingInStep(model) && hasPage(model),
  },
  {
    command: 'traffic',
    key: 't',
    shown: 't',
    word: () => 'traffic',
    help: 'watch the page being loaded as every visitor, live',
    works: model => restingInStep(model) && hasPage(model),
  },
  {
    command: 'pictures',
    key: 'p',
    shown: 'p',
    word: () => 'pictures',
    help: 'show what the browser saw in the last check, for each visitor',
    works: model =>
      restingInStep(model) && (model.current?.check?.conditions.some(({result}) => result?.rows) ?? false),
  },
  {
    command: 'labs',
    key: 'l',
    shown: 'l',
    word: () => 'labs',
    help: 'list the labs and jump to any of them; what it needs is solved first',
    works: isResting,
  },
  {
    command: 'reset',
    key: 'r',
    shown: 'r',
    word: () => 'reset',
    help: 'undo this lab and begin it again (asks first)',
    works: restingInStep,
  },
  {
    command: 'background',
    key: 'b',
    shown: 'b',
    word: () => 'background',
    help: 'stop what goes on in the background, or start it again',
    works: model => model.background.length > 0,
  },
  {
    command: 'fold',
    key: 'f',
    shown: 'f',
    word: () => 'unfold',
    help: 'unfold long output, or fold it again',
    works: model => model.current !== undefined,
  },
  {
    command: 'suspend',
    key: 'ctrl+z',
    shown: 'Ctrl+Z',
    word: () => 'aside',
    help: 'put the app aside; fg in the shell brings it back',
    works: () => true,
  },
  {
    command: 'more',
    key: '?',
    shown: '?',
    word: () => 'more',
    help: 'show all keys',
    works: () => true,
  },
  {
    command: 'quit',
    key: 'q',
    shown: 'q',
    word: () => 'quit',
    help: 'quit; what still runs is said, and your place is kept',
    works: () => true,
  },
];

function enterWord(model: Model): string {
  const state = inStep(model);
  if (!state) return model.state.situation === 'cluster-unreachable' ? 'try again' : 'labs';
  if (state.phase.name === 'passed') {
    const last = model.current && model.current.step === model.current.lab.steps.length - 1;
    if (!last) return 'next step';
    return model.current?.lab === model.labs.at(-1) ? 'finish' : 'next lab';
  }
  const step = model.current?.lab.steps[model.current.step];
  const block = step && runnableBlocks(step, state.engine)[state.position.block];
  if (state.phase.name === 'failed' && block && 'block' in state.phase && state.phase.block === block.id) {
    return block.kind === 'check' ? 'check again' : 'run again';
  }
  switch (block?.kind) {
    case 'command':
      return 'run';
    case 'file':
      return 'write';
    case 'check':
      return 'check';
    default:
      return 'go on';
  }
}

/** The keys that do something now. */
export function workingKeys(model: Model): readonly KeyBinding[] {
  return keyTable.filter(binding => binding.works(model));
}
