/** Microsoft's controls for webviews: no longer developed, so nothing outside of this folder knows of them. */
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeTextArea,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';
import type { DetailedHTMLProps, HTMLAttributes } from 'react';

provideVSCodeDesignSystem().register(
  vsCodeButton(),
  vsCodeCheckbox(),
  vsCodeDropdown(),
  vsCodeOption(),
  vsCodeTextArea(),
  vsCodeTextField(),
);

/** What an event of a control tells: its element has taken the new value already. */
export type ControlEvent = { readonly target: EventTarget };

export const textOf = ({ target }: ControlEvent): string => (target as EventTarget & { value: string }).value;
export const checkedOf = ({ target }: ControlEvent): boolean => (target as EventTarget & { checked: boolean }).checked;

export type ControlElement<Props = object> = DetailedHTMLProps<HTMLAttributes<HTMLElement>, HTMLElement> & Props;
type Flag = boolean | undefined;
type Text = string | undefined;

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'vscode-button': ControlElement<{ appearance?: Text; disabled?: Flag; type?: Text }>;
      'vscode-checkbox': ControlElement<{ checked?: Flag; disabled?: Flag }>;
      'vscode-dropdown': ControlElement<{ value?: Text; disabled?: Flag }>;
      'vscode-option': ControlElement<{ value?: Text; selected?: Flag }>;
      'vscode-text-area': ControlElement<{
        value?: Text;
        placeholder?: Text;
        disabled?: Flag;
        rows?: number | undefined;
        maxlength?: number | undefined;
        resize?: Text;
      }>;
      'vscode-text-field': ControlElement<{
        value?: Text;
        placeholder?: Text;
        disabled?: Flag;
        type?: Text;
        maxlength?: number | undefined;
      }>;
    }
  }
}
