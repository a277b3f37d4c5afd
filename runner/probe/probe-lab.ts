import type {Condition, Lab, Place} from '../catalog/lab.ts';

/** The block that holds all conditions of a probe. */
export const probeCheck = 's1c1';

const place: Place = {file: 'probe', line: 1};

/**
 * What a probe looks at in the shape of a lab, so that every view and report takes it as it takes those. Its number is 0:
 * it is none of the labs.
 */
export function probeLab(url: string, conditions: readonly Condition[]): Lab {
  return {
    number: 0,
    id: 'probe',
    folder: 'probe',
    title: `Probe of ${url}`,
    summary: 'Looks at what is there and changes nothing.',
    minutes: 1,
    needs: [],
    replaces: [],
    tags: [],
    introduction: [],
    steps: [
      {
        title: 'What is expected',
        blocks: [{kind: 'check', id: probeCheck, conditions, momentary: false, place}],
      },
    ],
    reset: [],
    manifests: [],
    broken: [],
    place,
  };
}
