import {escapeUTF8} from 'entities';
import {withoutControls} from '../ui/text/clean-text.ts';
import {count, duration, routedText, starText} from '../ui/words.ts';
import {conditionsOf} from './counts.ts';
import type {
  CheckRecord,
  CommandRecord,
  ConditionRecord,
  LabRecord,
  RunRecord,
  StepItem,
  StepRecord,
} from './schema.ts';
import {style} from './style.ts';
import {
  commandText,
  countsText,
  headline,
  labName,
  stateSigns,
  stateWords,
  timesText,
  versionRows,
} from './words.ts';

/**
 * The report as a page that needs nothing but the files beside it: no script, no network. What went wrong comes first.
 * Its bars are drawings and its folds are the browser's own, so that it reads the same without a style.
 */
export function htmlReport(record: RunRecord): string {
  const wrong = record.labs.flatMap(lab =>
    conditionsOf(lab)
      .filter(({state}) => state === 'failed' || state === 'unknown')
      .map(condition => ({lab, condition})),
  );
  const tone = toneOf(record);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="istio-workshop ${text(record.versions['istio-workshop'] ?? '')}">
<title>${text(`${countsText(record)} · istio-workshop`)}</title>
<link rel="icon" href="data:,">
<style>
${style}</style>
</head>
<body>
${record.labs.length > 0 ? '<a class="skip" href="#labs">To the labs</a>' : ''}
<header class="${tone}">
<p class="eyebrow">istio-workshop · report of a run</p>
<h1>${text(headline(record))}</h1>
<p class="counts">${text(countsText(record))} <span class="quiet">in ${text(duration(record.milliseconds))}</span></p>
${strip(record)}
<dl class="facts">
${fact('Run', `<code>${text(record.command)}</code>`)}
${fact('On', text(record.engine.title))}
${fact('Began', `<time datetime="${record.startedAt}">${text(moment(record.startedAt))}</time>`)}
${fact(record.complete ? 'Ended' : 'Last seen', `<time datetime="${record.updatedAt}">${text(moment(record.updatedAt))}</time>`)}
</dl>
${record.engine.simulated ? '<p class="quiet">The cluster is simulated: no real Istio was at work.</p>' : ''}
</header>
<main>
${problems(record)}
${wrong.length > 0 ? section('wrong', 'What went wrong', wrong.map(({lab, condition}) => article(lab, condition)).join('\n')) : ''}
${record.labs.length > 0 ? section('labs', 'Labs', record.labs.map(labBlock).join('\n')) : ''}
${times(record)}
${routed(record)}
${notes(record)}
${section('versions', 'Versions', versions(record))}
</main>
<footer>
<p>The same as data: <a href="report.json">report.json</a> (<a href="report.schema.json">its schema</a>), <a href="junit.xml">junit.xml</a>, <a href="report.sarif">report.sarif</a>, <a href="report.md">report.md</a>.</p>
</footer>
</body>
</html>
`;
}

type Tone = 'good' | 'bad' | 'open';

function toneOf({complete, outcome}: RunRecord): Tone {
  if (!complete || outcome === 'interrupted' || outcome === 'unknown') return 'open';
  return outcome === 'passed' ? 'good' : 'bad';
}

function text(content: string): string {
  return escapeUTF8(withoutControls(content));
}

function link(file: string): string {
  return text(encodeURI(file));
}

function moment(iso: string): string {
  return iso.replace('T', ' ').replace(/\.\d+Z$/, ' UTC');
}

function fact(name: string, html: string): string {
  return `<div><dt>${text(name)}</dt><dd>${html}</dd></div>`;
}

function section(id: string, title: string, html: string): string {
  return `<section id="${id}" aria-labelledby="${id}-title">\n<h2 id="${id}-title">${text(title)}</h2>\n${html}\n</section>`;
}

function mark(state: ConditionRecord['state']): string {
  return `<span class="mark ${state}" aria-hidden="true">${stateSigns[state]}</span><span class="sr">${stateWords[state]}: </span>`;
}

function badge(state: ConditionRecord['state']): string {
  return `<span class="badge ${state}">${stateSigns[state]} ${stateWords[state]}</span>`;
}

/** All conditions of the run side by side, one cell each. */
function strip(record: RunRecord): string {
  const states = record.labs.flatMap(conditionsOf).map(({state}) => state);
  if (states.length === 0) return '';
  const cells = states.map(
    (state, index) => `<rect class="${state}" x="${index * 10}" width="8.5" height="10" rx="1.5"/>`,
  );
  return `<svg class="strip" viewBox="0 0 ${states.length * 10 - 1.5} 10" preserveAspectRatio="none" role="img" aria-label="${text(`Each condition in order: ${countsText(record)}`)}">${cells.join('')}</svg>`;
}

function problems({problems: all}: RunRecord): string {
  if (all.length === 0) return '';
  const blocks = all.map(({message, detail, remedies, code, faults}) => {
    const lines = faults.map(
      ({place, message: what, fix}) =>
        `<li><code>${text(`${place.file}:${place.line}`)}</code> ${text(what)}; ${text(fix)}</li>`,
    );
    return `<article class="card bad"><h3>${text(message)}</h3>
${lines.length > 0 ? `<ul>${lines.join('')}</ul>` : detail === undefined ? '' : pre(detail, message)}
${steps(remedies)}<p class="quiet"><code>${text(code)}</code></p></article>`;
  });
  return section('problems', 'Problems', blocks.join('\n'));
}

function steps(remedies: readonly string[]): string {
  return remedies.map(remedy => `<p class="remedy">→ ${text(remedy)}</p>`).join('\n');
}

/** What may be wider than the window; the keyboard can scroll it. */
function pre(content: string, label: string): string {
  return `<pre tabindex="0" role="group" aria-label="${text(label)}">${text(content)}</pre>`;
}

/** A condition that did not pass, told whole. */
function article(lab: LabRecord, condition: ConditionRecord): string {
  return `<article class="card ${condition.state === 'failed' ? 'bad' : 'open'}">
<p class="eyebrow">Lab ${text(labName(lab))}</p>
<h3>${mark(condition.state)}${text(condition.label)}</h3>
${conditionBody(condition, true)}
</article>`;
}

function conditionBody(condition: ConditionRecord, whole: boolean): string {
  const {expected, seen, reason, rows, why, remedies, way, notes: said, place} = condition;
  const parts = [
    expected === undefined && seen === undefined
      ? ''
      : `<dl class="beside"><div><dt>Expected</dt><dd>${text(expected ?? '')}</dd></div><div class="${condition.state}"><dt>Seen</dt><dd>${text(seen ?? '')}</dd></div></dl>`,
    reason === undefined || reason === seen ? '' : `<p>${text(reason)}</p>`,
    whyList(why),
    steps(remedies),
    rows.length > 0 ? visitorTable(condition) : '',
    pictures(condition, whole),
    strips(condition, whole),
    traces(condition),
    way
      ? `<details${whole ? ' open' : ''}><summary>The way of the page for ${text(way.visitor)}: who calls whom, and what decides it</summary>${pre(way.lines.join('\n'), `The way of the page for ${way.visitor}`)}</details>`
      : '',
    logs(condition),
    [timesText(condition), ...said]
      .filter(Boolean)
      .map(line => `<p class="quiet">${text(line)}</p>`)
      .join('\n'),
    place ? `<p class="quiet">Asked for in <code>${text(`${place.file}:${place.line}`)}</code></p>` : '',
  ];
  return parts.filter(part => part !== '').join('\n');
}

function whyList(why: ConditionRecord['why']): string {
  if (why.length === 0) return '';
  const items = why.map((cause, index) => {
    const lead = index === 0 ? 'Why' : cause.behind ? 'And' : 'Or';
    const where = [
      cause.object,
      cause.place ? `${cause.place.file}:${cause.place.line}` : undefined,
      cause.analysis,
      cause.code,
    ].filter(each => each !== undefined);
    return `<li><p><strong>${lead}:</strong> ${text(cause.sentence)}</p>
<p class="quiet">${where.map(each => `<code>${text(each)}</code>`).join(' · ')}</p>
${cause.fix ? `<p class="fix"><span>Fix</span> <code>${text(cause.fix)}</code></p>` : ''}
${cause.command ? `<p class="fix"><span>Type</span> <code>${text(cause.command)}</code></p>` : ''}</li>`;
  });
  return `<ol class="why">${items.join('\n')}</ol>`;
}

function visitorTable({rows, label}: ConditionRecord): string {
  const metrics = rows.some(row => row.metrics !== undefined);
  const head = ['Visitor', 'Expected', 'Seen', 'Loads right', 'Version', ...(metrics ? ['Metrics'] : [])];
  const body = rows.map(row => {
    const wrong = row.loads > row.good;
    return `<tr${wrong ? ' class="wrong"' : ''}><th scope="row">${text(row.visitor)}</th><td>${text(row.expected)}</td><td>${starsOf(row.seen, row.stars)}${row.remark ? `<br><span class="quiet">${text(row.remark)}</span>` : ''}</td><td>${wrong ? '✗ ' : ''}${row.loads > 0 ? `${row.good} of ${row.loads}` : '–'}</td><td>${text(row.version ?? 'not available')}</td>${metrics ? `<td>${text(row.metrics ?? 'not available')}</td>` : ''}</tr>`;
  });
  return `<div class="wide" tabindex="0" role="group" aria-label="${text(`Visitors: ${label}`)}"><table><caption class="sr">${text(`What each visitor saw: ${label}`)}</caption><thead><tr>${head.map(each => `<th scope="col">${each}</th>`).join('')}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}

function starsOf(seen: string, filled: readonly number[]): string {
  const kind = seen === 'red' || seen === 'black' ? seen : 'none';
  const drawn = filled.some(each => each > 0)
    ? ` <span class="stars ${kind}" aria-hidden="true">${starText(filled)}</span>`
    : '';
  return `${text(seen || 'nothing')}${drawn}`;
}

function pictures({pictures: all}: ConditionRecord, whole: boolean): string {
  if (all.length === 0) return '';
  const figures = all.map(({visitor, stars, version, file, html}) => {
    const caption = [
      stars === 'none' ? 'no stars' : stars === 'unavailable' ? 'no reviews' : `${stars} stars`,
      version,
    ]
      .filter(each => each !== undefined)
      .join(', ');
    return `<figure><a href="${link(file)}"><img src="${link(file)}" loading="lazy" alt="${text(`The reviews as ${visitor} sees them: ${caption}`)}"></a><figcaption><strong>${text(visitor)}</strong> ${text(caption)}${html === undefined ? '' : ` · <a href="${link(html)}">HTML<span class="sr"> of the page of ${text(visitor)}</span></a>`}</figcaption></figure>`;
  });
  const gallery = `<div class="pictures">${figures.join('\n')}</div>`;
  return whole
    ? gallery
    : `<details><summary>${count(all.length, 'picture')} of the reviews</summary>${gallery}</details>`;
}

/** Every load of every visitor as a dot, in order: what was only settling before the proof is hollow. */
function strips({observations, rows}: ConditionRecord, whole: boolean): string {
  if (observations.length === 0) return '';
  const visitors = [
    ...new Set([...rows.map(({visitor}) => visitor), ...observations.map(({visitor}) => visitor)]),
  ];
  const lines = visitors.map(visitor => {
    const own = observations.filter(each => each.visitor === visitor);
    const perLine = 60;
    const height = Math.ceil(own.length / perLine) * 12;
    const dots = own.map(({stars, phase, right}, index) => {
      const x = (index % perLine) * 12 + 6;
      const y = Math.floor(index / perLine) * 12 + 6;
      return `<circle class="${stars} ${phase}${right ? '' : ' wrong'}" cx="${x}" cy="${y}" r="4"/>`;
    });
    const proved = own.filter(({phase}) => phase === 'prove');
    const wrong = proved.filter(({right}) => !right).length;
    const label = `${visitor}: ${count(own.length, 'load')}, ${own.length - proved.length} of them while settling; ${wrong} wrong in the proof`;
    return `<div class="loads"><span>${text(visitor)}</span><svg viewBox="0 0 ${Math.min(perLine, own.length) * 12} ${height}" width="${Math.min(perLine, own.length) * 12}" height="${height}" role="img" aria-label="${text(label)}">${dots.join('')}</svg></div>`;
  });
  return `<details${whole ? ' open' : ''}><summary>Every load, in order (${observations.length})</summary>${lines.join('\n')}<p class="quiet">Hollow: while it settled, where a wrong answer is "not yet". Filled: the proof. With a ring: wrong.</p></details>`;
}

function traces({traces: all}: ConditionRecord): string {
  if (all.length === 0) return '';
  const items = all.map(
    ({visitor, file, loads}) =>
      `<li><a href="${link(file)}">${text(file.split('/').at(-1) ?? file)}</a> of ${text(visitor)}: ${count(loads.length, 'load')}, which showed ${text(loads.join(', '))}</li>`,
  );
  return `<details open><summary>Playwright trace, of loads repeated right after the failure</summary><ul>${items.join('')}</ul><p class="quiet">It is not of the loads that failed, but of the same loads once more. Look at it with <code>npx playwright show-trace FILE</code>.</p></details>`;
}

function logs({proxyLogs}: ConditionRecord): string {
  return proxyLogs
    .map(
      ({pod, container, lines}) =>
        `<details><summary>Log of ${text(pod)}, ${text(container)}: the last ${count(lines.length, 'line')}</summary>${pre(lines.join('\n'), `Log of ${pod}, ${container}`)}</details>`,
    )
    .join('\n');
}

function labBlock(lab: LabRecord): string {
  const own = conditionsOf(lab);
  const passed = own.filter(({state}) => state === 'passed').length;
  const open = lab.state !== 'passed' && lab.state !== 'not-run';
  const took =
    lab.milliseconds === undefined || lab.state === 'not-run' ? '' : `, ${duration(lab.milliseconds)}`;
  return `<details class="lab" id="lab-${text(lab.id)}"${open ? ' open' : ''}>
<summary><h3>${text(labName(lab))}</h3>${badge(lab.state)}<span class="quiet">${passed} of ${count(own.length, 'condition')}${took}${lab.attempts > 1 ? `, begun ${lab.attempts} times` : ''}</span></summary>
${lab.steps.map(stepBlock).join('\n')}
</details>`;
}

function stepBlock({number, title, items}: StepRecord): string {
  if (items.length === 0) return '';
  return `<div class="step"><h4>${text(title === '' ? `Step ${number}` : `${number}. ${title}`)}</h4>\n${items.map(itemBlock).join('\n')}</div>`;
}

function itemBlock(item: StepItem): string {
  switch (item.kind) {
    case 'command':
      return commandBlock(item);
    case 'file':
      return `<p class="file">✓ <code>${text(item.name)}</code> <span class="quiet">${item.change === 'unchanged' ? 'is there already' : 'written'}</span></p>`;
    case 'check':
      return checkBlock(item);
  }
}

function commandBlock(command: CommandRecord): string {
  const {output, problem, remark, routed: told, state} = command;
  const more = [remark, told ? routedText(told) : undefined].filter(each => each !== undefined);
  const head = `<code class="typed">${text(command.text.trimEnd())}</code> <span class="quiet">${text([commandText(command), ...more].join(', '))}</span>`;
  const failed = state === 'failed';
  const tail = problem === undefined ? '' : `<p class="problem">${text(problem)}</p>`;
  if (output.trim() === '') return `<div class="command ${state}"><p>${head}</p>${tail}</div>`;
  return `<div class="command ${state}"><details${failed ? ' open' : ''}><summary>${head}</summary>${pre(output, `Output of ${command.text.trim()}`)}</details>${tail}</div>`;
}

function checkBlock({conditions, attempts}: CheckRecord): string {
  const items = conditions.map(condition => {
    const {state, label, seen, reason} = condition;
    const took = timesText(condition);
    const head = `${mark(state)}<span class="label">${text(label)}</span> <span class="quiet">${text([state === 'passed' ? seen : (reason ?? seen ?? stateWords[state]), took].filter(Boolean).join(' · '))}</span>`;
    if (state === 'not-run' || state === 'running') return `<li><p>${head}</p></li>`;
    return `<li><details><summary>${head}</summary>${conditionBody(condition, false)}</details></li>`;
  });
  const again =
    attempts > 1 ? `<p class="quiet">Looked at ${attempts} times: the cluster had to be revived.</p>` : '';
  return `<ul class="check">${items.join('\n')}</ul>${again}`;
}

/** How long each condition took to become true, as bars beside each other. */
function times({labs}: RunRecord): string {
  const all = labs.flatMap(lab =>
    conditionsOf(lab).flatMap(condition =>
      condition.milliseconds !== undefined ? [{lab, condition, took: condition.milliseconds}] : [],
    ),
  );
  if (all.length === 0) return '';
  const longest = Math.max(...all.map(({took}) => took), 1);
  const rows = all.map(({lab, condition, took}) => {
    const until = condition.trueAfter ?? took;
    const part = (value: number): string => ((value / longest) * 100).toFixed(2);
    const settled = condition.settledBy !== undefined && condition.state === 'passed';
    const bars = settled
      ? `<rect class="settle" width="${part(until)}" height="10"/><rect class="prove" x="${part(until)}" width="${part(Math.max(0, took - until))}" height="10"/>`
      : `<rect class="settle" width="${part(took)}" height="10"/>`;
    return `<tr><td>${lab.number}</td><th scope="row">${mark(condition.state)}${text(condition.label)}</th><td class="number">${condition.state === 'passed' ? text(duration(until)) : '–'}</td><td class="number">${text(duration(took))}</td><td class="bar"><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">${bars}</svg></td></tr>`;
  });
  return section(
    'times',
    'How long until it was true',
    `<p class="quiet">Waiting for a change to arrive is settling, and no retry: behind it one wrong answer is a failure.</p>
<div class="wide" tabindex="0" role="group" aria-label="How long each condition took"><table><caption class="sr">How long each condition took to become true, and with its proof</caption><thead><tr><th scope="col">Lab</th><th scope="col">Condition</th><th scope="col" class="number">True after</th><th scope="col" class="number">With proof</th><th scope="col"><span class="sr">As bars</span></th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`,
  );
}

function routed({labs}: RunRecord): string {
  const rows = labs.flatMap(lab =>
    lab.steps
      .flatMap(({items}) => items)
      .flatMap(item =>
        item.kind === 'command' && item.routed
          ? [
              `<tr><td>${lab.number}</td><th scope="row"><code>${text(item.text.trim())}</code></th><td class="number">${text(duration(item.routed.milliseconds))}</td><td class="number">${item.routed.proxies}</td></tr>`,
            ]
          : [],
      ),
  );
  if (rows.length === 0) return '';
  return section(
    'routed',
    'From a command to the proxies',
    `<div class="wide" tabindex="0" role="group" aria-label="From a command to the proxies"><table><caption class="sr">How long after its end the last proxy had what a command changed</caption><thead><tr><th scope="col">Lab</th><th scope="col">Command</th><th scope="col" class="number">Routed after</th><th scope="col" class="number">Proxies</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`,
  );
}

function notes({notes: all}: RunRecord): string {
  if (all.length === 0) return '';
  const items = all.map(
    ({at, text: said}) =>
      `<li><time class="quiet" datetime="${at}">${text(at.slice(11, 19))}</time> ${text(said)}</li>`,
  );
  return section('notes', 'Notes', `<ul class="notes">${items.join('')}</ul>`);
}

function versions(record: RunRecord): string {
  return `<dl class="facts">${versionRows(record)
    .map(([name, value]) => fact(name, text(value)))
    .join('\n')}</dl>`;
}
