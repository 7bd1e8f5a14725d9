import { Component, type ReactNode } from 'react';
import { Button } from '../ui/Button.tsx';
import { t } from '../words.ts';
import { Problem } from './Problem.tsx';

interface State {
  readonly error: unknown;
  readonly failed: boolean;
}

/** Keeps what failed to be drawn from taking the rest of the hub along. React knows such only as classes. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { error: undefined, failed: false };

  static getDerivedStateFromError(error: unknown): State {
    return { error, failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    const again = () => this.setState({ error: undefined, failed: false });
    return <Problem error={this.state.error} actions={<Button onPress={again}>{t('Try again')}</Button>} />;
  }
}
