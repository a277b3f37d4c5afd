import {createServer} from 'node:http';
import type {ContainerContext, ContainerProgram, KnownImage} from '../kubelet/image.ts';

/** What a test's program may do, by the container's `args`. */
export interface TestImage extends KnownImage {
  /** Every context that a program was started with, oldest first. */
  readonly starts: readonly ContainerContext[];
  /** Ends the newest program of a container by itself. */
  exit(container: string, exitCode: number): void;
  /** The HTTP status that `serve` programs answer with from now on. */
  answer: number;
}

/**
 * An image `test/app`. Its programs run until they are told otherwise; `args: [serve, "8080"]` answers HTTP on a
 * port, `args: [end, "3"]` ends at once with that code, `args: [missing]` can't be started.
 */
export function testImage(): TestImage {
  const starts: ContainerContext[] = [];
  const exits = new Map<string, (exitCode: number) => void>();
  const image: TestImage = {
    name: 'test/app',
    sizeBytes: 1234,
    programs: [],
    starts,
    answer: 200,
    matches: reference => reference.includes('test/app'),
    exit: (container, exitCode) => exits.get(container)?.(exitCode),
    async start(context): Promise<ContainerProgram> {
      starts.push(context);
      const [verb, parameter] = context.container.args ?? [];
      if (verb === 'missing') throw new Error('exec: "missing": executable file not found in $PATH: unknown');
      context.log(`${context.container.name} starts`);
      let end: (how: {exitCode: number}) => void = () => {};
      const exited = new Promise<{exitCode: number}>(resolve => {
        end = resolve;
      });
      let close = async () => {};
      if (verb === 'serve') {
        const server = createServer((_, response) => {
          response.writeHead(image.answer, {connection: 'close'}).end('ok');
        });
        const port = Number(parameter);
        const listener = await context.attachment.network.listen(port, connection => {
          server.emit('connection', connection);
        });
        close = () => listener.close();
      }
      if (verb === 'end') end({exitCode: Number(parameter)});
      exits.set(context.container.name, exitCode => void close().then(() => end({exitCode})));
      return {
        exited,
        async stop() {
          await close();
          end({exitCode: 0});
        },
      };
    },
  };
  return image;
}
