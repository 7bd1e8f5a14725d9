import { memo } from 'react';

/** Lines that are drawn together. */
const LINES = 40;

/** Text of which only the end changes, letter by letter as it is: what is above the end is not drawn again. */
export function GrowingText({ text }: { readonly text: string }) {
  const lines = text.split('\n');
  const pieces = Array.from({ length: Math.ceil(lines.length / LINES) }, (_, n) =>
    lines.slice(n * LINES, (n + 1) * LINES).join('\n'),
  );
  return pieces.map((piece, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no name but their place
    <Piece key={at} text={piece} />
  ));
}

const Piece = memo(({ text }: { readonly text: string }) => (
  <div className="whitespace-pre-wrap break-words">{text === '' ? ' ' : text}</div>
));
