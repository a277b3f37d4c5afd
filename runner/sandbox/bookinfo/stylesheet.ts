import {createHash} from 'node:crypto';

/**
 * The look of the pages. The colour of the stars is set here and nowhere else. It is the same in light and dark, so
 * that black stays black: a dark page puts a light plate under the stars.
 */
export const stylesheet = `:root {
  color-scheme: light dark;
  --paper: #faf7f2;
  --card: #ffffff;
  --ink: #1d2433;
  --soft: #566072;
  --line: #e4ddd1;
  --accent: #274060;
  --accent-ink: #ffffff;
  --link: #23598f;
  --hero: #f1eadf;
  --plate: transparent;
  --alert: #b42318;
  --alert-paper: #fdf1ef;
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, "Book Antiqua", Georgia, serif;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14181f;
    --card: #1d232d;
    --ink: #e9e6df;
    --soft: #a4adbb;
    --line: #313946;
    --accent: #8fb4dc;
    --accent-ink: #10161f;
    --link: #9cc2ea;
    --hero: #1a2029;
    --plate: #f1eadf;
    --alert: #ffb4a8;
    --alert-paper: #3a1f1d;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.6 var(--sans); min-height: 100vh; display: flex; flex-direction: column; }
main { flex: 1; }
.shelf { width: min(66rem, 100%); margin-inline: auto; padding-inline: clamp(1rem, 4vw, 2rem); }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 4px; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--card); padding: .5rem 1rem; z-index: 1; }
h1, h2 { font-family: var(--serif); line-height: 1.15; text-wrap: balance; }
h1 { font-size: clamp(2rem, 6vw, 3.4rem); margin: 0 0 .75rem; letter-spacing: -.015em; }
h2 { font-size: 1.5rem; margin: 0 0 1rem; }

.bar { background: #1f3149; color: #ffffff; }
.bar .shelf { display: flex; align-items: center; justify-content: space-between; gap: 1rem; min-height: 4rem; padding-block: .6rem; }
.bar :focus-visible { outline-color: #ffffff; }
.brand { display: inline-flex; align-items: center; gap: .6rem; color: inherit; text-decoration: none; font: 600 1.15rem var(--serif); }
.account { display: flex; align-items: center; gap: .75rem; line-height: 1.25; }
.account p { margin: 0; font-weight: 600; overflow-wrap: anywhere; }
.account a { color: #c9d6e6; font-size: .85rem; }
.face { flex: none; display: grid; place-items: center; width: 2.5rem; height: 2.5rem; border-radius: 50%; background: #d9e4f1; color: #1f3149; font-weight: 700; }
.button { display: inline-block; border: 0; border-radius: .5rem; padding: .6rem 1.1rem; background: var(--accent); color: var(--accent-ink); font: 600 .95rem var(--sans); text-decoration: none; cursor: pointer; }
.bar .button { background: #ffffff; color: #1f3149; }
.button.quiet { background: transparent; color: var(--link); box-shadow: inset 0 0 0 1px currentColor; }
.button:hover { filter: brightness(1.08); }

.hero { background: var(--hero); border-bottom: 1px solid var(--line); }
.hero .shelf { display: grid; gap: clamp(1.5rem, 4vw, 3.5rem); padding-block: clamp(2rem, 6vw, 4rem); align-items: start; }
.lead { font-size: 1.125rem; max-width: 42rem; margin: 0 0 2rem; }
.cover { width: 11rem; aspect-ratio: 2 / 3; padding: 1.25rem 1rem 1.25rem 1.5rem; display: flex; flex-direction: column; justify-content: space-between; align-items: center; text-align: center; color: #f3e6c8; background: linear-gradient(90deg, #16263a 0 .6rem, #2d4a6d .6rem .75rem, #223a57 .75rem); border-radius: .2rem .5rem .5rem .2rem; box-shadow: 0 1.2rem 2rem -1rem #0009; font-family: var(--serif); }
.cover span { font-size: .8rem; letter-spacing: .04em; }
.cover b { font-size: 1.25rem; line-height: 1.2; }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr)); gap: 1rem 1.5rem; margin: 0; }
.facts div { border-top: 1px solid var(--line); padding-top: .5rem; }
dt { font-size: .8rem; color: var(--soft); }
dd { margin: 0; font-weight: 600; overflow-wrap: anywhere; }

.reviews { padding-block: clamp(2rem, 5vw, 3.5rem); }
.cards { display: grid; gap: 1.5rem; grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr)); }
.card { display: flex; flex-direction: column; gap: 1rem; background: var(--card); border: 1px solid var(--line); border-radius: .9rem; padding: clamp(1.1rem, 3vw, 1.75rem); }
.card p.text-red-500 { margin: 0; }
blockquote { margin: 0 0 auto; }
blockquote p { margin: 0; font: 1.25rem/1.5 var(--serif); }
.reviewer { display: flex; gap: .9rem; align-items: center; border-top: 1px solid var(--line); padding-top: 1rem; }
.served { font: .8rem/1.5 var(--mono); color: var(--soft); }
.pod { display: inline-block; color: var(--ink); overflow-wrap: anywhere; }

.flex { display: flex; }
.gap-x-1 { column-gap: .25rem; }
.card > .flex { align-self: flex-start; background: var(--plate); border-radius: 99rem; padding: .35rem .8rem; margin: -.35rem -.8rem; }
@media (prefers-color-scheme: dark) { .card > .flex { margin: 0; } }
.star { flex: none; width: 1.4rem; height: 1.4rem; }
.text-black-500 { color: #000000; }
.text-red-500 { color: #ef4444; }
p.text-red-500 { color: var(--alert); font-weight: 600; }
.failure { background: var(--alert-paper); border-left: .3rem solid var(--alert); border-radius: .3rem; padding: 1rem 1.25rem; }
.failure p { margin: 0; }
.text-2xl { font-size: 1.25rem; }

dialog { width: min(25rem, calc(100% - 2rem)); border: 1px solid var(--line); border-radius: 1rem; padding: 1.75rem; background: var(--card); color: var(--ink); box-shadow: 0 2rem 4rem #0006; }
dialog::backdrop { background: #0d131ccc; }
dialog form { display: grid; gap: .4rem; }
dialog h2 { margin: 0; }
.dialog-head { display: flex; justify-content: space-between; align-items: start; gap: 1rem; margin-bottom: .8rem; }
#close-dialog { border: 0; background: none; color: var(--soft); font-size: 1rem; padding: .3rem .5rem; cursor: pointer; }
label { font-weight: 600; font-size: .9rem; margin-top: .4rem; }
input { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--soft); border-radius: .5rem; padding: .55rem .75rem; width: 100%; }
.hint { margin: .2rem 0 1rem; font-size: .85rem; color: var(--soft); }

.intro { padding-block: clamp(2rem, 6vw, 4rem); }
.choices { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1.5rem 0 2.5rem; }
table { border-collapse: collapse; width: 100%; max-width: 36rem; }
th, td { text-align: left; padding: .6rem 1rem .6rem 0; border-bottom: 1px solid var(--line); font-weight: 400; }
thead th { font-size: .8rem; color: var(--soft); }
.foot { padding-block: 1.25rem 2rem; color: var(--soft); }

@media (min-width: 44rem) { .hero .shelf { grid-template-columns: auto 1fr; } .cover { width: 14rem; padding-block: 1.75rem; } }
@media (max-width: 44rem) { .cover { display: none; } }
`;

/** Changes whenever the style sheet does. */
export const stylesheetTag = `"${createHash('sha256').update(stylesheet).digest('base64url').slice(0, 16)}"`;
