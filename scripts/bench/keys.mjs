import {setTimeout as delay} from 'node:timers/promises';
import {median, quantile, rounded} from './measure.mjs';
import {openTerminal} from './terminal.mjs';

const enter = '\r';
const help = /any key goes back/;

/** How long the help takes to open and to close again, in milliseconds, key by key, while `isBusy`. */
async function pressKeys(app, times) {
  const milliseconds = [];
  const press = async (key, shown) => {
    const startedAt = performance.now();
    app.type(key);
    await shown();
    milliseconds.push(performance.now() - startedAt);
    // Nobody types faster, and the next key should meet another moment of the work.
    await delay(30 + (milliseconds.length % 5) * 11);
  };
  for (let count = 0; count < times; count += 1) {
    await press('?', () => app.see(help));
    await press('x', () => app.miss(help));
  }
  return milliseconds;
}

const summary = values => ({
  median: rounded(median(values), 1),
  p95: rounded(quantile(values, 0.95), 1),
  max: rounded(Math.max(...values), 1),
});

/**
 * From a key press to the changed screen, while nothing runs, while a command prints without end, and while a check
 * loads the page in a browser. The workshop has passed lab 3 and stands at the beginning of a later one.
 */
export async function keyPresses(options) {
  const app = openTerminal(options);
  try {
    await app.see(/⏎ (run|write|next|labs)/);
    const idle = await pressKeys(app, 15);
    app.type(':');
    await app.see(/Tab complete/);
    app.type(`while :; do seq 1 50000; done${enter}`);
    await app.see(/lines? above/);
    const flooded = await pressKeys(app, 15);
    app.type('\u0003');
    await app.see(/interrupted/);
    const checking = [];
    // A check is over before many keys are pressed, so several are begun.
    for (let count = 0; count < 4; count += 1) {
      app.type('c');
      await app.see(/checking/);
      checking.push(...(await pressKeys(app, 3)));
      await app.miss(/checking/);
    }
    app.type('q');
    await app.ended;
    return {idle: summary(idle), flooded: summary(flooded), checking: summary(checking)};
  } catch (error) {
    app.kill();
    throw error;
  }
}
