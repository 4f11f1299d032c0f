"""How the report looks: on a screen and on paper, A4 or Letter, in colour or in grey."""

STYLE = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
html { font: 15px/1.45 "Source Sans 3", "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", Arial, sans-serif; }
body { margin: 0 auto; padding: 2rem 1.5rem; max-width: 64rem; color: #1a1f26; background: #fff; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .2rem; }
h2 { font-size: 1.3rem; margin: 2.2rem 0 .5rem; padding-top: .6rem; border-top: 2px solid #1a1f26; }
h3 { font-size: 1.05rem; margin: 1.3rem 0 .4rem; }
p, ul, ol, dl { margin: .4rem 0 .8rem; }
li { margin: .15rem 0; }
.kicker { margin: 0; text-transform: uppercase; letter-spacing: .08em; font-size: .8rem; color: #4a5462; }
.lead { font-size: 1.05rem; color: #333b46; margin-bottom: 1rem; }
.note { color: #4a5462; }
.two { display: grid; grid-template-columns: 1fr 1fr; gap: 1.2rem; }
.two > section { border: 1.5px solid #1a1f26; border-radius: 4px; padding: .2rem 1rem .5rem; }
.two h2 { border: 0; margin: .5rem 0 .2rem; padding: 0; font-size: 1.1rem; }
.two .limits { border-style: dashed; }
dl { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: .2rem .9rem; }
dt { color: #4a5462; }
dd { margin: 0; overflow-wrap: anywhere; white-space: pre-line; unicode-bidi: isolate; }
code, .hash { font-family: "Source Code Pro", Consolas, "DejaVu Sans Mono", monospace; font-size: .86em; }
pre { background: #f2f4f6; border: 1px solid #c9d0d8; border-radius: 4px; padding: .5rem .8rem;
  margin: .4rem 0; white-space: pre-wrap; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; font-size: .84rem; margin: .5rem 0 1rem; }
figure { margin: .8rem 0 1.6rem; break-inside: avoid; }
figure > svg { display: block; width: 100%; max-width: 34rem; height: auto; }
caption { text-align: left; color: #4a5462; padding-bottom: .3rem; }
th, td { text-align: left; vertical-align: top; padding: .22rem .6rem .22rem 0;
  border-bottom: 1px solid #c9d0d8;
  overflow-wrap: break-word; white-space: pre-line; unicode-bidi: isolate; }
thead th { border-bottom: 1.5px solid #1a1f26; font-weight: 600; white-space: nowrap; }
tbody th { font-weight: 600; }
.position { white-space: nowrap; font-variant-numeric: tabular-nums; }
.time { min-width: 6.4em; font-variant-numeric: tabular-nums; }
th.more { width: 40%; }
.more { overflow-wrap: anywhere; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.absent { border-left: 4px solid #8b95a1; padding-left: .7rem; color: #333b46; }
.change { margin: .1rem 0; overflow-wrap: anywhere; }
nav ol { columns: 2; }
a { color: #0b4f8a; }
@media screen and (max-width: 40rem) {
  .two { grid-template-columns: 1fr; }
  nav ol { columns: 1; }
  table { display: block; overflow-x: auto; }
}
@media print {
  @page { margin: 16mm 14mm; }
  html { font-size: 10pt; }
  body { padding: 0; max-width: none; }
  a { color: inherit; text-decoration: none; }
  thead { display: table-header-group; }
  tr, .two > section, pre, dd { break-inside: avoid; }
  h2, h3, caption, thead, .note { break-after: avoid; }
  caption, thead { break-inside: avoid; }
  p, caption, td { orphans: 3; widows: 3; }
  .front { break-after: page; }
  .front { font-size: 8.8pt; line-height: 1.32; }
  .front p, .front ul, .front dl { margin: .2rem 0 .3rem; }
  .front .lead { font-size: 9.5pt; }
  .front h1 { font-size: 1.6rem; }
  .front h2 { margin-top: .5rem; padding-top: .3rem; font-size: 1.1rem; }
  nav ol { columns: 3; }
  tr { break-before: auto; }
  tbody tr:first-child { break-before: avoid; }
  table { font-size: 8pt; }
}
"""
