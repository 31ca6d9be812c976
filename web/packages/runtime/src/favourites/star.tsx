import { StarFilled, StarOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import { Button } from "antd";
import { useFavourites, type Kept } from "./favourites";

/** Keeps a record or a view at hand, or no longer. */
export function Star({ of, name }: { of: Kept; name: string }) {
  const { t } = useSpeech();
  const { has, turn, busy } = useFavourites();
  const on = has(of);
  const words = t(on ? "favouriteRemove" : "favouriteAdd", { name });
  return <Button type="text" className={on ? "lc-star lc-star-on" : "lc-star"} icon={on ? <StarFilled /> : <StarOutlined />} aria-pressed={on} aria-label={words} title={words} disabled={busy} onClick={() => turn(of)} />;
}
