/**
 * A person sits and waits for the task: it starts beside the others when all places are taken, and at the next token the
 * others stand still for it.
 */
export const INTERACTIVE = 1000;
