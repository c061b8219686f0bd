import { Markup } from './markup.js';

const LIGHT = `--page:#f6f7f8;--card:#fff;--ink:#1c2228;--soft:#56616c;--line:#dfe3e7;--grid:#e9ecef;--c0:#2c6db3;--c1:#c2571a;--c2:#3f8f7a;--c3:#8250a8;--c4:#7a7f2a;--connect:#9fb3c8;--pass:#1a7a3c;--fail:#c22430;--inconclusive:#8a6100;--invalid:#6d4aa8;--on:#fff;--code:#f1f3f5`;
const DARK = `--page:#0f1317;--card:#171c21;--ink:#e5e9ed;--soft:#9ba7b3;--line:#2c343c;--grid:#232a31;--c0:#6cabf0;--c1:#f0985c;--c2:#6cc7ae;--c3:#c39be8;--c4:#c5cb6b;--connect:#3d5166;--pass:#56c67c;--fail:#ff7d80;--inconclusive:#e0b244;--invalid:#bd9bf5;--on:#10151a;--code:#11161a`;

const PAGE = `
*{box-sizing:border-box}
:root{color-scheme:light dark;${LIGHT}}
@media screen and (prefers-color-scheme:dark){:root{${DARK}}}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
header,main{max-width:800px;margin:0 auto;padding:0 16px}
header{padding-top:28px;color:var(--soft);font-size:14px;display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 16px}
header span:first-child{font-weight:600;letter-spacing:.02em}
.address,code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;overflow-wrap:anywhere}
main{padding-bottom:48px}
section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:22px 24px;margin-top:18px;overflow-wrap:anywhere}
section.card{border-top:5px solid var(--accent)}
.pass{--accent:var(--pass)}.fail{--accent:var(--fail)}.inconclusive{--accent:var(--inconclusive)}.invalid{--accent:var(--invalid)}.partial{--accent:var(--soft)}
h1{font-size:20px;line-height:1.45;font-weight:600;margin:0 0 8px}
h2{font-size:17px;margin:0 0 6px}
p{margin:8px 0}
.lead,.note{color:var(--soft);font-size:15px;margin:0 0 14px}
.note{font-size:14px;margin:8px 0 0}
.name{color:var(--soft);font-size:13px;margin:18px 0 4px}
.badge{display:inline-block;background:var(--accent);color:var(--on);border-radius:5px;padding:1px 9px;font-size:.82em;font-weight:700;letter-spacing:.04em;print-color-adjust:exact;-webkit-print-color-adjust:exact}
pre{background:var(--code);border:1px solid var(--line);border-radius:6px;margin:0;padding:10px 12px;font-size:13.5px;white-space:pre-wrap}
code{font-size:.9em}pre code{font-size:1em}
dl{margin:0}dd{margin:0}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:14px 20px;margin-top:18px}
dt{color:var(--soft);font-size:13px}
.tiles strong{display:block;font-size:26px;font-weight:650;line-height:1.25;font-variant-numeric:tabular-nums}
.tiles span{color:var(--soft);font-size:13px;line-height:1.4;display:block}
.expectations,.errors{list-style:none;margin:0;padding:0}
.expectations li{padding:3px 0;display:flex;flex-wrap:wrap;gap:0 10px;align-items:baseline}.errors li{padding:5px 0;border-top:1px solid var(--grid)}
.word{display:inline-block;min-width:94px;font-weight:600;font-size:14px;color:var(--accent)}
.measured{color:var(--soft);font-size:14px}
.facts div{display:grid;grid-template-columns:160px 1fr;gap:12px;padding:6px 0;border-top:1px solid var(--grid);font-size:14px}
.facts div:first-child{border-top:0}
.scroll{overflow-x:auto;margin-top:14px}
table{border-collapse:collapse;width:100%;font-size:13.5px;font-variant-numeric:tabular-nums}
th,td{text-align:right;padding:5px 0 5px 14px;border-top:1px solid var(--grid);white-space:nowrap}
thead th{border-top:0;color:var(--soft);font-weight:500;font-size:13px}
th:first-child{text-align:left;padding-left:0;font-weight:500;white-space:normal;min-width:64px}`;

const PICTURES = `
figure{margin:6px 0 0}figure+figure{margin-top:20px}
figure svg{display:block;max-width:100%;height:auto}
.narrow{display:none}
figcaption{display:flex;flex-wrap:wrap;gap:4px 18px;font-size:13px;color:var(--soft);margin-top:8px}
.key{display:inline-flex;align-items:center;gap:6px}.key svg{flex:none}
svg text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;fill:var(--soft);font-variant-numeric:tabular-nums}
svg text.value{fill:var(--ink)}
svg path{fill:none}
.grid{stroke:var(--grid)}.axis{stroke:var(--line)}
.bar0{stroke:var(--c0)}.bar1{stroke:var(--c1)}.bar2{stroke:var(--c2)}.connect{stroke:var(--connect)}svg .bar0,svg .bar1,svg .bar2,.fill0,.fill1,.fill2{opacity:.82}
.fill0{fill:var(--c0)}.fill1{fill:var(--c1)}.fill2{fill:var(--c2)}.fill-connect{fill:var(--connect)}.fill-bad{fill:var(--fail)}
.none{fill:none}svg .fill-ink{fill:var(--ink)}
svg .mark{stroke:var(--soft);stroke-dasharray:3 4}
svg .bound{stroke:var(--soft);stroke-width:1.5;stroke-dasharray:1 4;stroke-linecap:round}
svg .bound-slots{stroke:var(--c2);stroke-width:1.5;stroke-dasharray:7 4}
svg .bound-cpu{stroke:var(--c1);stroke-width:1.5;stroke-dasharray:7 4}
svg .whisker{stroke:var(--c0);stroke-width:2}
svg .interval{stroke:var(--ink);stroke-width:3}
${[0, 1, 2, 3, 4].map((i) => `svg .line${i}{stroke:var(--c${i});stroke-width:2;stroke-linejoin:round}.dot${i}{fill:var(--c${i});stroke:var(--card);stroke-width:1.5}`).join('\n')}`;

const MEDIA = `
@media (max-width:600px){
.wide{display:none}.narrow{display:block}
section{padding:18px 15px;border-radius:8px}header,main{padding-left:12px;padding-right:12px}
h1{font-size:18px}.tiles{grid-template-columns:1fr 1fr}.tiles strong{font-size:22px}
.facts div{grid-template-columns:1fr;gap:0}
th,td{padding-left:10px;font-size:12.5px}
}
@media print{
body{background:#fff;font-size:11pt}
header,main{max-width:none;padding-left:0;padding-right:0}
section,section.card{border:0;border-top:1px solid #bbb;border-radius:0;padding:14px 0;margin-top:6px}
section.card{border-top:4px solid var(--accent)}
figure .wide svg{max-height:340px;margin:0 auto}
.wide{display:block}.narrow{display:none}.scroll{overflow:visible}
h2,.lead{break-after:avoid}figure,tr,pre,p,dl div{break-inside:avoid}
}`;

/** The whole style of the page: two colour schemes, phone, print. */
export const STYLES = new Markup(`<style>${PAGE}${PICTURES}${MEDIA}</style>`);
