import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {WorkshopError} from '../errors.ts';
import type {SessionEvent} from '../session/events.ts';
import {planted} from '../testing/planted-secrets.ts';
import {lab} from '../testing/sample-labs.ts';
import {conditionResult} from '../ui/testing/models.ts';
import {createCloudEvents} from './cloud-event.ts';
import {appendTo, type Send, sendTo, startDelivery} from './deliver.ts';
import {createEventsView} from './events-view.ts';
import {openSpool} from './spool.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'events-'));
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

const first = lab('first', 1);
const second = lab('second', 2);
const condition = (verdict: 'passed' | 'failed', seen = 'red'): SessionEvent => ({
  type: 'condition-finished',
  block: 's1c2',
  index: 0,
  quiet: false,
  result: conditionResult({verdict, seen}),
});
const whole: readonly SessionEvent[] = [
  {
    type: 'session-started',
    workshop: 'tuesday',
    engine: 'sandbox',
    simulated: true,
    labs: ['first', 'second'],
  },
  {type: 'lab-started', lab: first},
  {type: 'step-started', lab: first, step: 0},
  {type: 'command-output', block: 's1c1', text: 'a lot', stream: 'stdout'},
  condition('passed'),
  {type: 'lab-passed', lab: 'first', milliseconds: 5},
  {type: 'lab-started', lab: second},
  condition('failed'),
  {type: 'check-finished', lab: 'second', block: 's1c2', verdict: 'failed', milliseconds: 1, quiet: false},
  {type: 'cleanup-finished', left: []},
  {
    type: 'session-finished',
    outcome: 'failed',
    labs: [{lab: 'second', number: 2, title: 'Lab second', verdict: 'failed', milliseconds: 0}],
    milliseconds: 9,
  },
];

describe('the events of a run', () => {
  it('are CloudEvents, one for each change, in order', () => {
    const make = createCloudEvents({run: 'r', now: () => 0});
    const events = whole.flatMap(make);
    expect(events.map(({type}) => type.replace('istio-workshop.', ''))).toEqual([
      'run.started',
      'lab.started',
      'step.started',
      'condition.finished',
      'lab.finished',
      'lab.started',
      'condition.finished',
      'cleanup.finished',
      'lab.finished',
      'run.finished',
    ]);
    expect(events.map(({id}) => id)).toEqual(events.map((_, index) => `r-${index + 1}`));
    expect([...events].sort((a, b) => (a.sequence < b.sequence ? -1 : 1))).toEqual(events);
    expect(events[6]).toMatchObject({
      specversion: '1.0',
      source: '/istio-workshop/tuesday',
      subject: 'second/s1c2/0',
      time: '1970-01-01T00:00:00.000Z',
      datacontenttype: 'application/json',
      data: {workshop: 'tuesday', lab: {id: 'second'}, verdict: 'failed', seen: 'red', milliseconds: 1200},
    });
    expect(events[8]?.data).toMatchObject({lab: {id: 'second'}, verdict: 'failed'});
    expect(events[9]?.data).toMatchObject({
      outcome: 'failed',
      conditions: {passed: 1, failed: 1, unknown: 0},
    });
  });

  it('hold no secret that a condition or a problem shows', () => {
    const make = createCloudEvents({run: 'r', now: () => 0});
    const told: readonly SessionEvent[] = planted.flatMap(({text}) => [
      condition('failed', text),
      {type: 'problem', error: new WorkshopError({code: 'x', message: text})} as const,
      {type: 'cleanup-finished', left: [text]} as const,
    ]);
    const sent = JSON.stringify(told.flatMap(make));
    for (const {secrets} of planted) for (const secret of secrets) expect(sent).not.toContain(secret);
  });
});

describe('events that wait', () => {
  const open = (name: string, limit?: number) =>
    openSpool({folder, name, pid: process.pid, ...(limit ? {limit} : {})});

  it('outlive who made them, and are sent first by the next run, but for those that were sent', () => {
    const killed = open('1');
    for (const line of ['a', 'b', 'c']) killed.put(line);
    expect(killed.next()).toBe('a');
    killed.sent();
    // What a crash cut off is no event.
    appendFileSync(path.join(folder, '1.jsonl'), '{"half');
    const held = open('2');
    expect(held.next()).toBeUndefined();
    held.close();
    // Its process has ended.
    rmSync(path.join(folder, '1.jsonl.lock'));
    const next = open('3');
    next.put('d');
    const order: (string | undefined)[] = [];
    for (let line = next.next(); line !== undefined; line = next.next()) {
      order.push(line);
      next.sent();
    }
    expect(order).toEqual(['b', 'c', 'd']);
    next.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('are as many as there is room for', () => {
    const spool = open('1', 10);
    expect(spool.put('12345678')).toBe(true);
    expect(spool.put('12345678')).toBe(false);
    spool.sent();
    expect(spool.put('12345678')).toBe(true);
    spool.close();
  });
});

describe('a server', () => {
  let server: Server | undefined;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  const taken: any[] = [];

  async function listen(port = 0): Promise<number> {
    server = createServer(async (request, response) => {
      let text = '';
      for await (const chunk of request) text += chunk;
      (request as any).event = JSON.parse(text);
      answer(request, response);
    });
    await new Promise<void>(resolve => server?.listen(port, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }

  async function shut(): Promise<void> {
    server?.closeAllConnections();
    await new Promise(resolve => (server ? server.close(resolve) : resolve(undefined)));
    server = undefined;
  }

  const take = (request: IncomingMessage, response: ServerResponse): void => {
    taken.push((request as any).event);
    response.writeHead(202).end();
  };
  const view = (send: Send, limit?: number) =>
    createEventsView({
      folder: path.join(folder, 'spool'),
      target: 'there',
      send,
      pid: process.pid,
      run: 'r',
      now: () => 0,
      pause: (milliseconds, signal) => delay(Math.min(milliseconds, 20), undefined, {signal}),
      ...(limit ? {limit} : {}),
    });
  /** As the last word of a run, without its limit of time. */
  const impatient =
    (send: Send): Send =>
    (line, signal) =>
      send(line, AbortSignal.any([signal, AbortSignal.timeout(50)]));

  beforeEach(() => {
    taken.length = 0;
  });
  afterEach(shut);

  it('that refuses, hangs, is away and comes back gets every event, in order', async () => {
    let asked = 0;
    answer = (request, response) => {
      asked += 1;
      if (asked <= 2) response.writeHead(503).end();
      else if (asked > 4) take(request, response);
      // The third and fourth are never answered.
    };
    const port = await listen();
    const told = view(impatient(sendTo(new URL(`http://127.0.0.1:${port}/`))));
    const startedAt = performance.now();
    for (const event of whole) told.event(event);
    // Whoever tells waits for nothing.
    expect(performance.now() - startedAt).toBeLessThan(1000);
    await expect.poll(() => asked).toBeGreaterThan(4);
    await shut();
    await listen(port);
    // One that was taken behind the sender's patience comes once more, with the same id.
    const ids = (): readonly string[] => [...new Set(taken.map(({id}) => id))];
    await expect.poll(() => ids().length).toBe(10);
    expect(ids()).toEqual(Array.from({length: 10}, (_, index) => `r-${index + 1}`));
    expect(await told.settle()).toBeUndefined();
    await told.close();
  });

  it('that stays away keeps no run, and gets the events from the next one', async () => {
    answer = take;
    const port = await listen();
    await shut();
    const address = new URL(`http://127.0.0.1:${port}/`);
    const told = view(sendTo(address));
    for (const event of whole) told.event(event);
    expect(await told.settle()).toBe(
      '10 events for there wait: the next run with the same --events sends them first.',
    );
    await told.close();
    await listen(port);
    const next = view(sendTo(address));
    await expect.poll(() => taken.length).toBe(10);
    await next.close();
    expect(readdirSync(path.join(folder, 'spool'))).toEqual([]);
  });

  it('that will never take an event is not asked for ever', async () => {
    answer = (request, response) => {
      if ((request as any).event.type.endsWith('step.started')) response.writeHead(422).end();
      else take(request, response);
    };
    const told = view(sendTo(new URL(`http://127.0.0.1:${await listen()}/`)));
    for (const event of whole) told.event(event);
    await expect.poll(() => taken.length).toBe(9);
    expect(await told.settle()).toBe('there refused 1 events for good.');
    await told.close();
  });

  it('that is told with a name and a password gets them as a header', async () => {
    let authorization: string | undefined;
    answer = (request, response) => {
      authorization = request.headers.authorization;
      take(request, response);
    };
    const port = await listen();
    const told = view(sendTo(new URL(`http://us%40er:pa%3Ass@127.0.0.1:${port}/`)));
    told.event(whole[0] as SessionEvent);
    await expect.poll(() => taken.length).toBe(1);
    expect(authorization).toBe(`Basic ${Buffer.from('us@er:pa:ss').toString('base64')}`);
    await told.close();
  });

  it('for which too many wait is told how many are missing', async () => {
    let isBack = false;
    answer = (request, response) => (isBack ? take(request, response) : void response.writeHead(503).end());
    const told = view(sendTo(new URL(`http://127.0.0.1:${await listen()}/`)), 2000);
    for (const event of whole.slice(0, 9)) told.event(event);
    const spooled = path.join(folder, 'spool', `${'0'.repeat(15)}-${process.pid}.jsonl`);
    const fitted = readFileSync(spooled, 'utf8').split('\n').length - 1;
    isBack = true;
    await expect.poll(() => taken.length).toBe(fitted);
    for (const event of whole.slice(9)) told.event(event);
    await expect.poll(() => taken.at(-1)?.type).toBe('istio-workshop.run.finished');
    const missing = taken.reduce((sum, {data}) => sum + (data.lostBefore ?? 0), 0);
    expect(missing).toBeGreaterThan(0);
    expect(taken.length + missing).toBe(10);
    await told.close();
  });
});

describe('a file', () => {
  it('gets one event a line, and waits for its folder', async () => {
    const file = path.join(folder, 'there', 'events.jsonl');
    const spool = openSpool({folder: path.join(folder, 'spool'), name: '1', pid: process.pid});
    const pause = (): Promise<void> => delay(5);
    const delivery = startDelivery({spool, send: appendTo(file), pause});
    spool.put('{"a":1}');
    spool.put('{"b":2}');
    delivery.wake();
    await delay(20);
    expect(existsSync(file)).toBe(false);
    const {mkdirSync} = await import('node:fs');
    mkdirSync(path.dirname(file));
    await expect.poll(() => spool.waiting()).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe('{"a":1}\n{"b":2}\n');
    await delivery.stop();
    spool.close();
    writeFileSync(file, '');
  });
});
