/**
 * What a message says as plain text: for copying and for the spoken label.
 */
import type { Block, Span } from '../../../backend/backend';

/** The text of spans on one line, breaks kept. */
export function plainSpans(spans: readonly Span[]): string {
  return spans.map(plainSpan).join('');
}

function plainSpan(span: Span): string {
  switch (span.kind) {
    case 'text':
    case 'code':
      return span.text;
    case 'break':
      return '\n';
    case 'mention':
      return `@${span.name}`;
    default:
      return plainSpans(span.spans);
  }
}

/** The text of blocks, one block a line. */
export function plainBlocks(blocks: readonly Block[]): string {
  return blocks.map(plainBlock).join('\n');
}

function plainBlock(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
    case 'heading':
      return plainSpans(block.spans);
    case 'code':
      return block.text;
    case 'quote':
      return plainBlocks(block.blocks)
        .split('\n')
        .map((line) => `> ${line}`)
        .join('\n');
    case 'list': {
      const { start } = block;
      return block.items
        .map((item, index) => `${start === null ? '•' : `${String(start + index)}.`} ${plainBlocks(item)}`)
        .join('\n');
    }
    case 'rule':
      return '———';
  }
}
