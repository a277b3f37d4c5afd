import {chooseView, type ViewChoice} from './choose-view.ts';
import type {Io} from './io.ts';
import type {GlobalOptions} from './options.ts';

/** How this run speaks, from its terminal, environment and flags. */
export function viewChoice(io: Io, options: GlobalOptions, headless: boolean): ViewChoice {
  return chooseView({
    stdinIsTty: io.stdin.isTTY === true,
    stdoutIsTty: io.stdout.isTTY === true,
    env: io.env,
    headless,
    ...(options.json === undefined ? {} : {json: options.json}),
    ...(options.plain === undefined ? {} : {plain: options.plain}),
    ...(options.color === undefined ? {} : {color: options.color}),
  });
}
