import type {CommandBlock, Lab} from '../catalog/lab.ts';
import type {BackgroundDue} from '../state/plan.ts';
import {type BackgroundOptions, createBackgroundCommands} from './background.ts';
import type {View} from './events.ts';

export interface LabBackground {
  /** Starts a lab's command. @returns how it ended if it did so at once. */
  start(lab: Lab, block: CommandBlock, signal: AbortSignal): Promise<{exitCode: number} | undefined>;
  /** Starts again what went on in an earlier session; one that goes on is left alone. */
  resume(due: readonly BackgroundDue[]): void;
  /** Stops a command by its text, or starts it again. */
  set(command: string, on: boolean): Promise<void>;
  /** Stops what a lab has started. */
  stopLab(lab: Lab): Promise<void>;
  stopAll(): Promise<void>;
}

/** The background commands of the labs, told to the view by their texts. */
export function createLabBackground(
  options: Pick<BackgroundOptions, 'processes' | 'directory' | 'environment'> & {view: View},
): LabBackground {
  const {view, processes, directory, environment} = options;
  /** Those that were started, by lab and block. */
  const texts = new Map<string, string>();
  const background = createBackgroundCommands({
    processes,
    directory,
    environment,
    onOutput: (key, text, stream) =>
      view.event({type: 'command-output', block: key.slice(key.indexOf('/') + 1), text, stream}),
    onChange(key, change) {
      const command = texts.get(key) ?? key;
      const text = change.up
        ? `Up again: ${command}`
        : `Ended with exit code ${change.exitCode}, and is being started again: ${command}`;
      view.event({type: 'background-changed', command, state: change.up ? 'up' : 'down'});
      view.event({type: 'note', text});
    },
  });

  function remember(lab: Lab, block: CommandBlock): string {
    const key = `${lab.id}/${block.id}`;
    texts.set(key, block.text.trim());
    return key;
  }

  async function stop(key: string): Promise<void> {
    if (!background.running().includes(key)) return;
    await background.stop(key);
    view.event({type: 'background-changed', command: texts.get(key) ?? key, state: 'stopped'});
  }

  return {
    async start(lab, block, signal) {
      const ended = await background.start(remember(lab, block), block.text, signal);
      if (!ended) view.event({type: 'background-changed', command: block.text.trim(), state: 'up'});
      return ended;
    },
    resume(due) {
      for (const {lab, block} of due) background.resume(remember(lab, block), block.text);
    },
    async set(command, on) {
      for (const [key, text] of texts) {
        if (text !== command) continue;
        if (on) background.resume(key, text);
        else await stop(key);
      }
    },
    async stopLab(lab) {
      await Promise.all([...texts.keys()].filter(key => key.startsWith(`${lab.id}/`)).map(stop));
    },
    stopAll: background.stopAll,
  };
}
