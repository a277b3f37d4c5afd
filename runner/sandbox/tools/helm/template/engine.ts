import {isMap} from '../../../json.ts';
import {TemplateError} from './errors.ts';
import {FunctionError, pureFunctions, type TemplateFunction} from './functions.ts';
import {lineOf} from './lexer.ts';
import type {Command, Node, Operand, ParsedTemplate, Pipe} from './nodes.ts';
import {parseTemplate} from './parser.ts';
import {show, truth} from './values.ts';

class LoopSignal {
  readonly kind: 'break' | 'continue';

  constructor(kind: 'break' | 'continue') {
    this.kind = kind;
  }
}

type Scope = Map<string, unknown>;

const contextual = ['and', 'or', 'include', 'tpl', 'template', 'call', 'fromYaml', 'fromYamlArray'];

export interface EngineOptions {
  /** What `fromYaml` reads with. */
  parseYaml(text: string): unknown;
}

/** Thrown by `parseYaml` to stop everything: the text needs a reader that has yet to be loaded. */
export const needsLibrary = Symbol('the YAML library is needed');

/** A set of templates that may call each other, as a chart's are. */
export class TemplateEngine {
  private readonly templates = new Map<string, ParsedTemplate>();
  private readonly options: EngineOptions;
  private readonly functions: Record<string, TemplateFunction>;
  private readonly names: ReadonlySet<string>;
  private depth = 0;

  constructor(options: EngineOptions) {
    this.options = options;
    this.functions = {
      ...pureFunctions,
      include: (name: string, data: unknown) => this.execute(name, data),
      tpl: (text: string, data: unknown) => this.inline(text, data),
      fromYaml: (text: string) => this.readYaml(text, {}),
      fromYamlArray: (text: string) => this.readYaml(text, []),
    };
    this.names = new Set([...Object.keys(this.functions), ...contextual]);
  }

  /** Adds a file under the name that errors and `Template.Name` show. @throws TemplateError */
  add(name: string, source: string): void {
    for (const template of parseTemplate(name, source, this.names))
      this.templates.set(template.name, template);
  }

  /** Carries a template out. @throws TemplateError in Go's words, with file and line. */
  execute(name: string, data: unknown): string {
    const template = this.templates.get(name);
    if (!template)
      throw new FunctionError(
        `template: no template ${JSON.stringify(name)} associated with template "gotpl"`,
      );
    if (++this.depth > 1000)
      throw new FunctionError(
        `rendering template has a nested reference name: ${name}: unable to execute template`,
      );
    try {
      return new Run(this, template, data).text();
    } finally {
      this.depth--;
    }
  }

  function(name: string): TemplateFunction | undefined {
    return this.functions[name];
  }

  private inline(text: string, data: any): string {
    const name = data?.Template?.Name ?? 'gotpl';
    const scoped = new TemplateEngine(this.options);
    for (const [key, template] of this.templates) scoped.templates.set(key, template);
    scoped.add(name, text);
    return scoped.execute(name, data);
  }

  private readYaml(text: string, empty: unknown): unknown {
    try {
      return this.options.parseYaml(text) ?? empty;
    } catch (error) {
      if (error === needsLibrary) throw error;
      // Helm hands the chart the error as data; charts test for this key.
      return {Error: (error as Error).message};
    }
  }
}

/** One execution of one template. */
class Run {
  private out = '';
  private readonly scopes: Scope[];
  private readonly engine: TemplateEngine;
  private readonly template: ParsedTemplate;
  private readonly root: unknown;

  constructor(engine: TemplateEngine, template: ParsedTemplate, root: unknown) {
    this.engine = engine;
    this.template = template;
    this.root = root;
    this.scopes = [new Map([['$', root]])];
  }

  text(): string {
    this.list(this.template.body, this.root);
    return this.out;
  }

  private fail(at: number, text: string, why: string): never {
    const {name, file, source} = this.template;
    const column = at - (source.lastIndexOf('\n', at - 1) + 1);
    const short = text.length > 20 ? `${text.slice(0, 20)}...` : text;
    throw new TemplateError(
      `template: ${file}:${lineOf(source, at)}:${column}: executing ${JSON.stringify(name)} at <${short}>: ${why}`,
    );
  }

  private list(nodes: readonly Node[], dot: unknown): void {
    for (const node of nodes) this.node(node, dot);
  }

  private scoped(run: () => void): void {
    this.scopes.push(new Map());
    try {
      run();
    } finally {
      this.scopes.pop();
    }
  }

  private node(node: Node, dot: unknown): void {
    switch (node.type) {
      case 'text':
        this.out += node.text;
        break;
      case 'action': {
        const value = this.pipe(node.pipe, dot);
        // Helm prints nothing where Go would print "<no value>".
        if (node.pipe.variables.length === 0 && value !== undefined && value !== null)
          this.out += show(value);
        break;
      }
      case 'if':
      case 'with':
        this.scoped(() => {
          const value = this.pipe(node.pipe, dot);
          if (truth(value)) this.list(node.body, node.type === 'with' ? value : dot);
          else this.list(node.otherwise, dot);
        });
        break;
      case 'range':
        this.range(node, dot);
        break;
      case 'template': {
        const data = node.pipe ? this.pipe(node.pipe, dot) : undefined;
        this.out += this.guard(node.at, `template "${node.name}"`, () =>
          this.engine.execute(node.name, data),
        );
        break;
      }
      default:
        throw new LoopSignal(node.type);
    }
  }

  private range(node: Extract<Node, {type: 'range'}>, dot: unknown): void {
    this.scoped(() => {
      const value = this.pipe({...node.pipe, variables: []}, dot);
      const entries: [unknown, unknown][] = Array.isArray(value)
        ? value.map((item, index) => [index, item])
        : typeof value === 'number'
          ? Array.from({length: value}, (_, index) => [index, index])
          : isMap(value)
            ? Object.keys(value)
                .sort()
                .map(key => [key, value[key]])
            : value === undefined || value === null
              ? []
              : this.fail(
                  node.pipe.at,
                  node.pipe.commands[0]?.text ?? '',
                  `range can't iterate over ${show(value)}`,
                );
      if (entries.length === 0) {
        this.list(node.otherwise, dot);
        return;
      }
      const [first, second] = node.pipe.variables;
      for (const [key, item] of entries) {
        try {
          this.scoped(() => {
            if (first !== undefined) this.declare(first, second === undefined ? item : key);
            if (second !== undefined) this.declare(second, item);
            this.list(node.body, item);
          });
        } catch (signal) {
          if (!(signal instanceof LoopSignal)) throw signal;
          if (signal.kind === 'break') break;
        }
      }
    });
  }

  private declare(name: string, value: unknown): void {
    this.scopes.at(-1)?.set(name, value);
  }

  private pipe(pipe: Pipe, dot: unknown): unknown {
    let value: unknown;
    pipe.commands.forEach((command, index) => {
      value = this.command(command, dot, index > 0 ? [value] : []);
    });
    for (const name of pipe.variables) {
      if (!pipe.assign) this.declare(name, value);
      else
        this.scopes.findLast(scope => scope.has(name))?.set(name, value) ??
          this.fail(pipe.at, name, `undefined variable: ${name}`);
    }
    return value;
  }

  private command(command: Command, dot: unknown, piped: unknown[]): unknown {
    const [first, ...rest] = command.operands as [Operand, ...Operand[]];
    if (first.type === 'function') return this.call(first, command, rest, dot, piped);
    const args = () => [...rest.map(operand => this.operand(operand, dot)), ...piped];
    if (first.type === 'chain') return this.chain(first, dot, rest.length + piped.length > 0 ? args() : []);
    if (rest.length > 0 || piped.length > 0)
      this.fail(first.at, first.text, `can't give argument to non-function ${first.text}`);
    return this.operand(first, dot);
  }

  private call(
    first: Extract<Operand, {type: 'function'}>,
    command: Command,
    rest: Operand[],
    dot: unknown,
    piped: unknown[],
  ): unknown {
    const {name} = first;
    if (name === 'and' || name === 'or') {
      let value: unknown;
      const thunks = [
        ...rest.map(operand => () => this.operand(operand, dot)),
        ...piped.map(given => () => given),
      ];
      for (const thunk of thunks) {
        value = thunk();
        if (truth(value) === (name === 'or')) break;
      }
      return value;
    }
    const args = [...rest.map(operand => this.operand(operand, dot)), ...piped];
    const run = this.engine.function(name);
    if (!run)
      return this.fail(
        first.at,
        command.text,
        `function ${JSON.stringify(name)} is beyond the built-in helm`,
      );
    return this.guard(first.at, command.text, () => run(...args), name);
  }

  private guard<T>(at: number, text: string, run: () => T, name?: string): T {
    try {
      return run();
    } catch (error) {
      if (error instanceof LoopSignal || error === needsLibrary) throw error;
      if (error instanceof TemplateError && name === undefined) throw error;
      const message = (error as Error).message;
      return this.fail(at, text, name === undefined ? message : `error calling ${name}: ${message}`);
    }
  }

  private chain(operand: Extract<Operand, {type: 'chain'}>, dot: unknown, args: unknown[]): unknown {
    let value: any = operand.start ? this.operand(operand.start, dot) : dot;
    // A field of a pipeline that gives nothing is nothing, and so are its fields (text/template/exec.go, evalField).
    if (operand.start?.type === 'pipe' && (value === undefined || value === null)) return undefined;
    operand.fields.forEach((field, index) => {
      if (value === undefined || value === null) {
        this.fail(operand.at, operand.text, `nil pointer evaluating interface {}.${field}`);
      }
      if (typeof value !== 'object')
        this.fail(
          operand.at,
          operand.text,
          `can't evaluate field ${field} in type ${typeof value === 'number' ? 'float64' : typeof value}`,
        );
      const next = Object.hasOwn(value, field) ? value[field] : undefined;
      const last = index === operand.fields.length - 1;
      if (typeof next === 'function')
        value = this.guard(operand.at, operand.text, () => next(...(last ? args : [])), field);
      else if (last && args.length > 0)
        this.fail(operand.at, operand.text, `${field} is not a method but has arguments`);
      else value = next;
    });
    return value;
  }

  private operand(operand: Operand, dot: unknown): unknown {
    switch (operand.type) {
      case 'literal':
        return operand.value;
      case 'dot':
        return dot;
      case 'variable': {
        const scope = this.scopes.findLast(candidate => candidate.has(operand.name));
        if (!scope) this.fail(operand.at, operand.text, `undefined variable: ${operand.name}`);
        return scope?.get(operand.name);
      }
      case 'chain':
        return this.chain(operand, dot, []);
      case 'pipe': {
        this.scopes.push(new Map());
        try {
          return this.pipe(operand.pipe, dot);
        } finally {
          this.scopes.pop();
        }
      }
      default:
        return this.call(operand, {at: operand.at, text: operand.text, operands: [operand]}, [], dot, []);
    }
  }
}
