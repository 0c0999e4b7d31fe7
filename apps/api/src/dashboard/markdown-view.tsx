import type { JSX } from 'preact';
import type { Inline } from './markdown-inline.js';
import { parseMarkdown, type Block } from './markdown.js';

/** Markdown of somebody else, as elements and text nodes of ours. Headings begin at `level`. */
export function Markdown({ text, level = 3 }: { text: string; level?: number }): JSX.Element {
  return <div class="markdown"><Blocks blocks={parseMarkdown(text)} level={level} /></div>;
}

function Blocks({ blocks, level }: { blocks: readonly Block[]; level: number }): JSX.Element {
  return <>{blocks.map((block, index) => <One key={index} block={block} level={level} />)}</>;
}

function One({ block, level }: { block: Block; level: number }): JSX.Element {
  switch (block.kind) {
    case 'heading': {
      const Heading = `h${Math.min(6, level + block.level - 1)}` as 'h3';
      return <Heading><Inlines parts={block.parts} /></Heading>;
    }
    case 'paragraph': return <p><Inlines parts={block.parts} /></p>;
    case 'code': return <pre tabIndex={0}><code>{block.text}</code></pre>;
    case 'quote': return <blockquote><Blocks blocks={block.blocks} level={level} /></blockquote>;
    case 'rule': return <hr />;
    case 'list': return <List list={block} level={level} />;
    case 'table': return <Table table={block} />;
  }
}

function List({ list: { isOrdered, start, items }, level }: { list: Block & { kind: 'list' }; level: number }): JSX.Element {
  const rows = items.map(({ isDone, blocks }, index) => (
    <li key={index} class={isDone === undefined ? undefined : 'ticked'}>
      {isDone !== undefined && <input type="checkbox" checked={isDone} disabled aria-label={isDone ? 'done' : 'open'} />}
      {blocks.length === 1 && blocks[0]!.kind === 'paragraph' ? <Inlines parts={blocks[0]!.parts} /> : <Blocks blocks={blocks} level={level} />}
    </li>
  ));
  return isOrdered ? <ol start={start}>{rows}</ol> : <ul>{rows}</ul>;
}

function Table({ table: { head, rows } }: { table: Block & { kind: 'table' } }): JSX.Element {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Table">
      <table>
        <thead><tr>{head.map((cell, index) => <th key={index} scope="col"><Inlines parts={cell} /></th>)}</tr></thead>
        <tbody>{rows.map((row, index) => <tr key={index}>{row.map((cell, at) => <td key={at}><Inlines parts={cell} /></td>)}</tr>)}</tbody>
      </table>
    </div>
  );
}

function Inlines({ parts }: { parts: readonly Inline[] }): JSX.Element {
  return <>{parts.map((part, index) => <OneInline key={index} part={part} />)}</>;
}

function OneInline({ part }: { part: Inline }): JSX.Element {
  switch (part.kind) {
    case 'text': return <>{part.text}</>;
    case 'code': return <code>{part.text}</code>;
    case 'strong': return <strong><Inlines parts={part.parts} /></strong>;
    case 'emphasis': return <em><Inlines parts={part.parts} /></em>;
    case 'struck': return <s><Inlines parts={part.parts} /></s>;
    case 'link': return <a href={part.href} rel="noopener noreferrer nofollow" target="_blank"><Inlines parts={part.parts} /></a>;
  }
}
