/** One line of a text, read from its beginning on. Tabs go to the next fourth column, as CommonMark says. */
export class LineCursor {
  readonly number: number;
  readonly from: number;
  /** Before the break. */
  readonly to: number;
  readonly #text: string;
  #at: number;
  #column = 0;
  /** Columns that are left of a tab that was gone into. */
  #spare = 0;

  constructor(text: string, { number, from, to }: { number: number; from: number; to: number }) {
    this.#text = text;
    this.number = number;
    this.from = from;
    this.to = to;
    this.#at = from;
  }

  get at(): number {
    return this.#at;
  }

  rest(): string {
    return this.#text.slice(this.#at, this.to);
  }

  /** Columns of white space that come next; infinitely many where nothing else does. */
  indent(): number {
    let columns = this.#spare;
    for (let next = this.#at; next < this.to; next++) {
      const width = this.#widthAt(next, this.#column + columns);
      if (width === 0) return columns;
      columns += width;
    }
    return Number.POSITIVE_INFINITY;
  }

  /** Goes over so many columns of white space, where there are as many. */
  skip(columns: number): void {
    let left = columns;
    while (left > 0) {
      if (this.#spare === 0) {
        this.#spare = this.#at < this.to ? this.#widthAt(this.#at, this.#column) : 0;
        if (this.#spare === 0) return;
        this.#at += 1;
      }
      const step = Math.min(left, this.#spare);
      this.#spare -= step;
      this.#column += step;
      left -= step;
    }
  }

  /** Goes over characters that are no white space. */
  take(characters: number): void {
    this.#at += characters;
    this.#column += characters;
    this.#spare = 0;
  }

  #widthAt(place: number, column: number): number {
    const character = this.#text[place];
    if (character === '\t') return 4 - (column % 4);
    return character === ' ' ? 1 : 0;
  }
}

export function* linesOf(text: string, start: number): Generator<LineCursor> {
  let number = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < start; at = text.indexOf('\n', at + 1)) number += 1;
  for (let from = start; from < text.length; number++) {
    const found = text.indexOf('\n', from);
    const end = found < 0 ? text.length : found;
    yield new LineCursor(text, { number, from, to: end > from && text[end - 1] === '\r' ? end - 1 : end });
    from = end + 1;
  }
}
