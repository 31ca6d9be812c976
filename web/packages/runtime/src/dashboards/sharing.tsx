import { Failure, instant, useCopy, useSpeech } from "@lowcode/kit";
import { address, type Share } from "@lowcode/protocol";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Input, InputNumber, Modal, Space } from "antd";
import { useState } from "react";
import { useRuntime } from "../runtime";

/** A link to a board for people outside, and the links that are open. */
export default function Sharing({ board, filters, close }: { board: string; filters: Record<string, unknown>; close: () => void }) {
  const { t } = useSpeech();
  const { client } = useRuntime();
  const copyText = useCopy();
  const queries = useQueryClient();
  const [days, setDays] = useState(7);
  const open = useQuery({ queryKey: ["shares"], queryFn: () => client.run<{ items: Share[] }>("reports.shares", {}) });
  const make = useMutation({ mutationFn: () => client.run<Share>("reports.share", { dashboard: board, filters, days }), onSuccess: () => queries.invalidateQueries({ queryKey: ["shares"] }) });
  const end = useMutation({ mutationFn: (id: number) => client.run("reports.end_share", { id }), onSuccess: () => queries.invalidateQueries({ queryKey: ["shares"] }) });
  const url = make.data?.token ? new URL(address(`boards/shared/${make.data.token}`), location.href).href : "";
  const copy = () => copyText(url, t("shareCopied"));
  const mine = open.data?.items.filter((each) => each.dashboard === board) ?? [];
  return (
    <Modal open title={t("share")} onCancel={close} footer={null}>
      <p className="lc-quiet lc-step-hint">{t("shareHint")}</p>
      {make.error ? <Failure error={make.error} /> : null}
      {url ? (
        <Space.Compact block>
          <Input readOnly value={url} aria-label={t("share")} onFocus={(event) => event.target.select()} />
          <Button type="primary" onClick={copy}>
            {t("copy")}
          </Button>
        </Space.Compact>
      ) : (
        <Space>
          <label>
            {t("shareDays")} <InputNumber min={1} max={90} value={days} onChange={(value) => setDays(value ?? 7)} aria-label={t("shareDays")} />
          </label>
          <Button type="primary" loading={make.isPending} onClick={() => make.mutate()}>
            {t("shareMake")}
          </Button>
        </Space>
      )}
      {mine.length > 0 && (
        <>
          <h3 className="lc-small-head">{t("openLinks")}</h3>
          <ul className="lc-plain-list">
            {mine.map((each) => (
              <li key={each.id}>
                → {instant(each.until)}
                <Button type="link" size="small" danger onClick={() => end.mutate(each.id)}>
                  {t("endLink")}
                </Button>
              </li>
            ))}
          </ul>
        </>
      )}
    </Modal>
  );
}
