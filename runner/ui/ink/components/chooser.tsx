import {Box, Text} from 'ink';
import type {ReactNode} from 'react';
import {remedyText} from '../../../errors.ts';
import type {EngineChoice} from '../../../session/events.ts';
import type {Paint} from '../../paint.ts';

type Requirement = NonNullable<EngineChoice['detection']>['requirements'][number];

const descriptions = {
  sandbox: {title: 'sandbox', what: 'a simulated cluster on this machine; nothing is installed'},
  kind: {title: 'kind', what: 'a real cluster in containers, real Istio'},
  context: {title: 'context', what: 'a cluster of your own, by its kubeconfig context'},
} as const;

/** What stands around the engines, the introduction on two lines. */
const otherRows = 5;

/** How much shows of what the engines need: everything, or less where the window is too low for it. */
type Detail = 'all' | 'chosen' | 'missing';

function detailFor(engines: readonly EngineChoice[], selected: number, rows: number): Detail {
  const needs = engines.map(({detection}) => detection?.requirements.length ?? 0);
  const rest = rows - otherRows - 3 * engines.length;
  if (needs.reduce((sum, count) => sum + count, 0) <= rest) return 'all';
  return (needs[selected] ?? 0) <= rest ? 'chosen' : 'missing';
}

/** The first start: where the labs shall run, what each engine needs and what was found here. */
export function Chooser(props: {
  engines: readonly EngineChoice[];
  /** What starts this program. */
  program: string;
  selected: number;
  paint: Paint;
  /** Lines there are for it. */
  rows: number;
}): ReactNode {
  const {engines, program, selected, paint, rows} = props;
  const detail = detailFor(engines, selected, rows);
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
          detail={detail}
          program={program}
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

function Engine(props: {
  choice: EngineChoice;
  chosen: boolean;
  number: number;
  detail: Detail;
  program: string;
  paint: Paint;
}): ReactNode {
  const {choice, chosen, number, detail, program, paint} = props;
  const {title, what} = descriptions[choice.engine];
  const {detection} = choice;
  const state = !detection
    ? paint.quiet('looking…')
    : detection.usable
      ? paint.good('✓ can be used here')
      : paint.waiting("can't be used here yet");
  const requirements = detection?.requirements ?? [];
  const wanted = detail === 'all' || chosen ? requirements : [];
  const shown = detail === 'missing' ? wanted.filter(({found}) => !found).slice(0, 1) : wanted;
  return (
    <Box flexDirection="column" marginTop={detail === 'missing' ? 0 : 1}>
      <Text wrap="truncate">
        {`${chosen ? '❯' : ' '} ${number} ${chosen ? paint.title(title) : title}  ${paint.quiet(what)}`}
      </Text>
      <Text wrap="truncate">{`    ${state}${detection?.needs ? paint.quiet(`  needs ${detection.needs}`) : ''}`}</Text>
      {shown.map(requirement => (
        <Text key={requirement.name} wrap="truncate">
          {`    ${requirement.found ? paint.good('✓') : paint.bad('✗')} ${requirement.name} ${paint.quiet(
            detailOf(requirement, chosen, program),
          )}`}
        </Text>
      ))}
    </Box>
  );
}

/** The fix comes first where somebody wants this engine: a window cuts off the end of a line. */
function detailOf({found, detail = '', remedy}: Requirement, chosen: boolean, program: string): string {
  return !found && chosen && remedy ? `→ ${remedyText(remedy, program)}  (${detail})` : detail;
}
