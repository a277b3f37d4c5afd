import {createInterface} from 'node:readline';
import {remedyText} from '../../errors.ts';
import type {SessionEvent, View} from '../../session/events.ts';
import type {Ask} from '../asks.ts';
import type {Interactive} from '../interactive.ts';
import {renderMarkdown} from '../markdown/render.ts';
import type {Paint} from '../paint.ts';
import {createPlainView} from '../plain/plain-view.ts';
import type {KeyPress} from '../screen/key-press.ts';
import {isResting, type KeyBinding, keyTable, workingKeys} from '../screen/keys.ts';
import {question} from '../screen/question.ts';
import type {Window} from '../screen/screen.ts';
import {outputLines} from '../step/output-lines.ts';
import {stepLines} from '../step/step-lines.ts';
import {cleanEvent} from '../text/clean-event.ts';
import {visibleTabs, withoutControls} from '../text/clean-text.ts';
import type {Model} from '../view-model.ts';
import {backgroundWords, givenWords} from '../words.ts';

export interface PromptViewOptions {
  input: NodeJS.ReadStream;
  output: NodeJS.WriteStream;
  interactive: Interactive;
  paint: Paint;
  needed(lab: string): readonly string[];
}

const enter: KeyPress = {input: '', name: 'return'};
const back: KeyPress = {input: '', name: 'escape'};
const interrupt: KeyPress = {input: 'c', ctrl: true};

/** What is asked for elsewhere, and answered by a new state: until then nobody knows what can be asked next. */
const changesState: ReadonlySet<Ask['type']> = new Set<Ask['type']>([
  'advance',
  'check',
  'hint',
  'solve',
  'reset',
  'go-to',
  'command',
  'why',
  'edit',
  'quit',
]);

/** The keys that mean something where nothing is folded and a shell reads Ctrl+Z. */
const isForPrompts = ({command}: KeyBinding): boolean => command !== 'fold' && command !== 'suspend';

function promptKeys(model: Model): readonly KeyBinding[] {
  return workingKeys(model).filter(isForPrompts);
}

/** The learner is in a step that has not been read out yet. */
function isUnsaid({state, current}: Model): boolean {
  if (state.situation !== 'in-step') return false;
  const {lab, step} = state.position;
  return current?.lab.id !== lab || current.step !== step;
}

function digits(number: string): readonly KeyPress[] {
  return [...number].map(input => ({input}));
}

/**
 * The app without a screen, for screen readers and terminals that can't draw: everything is a line that is said
 * once, and the same keys are answers to a prompt.
 */
export function createPromptView(options: PromptViewOptions): View {
  const {interactive, paint} = options;
  const out = (line: string): void => void options.output.write(`${line}\n`);
  const plain = createPlainView({out, talk: out, paint});
  const window: Window = {height: 1, top: 0, total: 0, needed: options.needed};
  let asked = '';
  /** Something was asked for whose beginning has not been told yet. */
  let pending = false;
  let lines = listen();

  function listen() {
    const opened = createInterface({input: options.input, output: options.output, terminal: false});
    opened.on('line', answer);
    return opened;
  }

  function press(...keys: readonly KeyPress[]): void {
    for (const key of keys) {
      if (interactive.press(key, window).some(({type}) => changesState.has(type))) pending = true;
    }
  }

  function answer(text: string): void {
    asked = '';
    const typed = withoutControls(text).trim();
    const {overlay} = interactive.shown.screen;
    const {state, engines} = interactive.shown.model;
    if (overlay.name === 'labs' || overlay.name === 'background')
      press(...(/^\d+$/.test(typed) ? [...digits(typed), enter] : [back]));
    else if (overlay.name === 'confirm') press({input: /^y(es)?$/i.test(typed) ? 'y' : 'n'});
    else if (overlay.name === 'command') press({input: typed}, enter);
    else if (overlay.name === 'traffic') press(back);
    else if (state.situation === 'choosing-engine') {
      const named = engines.findIndex(({engine}) => engine === typed.toLowerCase()) + 1;
      if (/^q(uit)?$/i.test(typed)) press({input: 'q'});
      else if (typed === '' || named > 0) press(...(named > 0 ? digits(String(named)) : []), enter);
      else if (/^\d$/.test(typed) && engines[Number(typed) - 1]) press({input: typed}, enter);
      else unknown(typed);
      sayUnusable();
    } else if (typed.startsWith(':') && typed.length > 1) press({input: ':'}, {input: typed.slice(1)}, enter);
    else if (typed === '') press(enter);
    else {
      const key = keyFor(typed);
      const {differences} = interactive.shown.screen;
      if (key) press(key);
      else unknown(typed);
      if (interactive.shown.screen.differences !== differences) sayDifferences();
    }
    // Starting an engine takes a moment; the first step asks the next question.
    if (interactive.shown.model.state.situation !== 'choosing-engine') ask();
  }

  /** An engine that lacks something is not started; the screen would show what. */
  function sayUnusable(): void {
    const {model, screen} = interactive.shown;
    const {engine, detection} = model.engines[screen.engine] ?? {};
    if (!engine || detection?.usable !== false) return;
    out(`${engine} can't be used here yet${detection.needs ? `: it needs ${detection.needs}` : ''}.`);
    for (const {name, detail, remedy} of detection.requirements.filter(({found}) => !found))
      out(
        `  ${name}${detail ? `: ${detail}` : ''}${remedy ? ` → ${remedyText(remedy, interactive.shown.model.program)}` : ''}`,
      );
    ask();
  }

  /** Never guesses: what is half understood could start something. */
  function unknown(typed: string): void {
    const {model} = interactive.shown;
    if (model.state.situation === 'in-step' && !isResting(model)) {
      out(`"${typed}" can be answered once this is over; "stop" interrupts it.`);
      return;
    }
    out(`"${typed}" is no answer here. A command begins with a colon, as in :kubectl get pods`);
    ask();
  }

  /** A key by itself, by the word that is said for it, or by its name. */
  function keyFor(typed: string): KeyPress | undefined {
    const {model} = interactive.shown;
    const word = typed.toLowerCase();
    if (word === 'help') return {input: '?'};
    const binding = promptKeys(model).find(
      each => each.key === typed || each.word(model) === word || each.command === word,
    );
    if (!binding) return undefined;
    return binding.key === 'return'
      ? enter
      : binding.command === 'interrupt'
        ? interrupt
        : {input: binding.key};
  }

  /** Nothing is hidden again where nothing is drawn over, so that each time says it. */
  function sayDifferences(): void {
    for (const diff of Object.values(interactive.shown.model.current?.differing ?? {})) {
      for (const line of outputLines(visibleTabs(diff), Number.POSITIVE_INFINITY)) out(line);
    }
  }

  /** Says what can be answered now, once for each new situation. */
  function ask(): void {
    const {model, screen} = interactive.shown;
    if (model.ended || pending) return;
    const said = questionNow();
    if (said === '' || said === asked) return;
    asked = said;
    out(said);
    if (screen.overlay.name === 'help') {
      press(back);
      ask();
    }
  }

  function questionNow(): string {
    const {model, screen} = interactive.shown;
    const {overlay} = screen;
    switch (overlay.name) {
      case 'confirm':
        return `${question(overlay, model)} y or n:`;
      case 'labs':
        return [
          ...model.labs.map(lab => {
            const status = model.state.progress.labs[lab.id]?.status;
            const state = status === 'given' ? `, ${givenWords}` : status ? ', passed' : '';
            return `  ${lab.number} ${lab.title}${state}`;
          }),
          'Number of the lab, or Enter to go back:',
        ].join('\n');
      case 'background':
        return [
          ...model.background.map(
            ({command, state}, index) => `  ${index + 1} ${command}: ${backgroundWords[state]}`,
          ),
          'Number of what to stop or to start again, or Enter to go back:',
        ].join('\n');
      case 'help':
        return keyTable
          .filter(isForPrompts)
          .map(({shown, help}) => `  ${shown === '⏎' ? 'Enter' : shown}  ${help}`)
          .join('\n');
      case 'command':
        return 'Command, or Enter to go back:';
      case 'traffic':
        return 'Loading the page; Enter ends it.';
      default:
        break;
    }
    if (model.state.situation === 'choosing-engine') {
      const engines = model.engines.map(({engine}, index) => `${index + 1} ${engine}`);
      return `Where shall the labs run? ${engines.join(', ')}. Number, or Enter for ${model.engines[screen.engine]?.engine}:`;
    }
    if (!isResting(model) || isUnsaid(model)) return '';
    const keys = promptKeys(model);
    return `${keys.map(key => `${key.shown === '⏎' ? 'Enter' : key.shown} ${key.word(model)}`).join(', ')}:`;
  }

  /** Hints that the screen would have opened are read out. */
  function sayHints(before: number): void {
    const {state, current} = interactive.shown.model;
    if (state.situation !== 'in-step' || state.hintsShown <= before) return;
    const blocks = current?.lab.steps[current.step]?.blocks ?? [];
    const hints = blocks.flatMap(block => (block.kind === 'hint' ? [block.markdown] : []));
    const width = options.output.columns || 80;
    for (const hint of hints.slice(before, state.hintsShown)) {
      for (const line of renderMarkdown(hint, {width, paint})) out(line);
    }
  }

  function event(raw: SessionEvent): void {
    const happened = cleanEvent(raw);
    const {state} = interactive.shown.model;
    const hintsBefore = state.situation === 'in-step' ? state.hintsShown : 0;
    interactive.event(happened);
    // What changes nothing is answered by a note.
    if (happened.type === 'state-changed' || happened.type === 'note') pending = false;
    if (happened.type === 'state-changed') sayHints(hintsBefore);
    // What was asked before something ran is asked again after it.
    if (questionNow() === '') asked = '';
    if (happened.type === 'step-started') {
      const {lab, step} = happened;
      out('');
      out(paint.title(`Lab ${lab.number} · ${lab.title}, step ${step + 1} of ${lab.steps.length}`));
      const {state} = interactive.shown.model;
      const engine = 'engine' in state ? state.engine : 'sandbox';
      const width = options.output.columns || 80;
      const view = {lab, step, runs: {}, own: []};
      for (const line of stepLines(view, {width, paint, now: 0, fold: false, engine}).lines) out(line);
      asked = '';
    } else if (happened.type === 'traffic') {
      const {visitor, stars, version} = happened.load;
      out(`  ${visitor}: ${stars} stars${version ? `, ${version}` : ''}`);
    } else if (happened.type !== 'lab-started') plain.event(happened);
    if (happened.type !== 'command-output' && happened.type !== 'condition-progress') setImmediate(ask);
  }

  setImmediate(ask);
  return {
    event,
    async lend(work) {
      lines.close();
      try {
        return await work();
      } finally {
        lines = listen();
      }
    },
    async close() {
      lines.close();
    },
  };
}
