import { Designed } from "../opened";
import type { RulePalette } from "../rules/about";
import { PoolDesk } from "./desk";
import { PoolsList } from "./list";

/** The designer of one pool, or the pools there are. */
export default function PoolDesignerPage({ name }: { name?: string }) {
  const begin = (palette: RulePalette) => ({ members: palette.roles.slice(0, 1), claim: { per_day: 10, holding: 100 } });
  return <Designed<RulePalette> name={name} place="pools/design" type="pool" palette="rules.pool_palette" words={{ list: "designPools", gone: "poolGone" }} list={<PoolsList />} begin={begin} desk={(begun) => <PoolDesk {...begun} />} />;
}
