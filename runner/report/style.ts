/** The style of the page: the reader's own fonts, light and dark, wide and narrow, on paper. */
export const style = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --ink: #1b2430; --quiet: #57616e; --line: #d9dee5; --code: #eef1f5;
  --good: #14703b; --good-soft: #e2f4e8; --bad: #b3261e; --bad-soft: #fdeae8; --open: #855300; --open-soft: #fdf1d9;
  --accent: #2456b5; --settle: #7c9ad6; --prove: #2456b5; --black-star: #1b2430; --red-star: #cf1f13; --none: #b6bec9;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12161c; --card: #1a2028; --ink: #e6eaf0; --quiet: #a3adba; --line: #313a46; --code: #242c37;
    --good: #63d18f; --good-soft: #163423; --bad: #ff9c92; --bad-soft: #43201d; --open: #f2bf63; --open-soft: #3a2c12;
    --accent: #8fb5ff; --settle: #41608f; --prove: #8fb5ff; --black-star: #f1f4f8; --red-star: #ff7a6e; --none: #5a6573;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; padding: 0 1rem 3rem; max-width: 72rem; background: var(--page); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; overflow-wrap: break-word; }
h1, h2, h3, h4, p, dl, ul, ol, figure, pre { margin: 0; }
h1 { font-size: clamp(1.5rem, 1.1rem + 2vw, 2.25rem); line-height: 1.2; text-wrap: balance; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .75rem; }
h3 { font-size: 1.0625rem; line-height: 1.35; }
h4 { font-size: .9375rem; color: var(--quiet); font-weight: 600; margin-bottom: .375rem; }
a { color: var(--accent); text-underline-offset: .15em; }
a:focus-visible, summary:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
code, pre { font: .875em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; }
code { background: var(--code); border-radius: 4px; padding: .1em .35em; overflow-wrap: anywhere; }
pre { background: var(--code); border-radius: 8px; padding: .75rem 1rem; overflow-x: auto; margin-top: .5rem; }
summary { cursor: pointer; border-radius: 6px; }
.quiet { color: var(--quiet); font-size: .9375rem; font-weight: 400; }
.eyebrow { color: var(--quiet); font-size: .8125rem; letter-spacing: .02em; margin-bottom: .25rem; }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: -999px; } .skip:focus { left: 1rem; top: .5rem; background: var(--card); padding: .5rem 1rem; }

header { margin-top: 1.5rem; padding: 1.5rem; background: var(--card); border: 1px solid var(--line); border-top: 6px solid var(--quiet); border-radius: 12px; }
header.good { border-top-color: var(--good); } header.bad { border-top-color: var(--bad); } header.open { border-top-color: var(--open); }
.counts { font-size: 1.125rem; font-weight: 600; margin-top: .375rem; }
header.good .counts { color: var(--good); } header.bad .counts { color: var(--bad); } header.open .counts { color: var(--open); }
.strip { display: block; width: 100%; height: 14px; margin: 1rem 0; }
rect.passed { fill: var(--good); } rect.failed { fill: var(--bad); } rect.unknown, rect.running { fill: var(--open); } rect.not-run { fill: var(--none); }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(13rem, 100%), 1fr)); gap: .75rem 1.5rem; margin-bottom: .5rem; }
.facts dt { color: var(--quiet); font-size: .8125rem; } .facts dd { margin: 0; overflow-wrap: anywhere; }

.card { background: var(--card); border: 1px solid var(--line); border-left: 6px solid var(--quiet); border-radius: 12px; padding: 1.25rem; margin-bottom: 1rem; display: grid; gap: .875rem; grid-template-columns: minmax(0, 1fr); }
.card.bad { border-left-color: var(--bad); } .card.open { border-left-color: var(--open); }
.card .eyebrow { margin: 0 0 -.625rem; }
.mark { display: inline-block; width: 1.375em; font-weight: 700; }
.mark.passed { color: var(--good); } .mark.failed { color: var(--bad); } .mark.unknown, .mark.running { color: var(--open); } .mark.not-run { color: var(--quiet); }
.badge { font-size: .8125rem; font-weight: 600; padding: .125rem .625rem; border-radius: 1rem; background: var(--code); color: var(--quiet); white-space: nowrap; }
.badge.passed { background: var(--good-soft); color: var(--good); } .badge.failed { background: var(--bad-soft); color: var(--bad); }
.badge.unknown, .badge.running { background: var(--open-soft); color: var(--open); }
.beside { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(16rem, 100%), 1fr)); gap: .75rem; }
.beside > div { border-radius: 8px; padding: .625rem .875rem; background: var(--code); }
.beside dt { font-size: .8125rem; color: var(--quiet); } .beside dd { margin: 0; font-weight: 600; overflow-wrap: anywhere; }
.beside .passed { background: var(--good-soft); } .beside .failed { background: var(--bad-soft); } .beside .unknown { background: var(--open-soft); }
.beside .passed dt, .beside .failed dt, .beside .unknown dt { color: var(--ink); }
.why { padding: 0; list-style: none; display: grid; gap: .75rem; grid-template-columns: minmax(0, 1fr); } .why li { border-left: 3px solid var(--line); padding-left: .875rem; display: grid; gap: .25rem; grid-template-columns: minmax(0, 1fr); }
.why li:first-child { border-left-color: var(--bad); }
.fix span { display: inline-block; min-width: 2.75rem; color: var(--quiet); font-size: .875rem; }
.remedy, .problem { font-weight: 600; } .problem { color: var(--bad); }

table { border-collapse: collapse; width: 100%; font-size: .9375rem; } .wide { overflow-x: auto; }
th, td { text-align: left; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line); vertical-align: top; font-weight: 400; }
thead th { color: var(--quiet); font-size: .8125rem; white-space: nowrap; } tbody th { min-width: 9rem; }
tr.wrong td, tr.wrong th { color: var(--bad); } tr.wrong .quiet { color: var(--bad); }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.bar { width: 30%; min-width: 7rem; padding-right: 0; } .bar svg { display: block; width: 100%; height: .75rem; margin-top: .375rem; }
.settle { fill: var(--settle); } .prove { fill: var(--prove); }
.stars { white-space: nowrap; color: var(--none); } .stars.black { color: var(--black-star); } .stars.red { color: var(--red-star); }

.pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(14rem, 100%), 1fr)); gap: 1rem; margin-top: .5rem; }
figure { background: var(--code); border-radius: 8px; overflow: hidden; } figure a { display: block; }
img { display: block; width: 100%; height: auto; background: #fff; } figcaption { padding: .5rem .75rem; font-size: .875rem; } figcaption a { display: inline; }
.loads { display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: start; margin-top: .5rem; font-size: .875rem; } .loads span { min-width: 8rem; } .loads svg { max-width: 100%; height: auto; }
circle { stroke-width: 2; } circle.none { fill: var(--none); stroke: var(--none); } circle.black { fill: var(--black-star); stroke: var(--black-star); }
circle.red { fill: var(--red-star); stroke: var(--red-star); } circle.unavailable { fill: var(--open); stroke: var(--open); }
circle.settle { fill: none; } circle.wrong.prove { stroke: var(--ink); }

.lab { background: var(--card); border: 1px solid var(--line); border-radius: 12px; margin-bottom: .625rem; }
.lab > summary { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem .75rem; padding: .75rem 1.25rem; list-style: none; }
.lab > summary::-webkit-details-marker { display: none; } .lab > summary::before { content: "▸"; color: var(--quiet); } .lab[open] > summary::before { content: "▾"; }
.lab > summary h3 { flex: 1 1 14rem; }
.step { padding: .75rem 1.25rem; border-top: 1px solid var(--line); display: grid; gap: .375rem; grid-template-columns: minmax(0, 1fr); }
.typed { white-space: pre-wrap; } .file, .command { font-size: .9375rem; } .command.failed > details > summary .typed, .command.failed > p .typed { background: var(--bad-soft); }
.check { list-style: none; padding: 0; display: grid; gap: .375rem; grid-template-columns: minmax(0, 1fr); } .check > li { border-radius: 8px; } .check details[open] { display: block; } .check details > :not(summary) { margin: .5rem 0 .5rem 1.5rem; }
.notes { padding-left: 1.25rem; } footer { margin-top: 2.5rem; padding-top: 1rem; border-top: 1px solid var(--line); font-size: .9375rem; color: var(--quiet); }

@media (max-width: 40rem) {
  body { padding: 0 .625rem 2rem; } header, .card { padding: 1rem; } .lab > summary, .step { padding-left: .875rem; padding-right: .875rem; }
  .check details > :not(summary) { margin-left: 0; } .bar { display: none; } th:last-child:has(.sr) { display: none; }
}
@media print {
  :root { color-scheme: light; --page: #fff; --card: #fff; --ink: #000; --quiet: #444; --line: #bbb; --code: #f3f3f3; --good: #0d5c2f; --bad: #9b1c15; --open: #6d4400;
    --good-soft: #fff; --bad-soft: #fff; --open-soft: #fff; --accent: #000; --black-star: #000; --red-star: #c00; }
  body { max-width: none; padding: 0; font-size: 10pt; } .skip, footer { display: none; } header, .card, .lab, .beside > div { border: 1px solid var(--line); }
  details::details-content { content-visibility: visible; height: auto; } .card, figure, tr, .command { break-inside: avoid; } h2, h3, h4 { break-after: avoid; }
  pre { white-space: pre-wrap; overflow: visible; } .wide { overflow: visible; } rect, circle, .badge { print-color-adjust: exact; }
}
`.trimStart();
