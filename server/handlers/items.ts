import type { Handlers } from '../dispatch.ts';
import type { Items } from '../horizon/items.ts';
import type { ItemTasks } from '../horizon/itemTasks.ts';

type ItemMethod = Extract<keyof Handlers, `item/${string}`>;

interface ItemHandlerDeps {
  items: Items;
  itemTasks: ItemTasks;
}

export function createItemHandlers({ items, itemTasks }: ItemHandlerDeps): Pick<Handlers, ItemMethod> {
  return {
    'item/add': (params) => items.add(params),
    'item/list': (params) => items.list(params),
    'item/show': ({ itemId }) => ({ item: items.get(itemId) }),
    'item/change': (params) => items.change(params),
    'item/move': (params) => items.move(params),
    'item/remove': (params) => items.remove(params),
    'item/undo': (params) => items.undo(params),
    'item/redo': (params) => items.redo(params),
    'item/start': (params) => itemTasks.start(params),
  };
}
