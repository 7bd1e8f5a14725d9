import * as vscode from 'vscode';
import type { TaskContext, TaskKind } from '../../protocol/tasks.ts';
import { t } from '../../protocol/words.ts';
import { taskKinds } from './taskKinds.ts';

export interface TaskInput {
  readonly kind: TaskKind;
  readonly instruction: string;
}

export interface TaskQuestion {
  /** What the answer becomes, as the box is headed. */
  readonly what: string;
  readonly context?: TaskContext | undefined;
}

/** Asks what is to be done, in one input box; its buttons choose another kind. Undefined when the person went away. */
export function askTask({ what, context }: TaskQuestion): Promise<TaskInput | undefined> {
  const box = vscode.window.createInputBox();
  let kind: TaskKind = 'agent';
  const show = () => {
    const { title, example } = taskKinds()[kind];
    const about = context === undefined ? '' : ` (${t('about the selection in {0}', context.path)})`;
    box.title = `${what}: ${title}${about}`;
    box.placeholder = t('For example: {0}', example);
    box.buttons = kindsExcept(kind);
  };
  box.prompt = t('Say what is to be done. The buttons above choose another kind of task.');
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
        box.validationMessage = t('Say what is to be done.');
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
  Object.entries(taskKinds()).flatMap(([kind, { icon, verb }]) =>
    kind === current ? [] : [{ kind: kind as TaskKind, iconPath: new vscode.ThemeIcon(icon), tooltip: verb }],
  );
