/** Makes of a function one that runs at most once in `intervalMs`, and always after the last call. */
export function throttled(run: () => void, intervalMs: number): () => void {
  let isOpen = true;
  let asked = false;
  const fire = () => {
    isOpen = false;
    asked = false;
    setTimeout(() => {
      isOpen = true;
      if (asked) fire();
    }, intervalMs);
    run();
  };
  return () => {
    asked = true;
    if (isOpen) fire();
  };
}
