import {describe, expect, it} from 'vitest';
import {parseWithLibrary} from '../../shared/yaml-lib.ts';
import {TemplateEngine} from './engine.ts';

function render(source: string, data: unknown = {}): string {
  const engine = new TemplateEngine({parseYaml: text => parseWithLibrary(text).documents[0]});
  engine.add('chart/templates/x.yaml', source);
  return engine.execute('chart/templates/x.yaml', data);
}

describe('TemplateEngine', () => {
  it.each([
    ['a {{- " b " -}} c', 'a b c'],
    ['{{ .a.b | default "x" | quote }}', '"x"', {a: {}}],
    ['{{ if and .a (not .b) }}1{{ else if .b }}2{{ else }}3{{ end }}', '2', {a: 1, b: true}],
    [
      '{{ range $i, $v := .l }}{{ if eq $v "skip" }}{{ continue }}{{ end }}{{ $i }}={{ $v }};{{ else }}none{{ end }}',
      '0=a;2=b;',
      {l: ['a', 'skip', 'b']},
    ],
    ['{{ range $k, $v := .m }}{{ $k }}{{ $v }}{{ end }}', 'a1b2', {m: {b: 2, a: 1}}],
    ['{{ with .a }}{{ .b }}{{ $.c }}{{ else }}no{{ end }}', 'xy', {a: {b: 'x'}, c: 'y'}],
    ['{{ define "t" }}[{{ . }}]{{ end }}{{ include "t" "x" | nindent 2 }}', '\n  [x]'],
    ['{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ end }}{{ $x }}', '2'],
    ['{{ toYaml .m | nindent 2 }}', '\n  a:\n  - "1"\n  b: {}', {m: {b: {}, a: ['1']}}],
    ['{{ (index .l 1).n }}', 'y', {l: [{n: 'x'}, {n: 'y'}]}],
    ['{{ printf "%s-%d %q" "a" 3 "b" }}', 'a-3 "b"'],
    ['{{ (fromYaml "a: [1, 2]").a | toJson }}', '[1,2]'],
    [
      '{{ mergeOverwrite (dict "a" 1 "b" (dict "c" 2)) (dict "b" (dict "d" 3)) | toJson }}',
      '{"a":1,"b":{"c":2,"d":3}}',
    ],
    ['{{/* nothing */ -}} x', 'x'],
    ['{{ .missing }}', ''],
    ['{{ ((.a).b).c.d }}{{ (.missing).x.y }}', '', {a: {}}],
    ['{{ semverCompare ">=1.27-0 <1.31" "1.30.3" }}', 'true'],
  ] as [string, string, unknown?][])('renders %s', (source, expected, data = {}) => {
    expect(render(source, data)).toBe(expected);
  });

  it('names function, file and line of what it does not know', () => {
    expect(() => render('a\n{{ nosuch 1 }}')).toThrow(
      'parse error at (chart/templates/x.yaml:2): function "nosuch" not defined',
    );
  });

  it('names the place of a failure', () => {
    expect(() => render('x\n{{ .a.b.c }}', {a: {}})).toThrow(
      'template: chart/templates/x.yaml:2:3: executing "chart/templates/x.yaml" at <.a.b.c>: nil pointer evaluating interface {}.c',
    );
    expect(() => render('{{ required "give a" .a }}')).toThrow('error calling required: give a');
  });
});
