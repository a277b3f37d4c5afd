import {Box, Static, Text, useInput} from 'ink';
import {type ReactNode, useSyncExternalStore} from 'react';
import type {Interactive} from '../interactive.ts';
import type {Paint} from '../paint.ts';
import {isResting} from '../screen/keys.ts';
import {FinishedStep} from './components/finished-step.tsx';
import {bodyFor, windowFor} from './frame.ts';
import {layoutFor, smallest} from './layout.ts';
import {Main} from './main.tsx';
import {toKeyPresses} from './to-key-press.ts';
import {useNow} from './use-now.ts';
import {useTerminalSize} from './use-terminal-size.ts';

export interface AppProps {
  interactive: Interactive;
  paint: Paint;
  now(): number;
  /** Finished steps that were printed by an earlier screen. */
  printed: number;
  /** @returns whether that was the terminal's own, and no key */
  answered(input: string): boolean;
}

/** The whole screen: what is over goes to the scroll-back, what is going on stays below it. */
export function App({interactive, paint, now, printed, answered}: AppProps): ReactNode {
  const shown = useSyncExternalStore(interactive.subscribe, () => interactive.shown);
  const {model, screen} = shown;
  const layout = layoutFor(useTerminalSize());
  const time = useNow(!isResting(model), now);
  const body = bodyFor(shown, {layout, paint, now: time});
  useInput((input, key) => {
    if (answered(input)) return;
    for (const press of toKeyPresses(input, key, interactive.shown.screen.overlay.name === 'command')) {
      interactive.press(press, windowFor(interactive.shown, {body, layout}));
    }
  });
  const engine = 'engine' in model.state ? model.state.engine : 'sandbox';
  return (
    <>
      <Static items={model.finished.slice(printed)}>
        {(step, index) => (
          <FinishedStep
            key={printed + index}
            step={step}
            engine={engine}
            paint={paint}
            width={layout.width}
          />
        )}
      </Static>
      {model.ended ? null : layout.tooSmall ? (
        <Text>
          {`The window is too small: make it at least ${smallest.columns} columns by ${smallest.rows} rows. Until then only q works, and quits. In a window of any size: ${model.program} --plain`}
        </Text>
      ) : (
        <Box flexDirection="column">
          <Main model={model} screen={screen} body={body} layout={layout} paint={paint} now={time} />
        </Box>
      )}
    </>
  );
}
