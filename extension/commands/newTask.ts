import * as vscode from 'vscode';
import type { TaskContext, TaskKind } from '../../protocol/tasks.ts';
import { taskKinds } from './taskKinds.ts';

export interface TaskInput {
  readonly kind: TaskKind;
  readonly instruction: string;
}

export interface TaskQuestion {
  /** What the answer becomes, as the box is headed. */
  readonly what: 'New Task' | 'New Schedule';
  readonly context?: TaskContext | undefined;
}

/** Asks what is to be done, in one input box; its buttons choose another kind. Undefined when the person went away. */
export function askTask({ what, context }: TaskQuestion): Promise<TaskInput | undefined> {
  const box = vscode.window.createInputBox();
  let kind: TaskKind = 'agent';
  const show = () => {
    const { title, example } = taskKinds[kind];
    box.title = `${what}: ${title}${context === undefined ? '' : ` (about the selection in ${context.path})`}`;
    box.placeholder = `For example: ${example}`;
    box.buttons = kindsExcept(kind);
  };
  box.prompt = 'Say what is to be done. The buttons above choose another kind of task.';
  // The person may look something up in the code while they write.
  box.ignoreFocusOut = true;
  show();
  return new Promise((resolve) => {
    let answer: TaskInput | undefined;
    box.onDidTriggerButton((button) => {
      if ('kind' in button) kind = (button as KindButton).kind;
      show();
    });
    box.onDidChangeValue(() => {
      box.validationMessage = '';
    });
    box.onDidAccept(() => {
      const instruction = box.value.trim();
      if (instruction === '') {
        box.validationMessage = 'Say what is to be done.';
        return;
      }
      answer = { kind, instruction };
      box.hide();
    });
    box.onDidHide(() => {
      box.dispose();
      resolve(answer);
    });
    box.show();
  });
}

interface KindButton extends vscode.QuickInputButton {
  readonly kind: TaskKind;
}

const kindsExcept = (current: TaskKind): KindButton[] =>
  (Object.keys(taskKinds) as TaskKind[])
    .filter((kind) => kind !== current)
    .map((kind) => ({ kind, iconPath: new vscode.ThemeIcon(taskKinds[kind].icon), tooltip: taskKinds[kind].verb }));
