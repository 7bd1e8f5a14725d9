/** Remembers the last few lines that llama.cpp complained with: its errors carry no reason of their own. */
export function createErrorTail(lines = 3, length = 300): { add(line: string): void; text(): string } {
  const kept: string[] = [];
  return {
    add(line) {
      const trimmed = line.trim().slice(0, length);
      if (trimmed === '') return;
      kept.push(trimmed);
      if (kept.length > lines) kept.shift();
    },
    text: () => kept.join('; '),
  };
}
