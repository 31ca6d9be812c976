import { SearchOutlined } from "@ant-design/icons";
import { go, singleKeys, useComposing, useNarrow, useSpeech } from "@lowcode/kit";
import { Button, Drawer, Input, Popover, type InputRef } from "antd";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { useChoices, type Choice, type ChoiceGroup, type Command } from "./choices";
import { useFinds } from "./finds";

const MAC = /Mac|iPhone|iPad/.test(navigator.platform);

/** Finds records, pages and things to do. Ctrl K goes there, the arrow keys choose, and on a phone it takes the screen. */
export function SearchBox({ commands }: { commands: Command[] }) {
  const { t } = useSpeech();
  const narrow = useNarrow();
  const [open, setOpen] = useState(false);
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const [eager, setEager] = useState(false);
  const input = useRef<InputRef>(null);
  const before = useRef<Element | null>(null);
  const [composing, telling] = useComposing();
  const finds = useFinds(text, open, composing);
  const groups = useChoices(text, open, commands, finds);
  const all = groups.flatMap((group) => group.items);
  useEffect(() => {
    setAt(0);
    setEager(false);
  }, [text, open]);
  useEffect(() => {
    const keys = (event: globalThis.KeyboardEvent) => {
      if ((event.key === "k" && (event.ctrlKey || event.metaKey)) || (event.key === "/" && singleKeys(event))) {
        event.preventDefault();
        before.current = document.activeElement;
        setOpen(true);
        input.current?.focus();
      }
    };
    window.addEventListener("keydown", keys);
    return () => window.removeEventListener("keydown", keys);
  }, []);
  useEffect(() => {
    document.getElementById(`lc-find-${at}`)?.scrollIntoView({ block: "nearest" });
  }, [at]);
  const leave = () => {
    setOpen(false);
    setText("");
  };
  const choose = (choice: Choice) => {
    leave();
    input.current?.blur();
    if (choice.href) go(choice.href);
    else choice.run?.();
  };
  useEffect(() => {
    // Enter came before what was asked for: it counts as soon as that is there.
    if (eager && all[0] && !all[0].stale) choose(all[0]);
  }, [eager, all.length, finds.busy]);
  const pressed = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      setOpen(true);
      setAt((now) => (all.length === 0 ? 0 : (now + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length));
    }
    const chosen = all[Math.min(at, all.length - 1)];
    if (event.key === "Enter" && open && !event.nativeEvent.isComposing) {
      if (chosen && !(chosen.stale && at === 0)) choose(chosen);
      else setEager(text.trim() !== "");
    }
    if (event.key === "Escape") {
      leave();
      if (before.current instanceof HTMLElement && before.current !== document.body) before.current.focus();
    }
  };
  const box = (
    <Input
      ref={input}
      className="lc-find"
      {...telling}
      prefix={<SearchOutlined aria-hidden />}
      suffix={narrow || text ? undefined : <kbd className="lc-quiet">{MAC ? "⌘ K" : "Ctrl K"}</kbd>}
      allowClear
      role="combobox"
      aria-label={t("searchAll")}
      aria-expanded={open}
      aria-controls={open ? "lc-finds" : undefined}
      aria-activedescendant={open && all.length > 0 ? `lc-find-${Math.min(at, all.length - 1)}` : undefined}
      placeholder={t("searchAllHint")}
      value={text}
      maxLength={200}
      onChange={(event) => {
        setText(event.target.value);
        setOpen(true);
      }}
      onFocus={() => setOpen(true)}
      onBlur={(event) => !narrow && !(event.relatedTarget as Element | null)?.closest("#lc-finds") && setOpen(false)}
      onClick={() => setOpen(true)}
      onKeyDown={pressed}
    />
  );
  const results = <Results text={text} groups={groups} busy={finds.busy} at={at} choose={choose} point={setAt} />;
  if (narrow)
    return (
      <>
        <Button type="text" icon={<SearchOutlined />} aria-label={t("searchAll")} onClick={() => setOpen(true)} />
        <Drawer open={open} onClose={leave} afterOpenChange={(shown) => shown && input.current?.focus()} placement="top" size="100%" title={box} className="lc-find-drawer">
          {results}
        </Drawer>
      </>
    );
  return (
    <Popover open={open} placement="bottomLeft" arrow={false} destroyOnHidden content={results} trigger={[]}>
      <span className="lc-find-place">{box}</span>
    </Popover>
  );
}

interface ResultsProps {
  text: string;
  groups: ChoiceGroup[];
  busy: boolean;
  at: number;
  choose: (choice: Choice) => void;
  point: (at: number) => void;
}

function Results({ text, groups, busy, at, choose, point }: ResultsProps) {
  const { t } = useSpeech();
  let index = -1;
  return (
    <div id="lc-finds" role="listbox" aria-label={t("searchAll")} className="lc-finds" aria-busy={busy} onMouseDown={(event) => event.preventDefault()}>
      {groups.map((group) => (
        <section key={group.key} role="group" aria-label={group.title}>
          <h3 aria-hidden="true">
            {group.icon} {group.title}
            <span className="lc-grow" />
            {group.more && (
              <a href={group.more} tabIndex={-1} onClick={(event) => { event.preventDefault(); choose({ key: "more", title: "", href: group.more }); }}>
                {t("viewAll")}
              </a>
            )}
          </h3>
          {group.items.map((item) => {
            index += 1;
            const here = index;
            return (
              <a
                key={item.key}
                id={`lc-find-${here}`}
                role="option"
                tabIndex={-1}
                aria-selected={here === at}
                className="lc-find-item"
                href={item.href ?? "#"}
                onMouseMove={() => here !== at && point(here)}
                onClick={(event) => {
                  if (event.ctrlKey || event.metaKey) return;
                  event.preventDefault();
                  choose(item);
                }}
              >
                {item.icon && <span className="lc-find-icon" aria-hidden="true">{item.icon}</span>}
                <span className="lc-ellipsis lc-find-title">{item.title}</span>
                {item.of && <span className="lc-quiet lc-ellipsis">{item.of}</span>}
                {item.keys && <kbd className="lc-key">{item.keys}</kbd>}
              </a>
            );
          })}
        </section>
      ))}
      {groups.length === 0 && <p className="lc-quiet">{busy ? t("loading") : text.trim() ? t("noMatch") : t("searchAllHint")}</p>}
    </div>
  );
}
