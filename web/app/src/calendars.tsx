import { brief, useCopy, useSpeech } from "@lowcode/kit";
import type { Text } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Input, Space } from "antd";
import { useState } from "react";

interface Calendar {
  name: string;
  title: Text;
  opened_at: string | null;
}

/** The calendars a person can have in a program of theirs; an address is shown when it is made, and never again. */
export function Calendars() {
  const { client } = useRuntime();
  const queries = useQueryClient();
  const { message, modal } = App.useApp();
  const speech = useSpeech();
  const { t, w } = speech;
  const [opened, setOpened] = useState<Record<string, string>>({});
  const found = useQuery({ queryKey: ["calendars"], queryFn: () => client.run<{ items: Calendar[] }>("api.calendars") });
  const items = found.data?.items ?? [];
  if (items.length === 0) return null;
  const run = async (work: () => Promise<void>) => {
    try {
      await work();
      await queries.invalidateQueries({ queryKey: ["calendars"] });
    } catch (error) {
      void message.error(brief(error, speech), 6);
    }
  };
  const open = (name: string) =>
    run(async () => {
      const made = await client.run<{ path: string; url: string | null }>("api.open_calendar", { name });
      setOpened((before) => ({ ...before, [name]: made.url ?? new URL(made.path, location.href).href }));
    });
  const again = (each: Calendar) => modal.confirm({ title: t("calendarAgain"), content: t("calendarAgainHint"), okText: t("confirm"), cancelText: t("cancel"), onOk: () => open(each.name) });
  const close = (name: string) =>
    run(async () => {
      await client.run("api.close_calendar", { name });
      setOpened(({ [name]: _, ...rest }) => rest);
    });
  const copy = useCopy();
  return (
    <section aria-label={t("calendars")}>
      <h2 className="lc-section-title">{t("calendars")}</h2>
      <p className="lc-quiet">{t("calendarsHint")}</p>
      {items.map((each) => (
        <div key={each.name} className="lc-subscription">
          <div className="lc-subscription-head">
            <span>{w(each.title)}</span>
            <Space size="small">
              {each.opened_at ? (
                <>
                  <Button size="small" onClick={() => again(each)}>
                    {t("calendarAnew")}
                  </Button>
                  <Button size="small" danger onClick={() => void close(each.name)}>
                    {t("calendarEnd")}
                  </Button>
                </>
              ) : (
                <Button size="small" onClick={() => void open(each.name)}>
                  {t("calendarOpen")}
                </Button>
              )}
            </Space>
          </div>
          {opened[each.name] && (
            <>
              <Space.Compact block>
                <Input readOnly value={opened[each.name]} aria-label={t("calendarAddress")} onFocus={(event) => event.target.select()} />
                <Button type="primary" onClick={() => copy(opened[each.name]!)}>
                  {t("copy")}
                </Button>
              </Space.Compact>
              <p className="lc-quiet">{t("calendarOnce")}</p>
            </>
          )}
        </div>
      ))}
    </section>
  );
}
