import { Failure, instant, Nothing, Sketch, useNarrow, useSpeech } from "@lowcode/kit";
import type { AccessKey, KeyUse } from "@lowcode/protocol";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Button, Drawer } from "antd";
import { useRuntime } from "../runtime";

const PAGE = 100;

/** What a key was used for, the newest first. */
export function Uses({ of, close }: { of: AccessKey; close: () => void }) {
  const { client } = useRuntime();
  const { t } = useSpeech();
  const narrow = useNarrow();
  const found = useInfiniteQuery({
    queryKey: ["keys", "uses", of.id],
    queryFn: ({ pageParam }) => client.run<{ items: KeyUse[] }>("api.key_uses", { id: of.id, limit: PAGE, ...(pageParam ? { before: pageParam } : {}) }),
    initialPageParam: 0,
    getNextPageParam: (last) => (last.items.length === PAGE ? last.items[PAGE - 1]!.id : undefined),
  });
  const items = found.data?.pages.flatMap((each) => each.items) ?? [];
  return (
    <Drawer title={t("apiKeyUsesOf", { name: of.name })} open onClose={close} size={narrow ? "100%" : 620} destroyOnHidden>
      {found.error ? (
        <Failure small error={found.error} retry={() => void found.refetch()} />
      ) : !found.data ? (
        <Sketch rows={4} />
      ) : items.length === 0 ? (
        <Nothing small title={t("apiKeyNeverUsed")} />
      ) : (
        <ul className="lc-log">
          {items.map((each) => (
            <li key={each.id}>
              <span className={each.status < 400 ? "lc-log-good" : "lc-log-bad"}>{each.status}</span>
              <code>{each.what}</code>
              <span className="lc-quiet">
                {instant(each.at, true)} · {each.address}
              </span>
            </li>
          ))}
        </ul>
      )}
      {found.hasNextPage && (
        <Button block loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          {t("more")}
        </Button>
      )}
    </Drawer>
  );
}
