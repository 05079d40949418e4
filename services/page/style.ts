/** How a page looks, in light and in dark; drawings on it take their colours from the same variables. */

/** Of the report and of the live page. */
export const COLOURS = `
:root { color-scheme: light dark;
  --paper: #ffffff; --ink: #1a1a1a; --muted: #5c5c5c; --gridline: #e4e4e4; --panel: #f6f6f4;
  --data: #111111; --generator: #12853a; --discriminator: #1f5fd6; --reference: #b4380a; }
@media (prefers-color-scheme: dark) { :root {
  --paper: #16181b; --ink: #ececec; --muted: #a8adb4; --gridline: #33373d; --panel: #1f2226;
  --data: #f2f2f2; --generator: #4cc878; --discriminator: #7ab0ff; --reference: #ff9a66; } }
`;

export const STYLE = `${COLOURS}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 68rem; padding: 1.5rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { margin: 0 0 .25rem; font-size: 1.7rem; } h2 { margin: 2.2rem 0 .6rem; font-size: 1.2rem; }
p { max-width: 46rem; } .lead { margin: 0; color: var(--muted); }
nav a { margin-right: 1rem; } a { color: var(--discriminator); }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: .9rem; }
caption { padding: .3rem 0; text-align: left; color: var(--muted); }
th, td { padding: .3rem .7rem .3rem 0; border-bottom: 1px solid var(--gridline); text-align: left; vertical-align: top; }
tbody th { font-weight: 600; white-space: nowrap; } thead th { color: var(--muted); font-weight: 600; }
td { font-variant-numeric: tabular-nums; }
code, pre { font: .85em/1.45 ui-monospace, monospace; } code { overflow-wrap: anywhere; }
pre { overflow-x: auto; padding: .8rem 1rem; background: var(--panel); border-radius: 6px; }
figure { margin: 0; } figcaption { color: var(--muted); font-size: .9rem; }
.curves, .pictures { display: grid; gap: 1.2rem; }
.curves { grid-template-columns: repeat(auto-fit, minmax(min(30rem, 100%), 1fr)); }
.pictures { grid-template-columns: repeat(auto-fill, minmax(min(18rem, 100%), 1fr)); }
.curves svg { width: 100%; height: auto; } .pictures img { width: 100%; height: auto; image-rendering: pixelated; }
.alarm { color: var(--reference); font-weight: 600; }
`;
