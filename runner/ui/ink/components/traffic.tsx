import {Box, Text} from 'ink';
import type {ReactNode} from 'react';
import type {TrafficLoad} from '../../../checks/traffic.ts';
import type {Paint} from '../../paint.ts';

const visitorColumns = 12;
const countColumns = 26;

/** The last page loads of each visitor, one sign for each, and how many each version answered. */
export function Traffic(props: {
  loads: readonly TrafficLoad[];
  visitors: readonly string[];
  paint: Paint;
  width: number;
}): ReactNode {
  const {loads, visitors, paint, width} = props;
  const room = Math.max(10, width - visitorColumns - countColumns);
  return (
    <Box flexDirection="column" paddingX={1}>
      <Text>{paint.title('Page loads, the latest at the right')}</Text>
      <Text> </Text>
      {visitors.map(visitor => {
        const own = loads.filter(load => load.visitor === visitor);
        const strip = own
          .slice(-room)
          .map(load => loadSign(load, paint))
          .join('');
        return (
          <Box key={visitor}>
            <Box width={visitorColumns} flexShrink={0}>
              <Text wrap="truncate">{visitor}</Text>
            </Box>
            <Box width={room + 1} flexShrink={0}>
              <Text wrap="truncate">{strip === '' ? paint.quiet('loading…') : strip}</Text>
            </Box>
            <Text wrap="truncate">{counts(own)}</Text>
          </Box>
        );
      })}
      <Text> </Text>
      <Text wrap="truncate">
        {`${paint.stars('☆', 'none')} none, v1  ${paint.stars('★', 'black')} black, v2  ${paint.stars(redSign(paint), 'red')} red, v3  ${paint.bad('×')} not seen`}
      </Text>
      <Text wrap="truncate">{`${paint.key('any key')} ${paint.quiet('goes back')}`}</Text>
    </Box>
  );
}

function loadSign({stars}: TrafficLoad, paint: Paint): string {
  switch (stars) {
    case 'none':
      return paint.stars('☆', 'none');
    case 'black':
      return paint.stars('★', 'black');
    case 'red':
      return paint.stars(redSign(paint), 'red');
    case 'unavailable':
      return paint.bad('×');
  }
}

/** Where there is no colour, the letter says it. */
function redSign(paint: Paint): string {
  return paint.colour ? '★' : 'r';
}

function counts(loads: readonly TrafficLoad[]): string {
  const versions = new Map<string, number>();
  for (const {version = 'none'} of loads) versions.set(version, (versions.get(version) ?? 0) + 1);
  const named = [...versions].toSorted(([a], [b]) => a.localeCompare(b));
  return named.map(([version, count]) => `${version === 'none' ? 'no pod' : version} ${count}`).join('  ');
}
