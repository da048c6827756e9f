/** How the widget looks, inside its shadow; a host may set the variables on the element. */
export const STYLE = `
:host{display:block;color-scheme:light dark;font:16px/1.5 var(--journey-font,system-ui,sans-serif);
--ground:var(--journey-ground,light-dark(#fff,#161d21));--text:var(--journey-text,light-dark(#172126,#e6ecef));
--soft:light-dark(#4b5a63,#a8b5bd);--line:light-dark(#d8dfe3,#2b363c);--strong:light-dark(#77858d,#74838c);
--accent:var(--journey-accent,light-dark(#0b5c6b,#76cddb));--on:var(--journey-on-accent,light-dark(#fff,#06262c));
--tint:light-dark(#e0f0f2,#12343a);--sunk:light-dark(#e9edef,#0a0e10);--bad:light-dark(#a5242b,#ffa09a);
--focus:light-dark(#1466c8,#8cc2ff);color:var(--text);background:var(--ground)}
:host([theme=light]){color-scheme:light}:host([theme=dark]){color-scheme:dark}
*{box-sizing:border-box}h2,p,fieldset{margin:0;padding:0;border:0;min-width:0}
h2{font-size:1.25rem;line-height:1.3}
.card,.field,.parts,form{display:flex;flex-direction:column;gap:.75rem}
.card{padding:1rem;overflow-wrap:anywhere}.field{gap:.375rem}
.label{font-weight:600;padding:0}.soft{color:var(--soft);font-weight:400}.small{font-size:.875rem}.wrong{color:var(--bad)}
.said{white-space:pre-line}.agreed{padding-left:.75rem;border-left:3px solid var(--strong);white-space:pre-line}
.known,.notice{padding:.5rem .75rem;border-radius:6px;background:var(--sunk)}
.input{width:100%;min-width:0;min-height:2.75rem;padding:.25rem .75rem;border:1px solid var(--strong);border-radius:6px;
background:var(--ground);color:inherit;font:inherit}.narrow{width:auto}.input[aria-invalid=true]{border-color:var(--bad)}
.line{display:flex;align-items:center;gap:.5rem}
.options{display:flex;flex-direction:column;gap:.5rem}.options.marks{flex-flow:row wrap}
.option{display:flex;align-items:center;gap:.75rem;min-height:2.75rem;padding:.5rem .75rem;border:1px solid var(--strong);
border-radius:6px;cursor:pointer}.marks .option{flex:1 1 3rem;flex-direction:column;gap:.25rem;padding:.5rem .25rem;text-align:center}
.option:has(:checked){border-color:var(--accent);background:var(--tint);box-shadow:inset 0 0 0 1px var(--accent)}
.option input{flex:none;width:1.125rem;height:1.125rem;margin:0;accent-color:var(--accent)}
.item{padding:.75rem;border:1px solid var(--line);border-radius:6px;display:flex;flex-direction:column;gap:.75rem}
.button{min-height:2.75rem;padding:0 1rem;border:1px solid var(--strong);border-radius:6px;background:none;color:inherit;
font:inherit;font-weight:550;cursor:pointer}.button.main{border-color:var(--accent);background:var(--accent);color:var(--on)}
.button.small{min-height:1.75rem;padding:0 .5rem}.button.plain{border-color:transparent;padding:0 .5rem}
.row{display:flex;flex-wrap:wrap;gap:.5rem}.row .main{flex:1 1 10rem}.other{padding-top:.5rem;border-top:1px solid var(--line)}
:focus-visible,.option:has(:focus-visible){outline:2px solid var(--focus);outline-offset:2px}h2:focus-visible{outline:none}
`;
