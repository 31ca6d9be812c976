import { AimOutlined, EllipsisOutlined, MessageOutlined, PhoneOutlined, PlusOutlined } from "@ant-design/icons";
import { BY_HAND, copied, useSpeech } from "@lowcode/kit";
import type { Form, Reached, StoredRecord } from "@lowcode/protocol";
import { App, Dropdown, type MenuProps } from "antd";
import type { ReactNode } from "react";
import { useRuntime } from "../runtime";
import { useAdds } from "./adds";
import { APPS, hrefOf, spotWords, takesTexts, useWays, type Way } from "./reach";

type Items = NonNullable<MenuProps["items"]>;

/** What is done with a record on the way, within the thumb's reach: call, write, go there, write down, edit, and the rest. */
export function Foot({ form, record, edit, items }: { form: Form; record: StoredRecord; edit: ReactNode; items: Items }) {
  const { openForm } = useRuntime();
  const { t } = useSpeech();
  const ways = useWays(form, record);
  const [first, ...others] = useAdds(form, record);
  const rest = [...others.map((each) => ({ key: each.key, icon: <PlusOutlined />, label: t("newRecord", { name: each.title }), onClick: () => openForm(each.open) })), ...items];
  const by = (...wanted: Reached[]) => ways.filter((each) => wanted.includes(each.by));
  const told = useTold();
  const numbers = by("call");
  const write = [...numbers.filter((each) => takesTexts(each.value)).map((way) => told(way, "sms")), ...by("wechat", "qq", "whatsapp", "telegram", "mail").map((way) => told(way, way.by))];
  return (
    <div className="lc-foot" role="group" aria-label={t("reachBar")}>
      <Part icon={<PhoneOutlined />} label={t("reachCall")} choices={numbers.map((way) => told(way, "call"))} />
      <Part icon={<MessageOutlined />} label={t("reachWrite")} choices={write} />
      <Part icon={<AimOutlined />} label={t("reachGo")} choices={by("map").map((way) => told(way, "map"))} />
      {first && (
        <button type="button" className="lc-foot-part lc-foot-first" onClick={() => openForm(first.open)}>
          <PlusOutlined />
          <span>{first.title}</span>
        </button>
      )}
      {edit}
      {rest.length > 0 && (
        <Dropdown autoFocus menu={{ items: rest }} trigger={["click"]} placement="topRight">
          <button type="button" className="lc-foot-part" aria-label={t("actions")}>
            <EllipsisOutlined />
            <span>{t("more")}</span>
          </button>
        </Dropdown>
      )}
    </div>
  );
}

interface Choice {
  key: string;
  label: ReactNode;
  href?: string;
  onClick?: () => void;
}

/** One is pressed, several are chosen from; none is not offered. */
function Part({ icon, label, choices }: { icon: ReactNode; label: string; choices: Choice[] }) {
  if (choices.length === 0) return null;
  const [only] = choices;
  const inside = (
    <>
      {icon}
      <span>{label}</span>
    </>
  );
  if (choices.length === 1 && only?.href) return <a className="lc-foot-part" href={only.href}>{inside}</a>;
  const items = choices.map(({ href, label, ...each }) => ({ ...each, label: href ? <a href={href}>{label}</a> : label }));
  return (
    <Dropdown autoFocus menu={{ items }} trigger={["click"]} placement="top">
      <button type="button" className="lc-foot-part">
        {inside}
      </button>
    </Dropdown>
  );
}

const WORDS = { sms: "reachSms", mail: "reachMail", wechat: "reachWechat", qq: "reachQq", whatsapp: "reachWhatsapp", telegram: "reachTelegram" } as const;

/** A way as it is offered: whose, which, and what opens it; a name in a messenger is copied, to be searched for there. */
function useTold(): (way: Way, by: Reached | "sms") => Choice {
  const { message } = App.useApp();
  const { t, w } = useSpeech();
  const app = (by: Reached | "sms") => (by in WORDS ? t(WORDS[by as keyof typeof WORDS]) : "");
  const copy = (way: Way) => () => {
    const opens = APPS[way.by];
    const told = { what: way.value, app: app(way.by) };
    const done = copied(way.value);
    if (opens) location.assign(opens); // to be searched there, copied or not
    void done.then((there) => (there ? message.success(t("reachCopied", told)) : message.info(t("reachByHand", told), BY_HAND)));
  };
  return (way, by) => {
    const href = hrefOf(by, way.value) ?? undefined;
    const label = (
      <span className="lc-way-to">
        <span>{[way.who || w(way.title), app(by) || (way.who ? w(way.title) : "")].filter(Boolean).join(" · ")}</span>
        <span className="lc-quiet">{by === "map" ? spotWords(way.value) : way.value}</span>
      </span>
    );
    return { key: `${by}.${way.key}`, label, href, ...(href === undefined && { onClick: copy(way) }) };
  };
}
