import { brief, Failure, instant, Nothing, useSpeech, Waiting } from "@lowcode/kit";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Drawer, List, Tag } from "antd";
import { useRuntime } from "../runtime";

interface Print {
  id: number;
  template: string;
  file_name: string;
  copy: number;
  printed_by: number | null;
  printed_at: string;
}
interface Link {
  id: number;
  file_name: string;
  reader: string;
  email: string | null;
  opened: number;
  opened_at: string | null;
  until: string;
  state: "open" | "expired" | "revoked";
  views: { at: string; what: string }[];
}
const COLORS = { open: "green", expired: "default", revoked: "red" } as const;

/** What became of the papers of a record: prints with who and when, links with their openings. */
export function PaperUse({ form, id, close }: { form: string; id: number; close: () => void }) {
  const { t } = useSpeech();
  return (
    <Drawer open title={t("paperUse")} onClose={close} width={460}>
      <Links form={form} id={id} />
      <Prints form={form} id={id} />
    </Drawer>
  );
}

function Links({ form, id }: { form: string; id: number }) {
  const { client } = useRuntime();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const speech = useSpeech();
  const { t } = speech;
  const found = useQuery({ queryKey: ["paper-use", "links", form, id], queryFn: () => client.run<{ items: Link[] }>("printing.links", { form, id }) });
  const words: Record<string, string> = { open: t("linkOpen"), expired: t("linkExpired"), revoked: t("linkRevoked"), opened: t("viewOpened"), downloaded: t("viewDownloaded"), "code-sent": t("viewCodeSent"), "code-wrong": t("viewCodeWrong") };
  const revoke = async (link: Link) => {
    try {
      await client.run("printing.revoke", { link: link.id });
      await queries.invalidateQueries({ queryKey: ["paper-use"] });
    } catch (error) {
      void message.error(brief(error, speech), 6);
    }
  };
  if (found.error) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Waiting />;
  return (
    <List
      header={<strong>{t("links")}</strong>}
      dataSource={found.data.items}
      locale={{ emptyText: <Nothing small title={t("noLinks")} /> }}
      renderItem={(link) => (
        <List.Item actions={link.state === "open" ? [<Button key="revoke" size="small" type="text" danger onClick={() => void revoke(link)}>{t("linkRevoke")}</Button>] : []}>
          <List.Item.Meta
            title={
              <>
                {link.reader || link.email || t("anybody")} <Tag color={COLORS[link.state]}>{words[link.state]}</Tag>
              </>
            }
            description={
              <>
                <div>{link.file_name}</div>
                <div>{link.opened > 0 && link.opened_at ? t("openedTimes", { count: link.opened, at: instant(link.opened_at) }) : t("notOpened")}</div>
                {link.views.slice(-5).map((view, place) => (
                  <div key={place}>
                    {instant(view.at)} {words[view.what] ?? view.what}
                  </div>
                ))}
              </>
            }
          />
        </List.Item>
      )}
    />
  );
}

function Prints({ form, id }: { form: string; id: number }) {
  const { client } = useRuntime();
  const { t } = useSpeech();
  const found = useQuery({ queryKey: ["paper-use", "prints", form, id], queryFn: () => client.run<{ items: Print[] }>("printing.history", { form, id }) });
  const whom = [...new Set((found.data?.items ?? []).map((each) => each.printed_by).filter((each) => each !== null))];
  const people = useQuery({ queryKey: ["paper-use", "people", whom], queryFn: () => client.run<Record<string, string>>("records.label", { type: "user", ids: whom }), enabled: whom.length > 0 });
  if (found.error) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Waiting />;
  return (
    <List
      header={<strong>{t("prints")}</strong>}
      dataSource={found.data.items}
      locale={{ emptyText: <Nothing small title={t("noPrints")} /> }}
      renderItem={(print) => (
        <List.Item>
          <List.Item.Meta title={print.file_name} description={`${t("printNumber", { number: print.id })} · ${instant(print.printed_at)} · ${(print.printed_by !== null && people.data?.[String(print.printed_by)]) || "–"} · ${t("copyNumber", { count: print.copy })}`} />
        </List.Item>
      )}
    />
  );
}
