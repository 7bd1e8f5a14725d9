/** Colours of a terminal. Each function gives its text back unchanged where there are none. */
const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;

export type Colour = keyof typeof codes;
export type Paint = Record<Colour, (text: string) => string>;

export function createPaint(colours: boolean): Paint {
  const paint =
    ([open, close]: readonly [number, number]) =>
    (text: string) =>
      colours && text !== '' ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return Object.fromEntries(Object.entries(codes).map(([name, pair]) => [name, paint(pair)])) as Paint;
}
