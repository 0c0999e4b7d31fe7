/** Markdown that a careless way through would change. */
export const markdown = 'Zeile *eins* mit \\_Rückstrich\\_, 🚀 & "Zeichen"\n\n- [ ] ~~offen~~\n\n```ts\nconst a = b < c && d;\n```\n\n<!-- cascade:key=x;v=1 -->\n';
