import type { Handlers } from '../dispatch.ts';
import type { Suggestions } from '../suggestions/suggestions.ts';

type SuggestionHandlers = Pick<Handlers, Extract<keyof Handlers, `suggestion/${string}`>>;

export function createSuggestionHandlers({ suggestions }: { suggestions: Suggestions }): SuggestionHandlers {
  return {
    'suggestion/ask': (params) => ({ suggestion: suggestions.ask(params) }),
    'suggestion/list': (params) => ({ suggestions: suggestions.list(params) }),
    'suggestion/show': ({ suggestionId }) => ({ suggestion: suggestions.get(suggestionId) }),
    'suggestion/accept': (params) => suggestions.accept(params),
    'suggestion/dismiss': (params) => ({ suggestion: suggestions.dismiss(params) }),
  };
}
