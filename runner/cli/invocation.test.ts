import {expect, it} from 'vitest';
import {asInvoked} from './invocation.ts';

it('names the commands as they were called', () => {
  const env = {ISTIO_WORKSHOP_COMMAND: 'npm start --'};
  expect(asInvoked('→ istio-workshop sandbox up', env)).toBe('→ npm start -- sandbox up');
  expect(asInvoked('Start another: istio-workshop --workshop NAME sandbox up', env)).toBe(
    'Start another: npm start -- --workshop NAME sandbox up',
  );
  expect(asInvoked('istio-workshop · sandbox (simulated)', env)).toBe('istio-workshop · sandbox (simulated)');
  expect(asInvoked('→ istio-workshop sandbox up', {})).toBe('→ istio-workshop sandbox up');
});
