import { AdoptList } from './AdoptList.tsx';
import { Catalogue } from './Catalogue.tsx';
import { ImportForm } from './ImportForm.tsx';
import { PullForm } from './PullForm.tsx';

/** All ways in which models come here. */
export function GetModels() {
  return (
    <>
      <PullForm />
      <Catalogue />
      <ImportForm />
      <AdoptList />
    </>
  );
}
