export type ViewName = 'ink' | 'plain' | 'json';

export interface ViewChoice {
  view: ViewName;
  colour: boolean;
}

/**
 * Decides how to speak before any screen library is loaded. JSON when asked; the app only where a person sits
 * at a terminal that can draw; plain lines everywhere else. Colour goes with NO_COLOR (https://no-color.org),
 * `--no-color`, and wherever the output is no terminal.
 */
export function chooseView(options: {
  stdinIsTty: boolean;
  stdoutIsTty: boolean;
  env: Readonly<Record<string, string | undefined>>;
  json?: boolean;
  plain?: boolean;
  color?: boolean;
  /** Commands that never open the app. */
  headless?: boolean;
}): ViewChoice {
  const {env} = options;
  const colour = options.stdoutIsTty && options.color !== false && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  if (options.json) return {view: 'json', colour: false};
  const interactive =
    options.stdinIsTty &&
    options.stdoutIsTty &&
    env['TERM'] !== 'dumb' &&
    !isCi(env) &&
    !options.plain &&
    !options.headless;
  return {view: interactive ? 'ink' : 'plain', colour};
}

/** As ink judges it, which draws nothing until the end there: set at all counts, but for `0` and `false`. */
function isCi(env: Readonly<Record<string, string | undefined>>): boolean {
  return [env['CI'], env['CONTINUOUS_INTEGRATION']].some(
    value => value !== undefined && value !== '0' && value !== 'false',
  );
}
