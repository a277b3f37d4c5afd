import {spawn} from '@lydell/node-pty';
import xterm from '@xterm/headless';

const patience = 30_000;

/** The app in a terminal of its own, seen as a person sees it. */
export function openTerminal({command, args, env, directory, columns = 100, rows = 30}) {
  const terminal = new xterm.Terminal({cols: columns, rows, allowProposedApi: true});
  const child = spawn(command, args, {cols: columns, rows, cwd: directory, env, name: 'xterm-256color'});
  const listeners = new Set();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  child.onData(data => terminal.write(data, changed));
  terminal.onData(data => child.write(data));
  const ended = new Promise(resolve => child.onExit(resolve));
  const screen = () =>
    Array.from({length: rows}, (_, row) => {
      const {active} = terminal.buffer;
      return active.getLine(active.baseY + row)?.translateToString(true) ?? '';
    }).join('\n');
  /** Resolves when the screen is as `isRight` wants it. */
  const until = (isRight, what) =>
    new Promise((resolve, reject) => {
      const look = () => {
        if (!isRight(screen())) return;
        clearTimeout(limit);
        listeners.delete(look);
        resolve();
      };
      const limit = setTimeout(() => {
        listeners.delete(look);
        reject(new Error(`The screen never showed ${what}:\n${screen()}`));
      }, patience);
      listeners.add(look);
      look();
    });
  return {
    see: pattern => until(text => pattern.test(text), pattern),
    miss: pattern => until(text => !pattern.test(text), `no ${pattern}`),
    type: text => child.write(text),
    kill: () => child.kill('SIGKILL'),
    screen,
    ended,
  };
}
