import {Box, Text} from 'ink';
import type {ReactNode} from 'react';
import type {EngineChoice} from '../../../session/events.ts';
import type {Paint} from '../../paint.ts';

const descriptions = {
  sandbox: {title: 'sandbox', what: 'a simulated cluster on this machine; nothing is installed'},
  kind: {title: 'kind', what: 'a real cluster in containers, real Istio'},
  context: {title: 'context', what: 'a cluster of your own, by its kubeconfig context'},
} as const;

/** The first start: where the labs shall run, what each engine needs and what was found here. */
export function Chooser(props: {
  engines: readonly EngineChoice[];
  selected: number;
  paint: Paint;
}): ReactNode {
  const {engines, selected, paint} = props;
  return (
    <Box flexDirection="column" paddingX={1}>
      <Text>{paint.title('Where shall the labs run?')}</Text>
      <Text wrap="wrap">
        The same labs and commands everywhere. You can have another workshop on another engine later.
      </Text>
      {engines.map((choice, index) => (
        <Engine
          key={choice.engine}
          choice={choice}
          chosen={index === selected}
          number={index + 1}
          paint={paint}
        />
      ))}
      <Text> </Text>
      <Text>
        {[
          [
            engines[selected]?.detection?.usable === false ? '' : '⏎',
            `start on ${engines[selected]?.engine}`,
          ],
          ['↑↓', 'choose'],
          ['q', 'quit'],
        ]
          .filter(([key]) => key !== '')
          .map(([key = '', word = '']) => `${paint.key(key)} ${paint.quiet(word)}`)
          .join('  ')}
      </Text>
    </Box>
  );
}

function Engine(props: {choice: EngineChoice; chosen: boolean; number: number; paint: Paint}): ReactNode {
  const {choice, chosen, number, paint} = props;
  const {title, what} = descriptions[choice.engine];
  const {detection} = choice;
  const state = !detection
    ? paint.quiet('looking…')
    : detection.usable
      ? paint.good('✓ can be used here')
      : paint.waiting("can't be used here yet");
  return (
    <Box flexDirection="column" marginTop={1}>
      <Text wrap="truncate">
        {`${chosen ? '❯' : ' '} ${number} ${chosen ? paint.title(title) : title}  ${paint.quiet(what)}`}
      </Text>
      <Text wrap="truncate">{`    ${state}${detection?.needs ? paint.quiet(`  needs ${detection.needs}`) : ''}`}</Text>
      {(detection?.requirements ?? []).map(requirement => (
        <Text key={requirement.name} wrap="truncate">
          {`    ${requirement.found ? paint.good('✓') : paint.bad('✗')} ${requirement.name} ${paint.quiet(
            [requirement.detail, requirement.found || !chosen ? '' : requirement.remedy]
              .filter(Boolean)
              .join('  → '),
          )}`}
        </Text>
      ))}
    </Box>
  );
}
