import { useEffect, useState, type ComponentType, type ReactNode } from "react";
import { Waiting } from "./loading";

/** A part of the page whose code comes when it is shown. It stands as soon as the code is there, and at once when that
 * was fetched before (`begin`): `lazy` shows that it waits even then, and React keeps that for 0.3 s. */
export function part<Props extends object>(load: () => Promise<{ default: ComponentType<Props> }>, waiting: ReactNode = <Waiting />) {
  let there: ComponentType<Props> | undefined;
  const begin = () => load().then((module) => (there = module.default));
  function Part(props: Props) {
    const [Shown, show] = useState(() => there);
    const [failed, fail] = useState<{ error: unknown }>();
    useEffect(() => {
      if (Shown) return;
      let here = true;
      begin().then((found) => here && show(() => found), (error: unknown) => here && fail({ error }));
      return () => void (here = false);
    }, [Shown]);
    if (failed) throw failed.error;
    return Shown ? <Shown {...props} /> : waiting;
  }
  return Object.assign(Part, { begin });
}
