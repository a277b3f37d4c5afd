import {createInterface} from 'node:readline';
import type {SessionEvent, View} from '../../session/events.ts';
import type {Interactive} from '../interactive.ts';
import {renderMarkdown} from '../markdown/render.ts';
import type {Paint} from '../paint.ts';
import {createPlainView} from '../plain/plain-view.ts';
import type {KeyPress} from '../screen/key-press.ts';
import {isResting, keyTable, workingKeys} from '../screen/keys.ts';
import {question} from '../screen/question.ts';
import type {Window} from '../screen/screen.ts';
import {stepLines} from '../step/step-lines.ts';
import {givenWords} from '../words.ts';

export interface PromptViewOptions {
  input: NodeJS.ReadStream;
  output: NodeJS.WriteStream;
  interactive: Interactive;
  paint: Paint;
  needed(lab: string): readonly string[];
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
  let lines = listen();

  function listen() {
    const opened = createInterface({input: options.input, output: options.output, terminal: false});
    opened.on('line', answer);
    return opened;
  }

  function press(...keys: readonly KeyPress[]): void {
    for (const key of keys) interactive.press(key, window);
  }

  function answer(text: string): void {
    asked = '';
    const typed = text.trim();
    const {overlay} = interactive.shown.screen;
    const enter: KeyPress = {input: '', name: 'return'};
    const characters = [...typed].map(input => ({input}));
    if (overlay.name === 'labs')
      press(...(typed === '' ? [{input: '', name: 'escape' as const}] : [...characters, enter]));
    else if (overlay.name === 'confirm') press({input: /^y(es)?$/i.test(typed) ? 'y' : 'n'});
    else if (interactive.shown.model.state.situation === 'choosing-engine' && typed !== 'q')
      press(...characters, enter);
    else if (typed.startsWith(':') && typed.length > 1) press({input: ':'}, {input: typed.slice(1)}, enter);
    else press(characters[0] ?? enter);
    // Starting an engine takes a moment; the first step asks the next question.
    if (interactive.shown.model.state.situation !== 'choosing-engine') ask();
  }

  /** Says what can be answered now, once for each new situation. */
  function ask(): void {
    const {model, screen} = interactive.shown;
    if (model.ended) return;
    const said = questionNow();
    if (said === '' || said === asked) return;
    asked = said;
    out(said);
    if (screen.overlay.name === 'help') press({input: '', name: 'escape'});
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
      case 'help':
        return keyTable.map(({shown, help}) => `  ${shown === '⏎' ? 'Enter' : shown}  ${help}`).join('\n');
      case 'traffic':
        return 'Loading the page; Enter ends it.';
      default:
        break;
    }
    if (model.state.situation === 'choosing-engine') {
      const engines = model.engines.map(({engine}, index) => `${index + 1} ${engine}`);
      return `Where shall the labs run? ${engines.join(', ')}. Number, or Enter for ${engines[screen.engine]}:`;
    }
    if (!isResting(model)) return '';
    const keys = workingKeys(model).filter(({command}) => command !== 'fold');
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

  function event(happened: SessionEvent): void {
    const {state} = interactive.shown.model;
    const hintsBefore = state.situation === 'in-step' ? state.hintsShown : 0;
    interactive.event(happened);
    if (happened.type === 'state-changed') sayHints(hintsBefore);
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
