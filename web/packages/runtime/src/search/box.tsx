import { SearchOutlined } from "@ant-design/icons";
import { go, Icon, link, recordLink, useNarrow, useSpeech } from "@lowcode/kit";
import { Button, Drawer, Input, Popover, type InputRef } from "antd";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { manyOf } from "../fields";
import { useRuntime } from "../runtime";
import { useFinds, type Finds } from "./finds";

/** Searches in every form; Ctrl K or / goes there, the arrow keys choose, and on a phone it takes the screen. */
export function SearchBox() {
  const { t } = useSpeech();
  const narrow = useNarrow();
  const [open, setOpen] = useState(false);
  const [text, setText] = useState("");
  const input = useRef<InputRef>(null);
  const finds = useFinds(text, open);
  const [at, setAt] = useState(-1);
  useEffect(() => setAt(-1), [finds.groups]);
  useEffect(() => {
    const keys = (event: globalThis.KeyboardEvent) => {
      const typing = (event.target as Element).closest("input, textarea, [contenteditable]");
      if ((event.key === "k" && (event.ctrlKey || event.metaKey)) || (event.key === "/" && !typing)) {
        event.preventDefault();
        setOpen(true);
        if (input.current) input.current.focus();
        else setTimeout(() => input.current?.focus(), 300); // on a phone the box opens first
      }
    };
    window.addEventListener("keydown", keys);
    return () => window.removeEventListener("keydown", keys);
  }, []);
  const leave = () => {
    setOpen(false);
    setText("");
  };
  const all = finds.groups.flatMap((group) => group.items.map((item) => ({ form: group.form, id: item.id })));
  const pressed = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      setAt((before) => (all.length === 0 ? -1 : (before + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length));
    }
    const chosen = all[Math.max(at, 0)];
    if (event.key === "Enter" && chosen) {
      go(recordLink(chosen.form, chosen.id));
      leave();
    }
    if (event.key === "Escape") leave();
  };
  const box = (
    <Input
      ref={input}
      className="lc-find"
      prefix={<SearchOutlined aria-hidden />}
      suffix={narrow || text ? undefined : <kbd className="lc-quiet">Ctrl K</kbd>}
      allowClear
      role="combobox"
      aria-label={t("searchAll")}
      aria-expanded={open}
      aria-controls="lc-finds"
      aria-activedescendant={at >= 0 ? `lc-find-${at}` : undefined}
      placeholder={t("searchAll")}
      value={text}
      maxLength={200}
      onChange={(event) => {
        setText(event.target.value);
        setOpen(true);
      }}
      onFocus={() => setOpen(true)}
      onKeyDown={pressed}
    />
  );
  const results = <Results text={text} finds={finds} at={at} leave={leave} />;
  if (narrow)
    return (
      <>
        <Button type="text" icon={<SearchOutlined />} aria-label={t("searchAll")} onClick={() => { setOpen(true); setTimeout(() => input.current?.focus(), 300); }} />
        <Drawer open={open} onClose={leave} placement="top" size="100%" title={box} className="lc-find-drawer">
          {results}
        </Drawer>
      </>
    );
  return (
    <Popover open={open && text.trim() !== ""} onOpenChange={(next) => !next && setOpen(false)} trigger="click" placement="bottomLeft" arrow={false} content={results}>
      <span className="lc-find-place">{box}</span>
    </Popover>
  );
}

function Results({ text, finds, at, leave }: { text: string; finds: Finds; at: number; leave: () => void }) {
  const { app } = useRuntime();
  const { t, w } = useSpeech();
  if (text.trim() === "") return <p className="lc-quiet">{t("searchAllHint")}</p>;
  let index = -1;
  return (
    <div id="lc-finds" role="listbox" aria-label={t("searchAll")} className="lc-finds" aria-busy={finds.busy}>
      {finds.groups.map((group) => {
        const form = app.forms[group.form];
        if (!form) return null;
        const title = w(manyOf(form));
        return (
          <section key={group.form} role="group" aria-label={title}>
            <h3>
              <Icon name={form.icon} /> {title}
              <span className="lc-grow" />
              {group.more && (
                <a href={link(["records", group.form], { search: text.trim() })} onClick={leave}>
                  {t("viewAll")}
                </a>
              )}
            </h3>
            {group.items.map((item) => {
              index += 1;
              const field = form.fields.find((each) => each.name === item.field);
              return (
                <a key={item.id} id={`lc-find-${index}`} role="option" aria-selected={index === at} className="lc-find-item" href={recordLink(group.form, item.id)} onClick={leave}>
                  <span className="lc-ellipsis">{item.label}</span>
                  {field && (
                    <span className="lc-quiet lc-ellipsis">
                      {w(field.title)}: {item.words}
                    </span>
                  )}
                </a>
              );
            })}
          </section>
        );
      })}
      {finds.groups.length === 0 && <p className="lc-quiet">{finds.busy ? t("loading") : t("noMatch")}</p>}
    </div>
  );
}
