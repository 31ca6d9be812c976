import { FilterOutlined } from "@ant-design/icons";
import { Opened, useSpeech, Waiting } from "@lowcode/kit";
import type { FilterGroup, Form } from "@lowcode/protocol";
import { Badge, Button, Drawer, Popover } from "antd";
import { lazy, Suspense, useState } from "react";
import { size } from "./conditions";

const Editor = lazy(() => import("./filter_editor"));

interface FilterProps {
  form: Form;
  filter: FilterGroup;
  change: (filter: FilterGroup) => void;
  narrow: boolean;
}

/** Conditions a person puts together, in groups in groups; on a phone they take the screen. */
export function Filter({ form, filter, change, narrow }: FilterProps) {
  const { t } = useSpeech();
  const [open, setOpen] = useState(false);
  const button = (
    <Badge count={size(filter)} size="small" color="blue">
      <Button icon={<FilterOutlined />} data-shortcut="f" aria-keyshortcuts="f" aria-label={narrow ? t("filter") : undefined} aria-expanded={open} onClick={narrow ? () => setOpen(true) : undefined}>
        {narrow ? null : t("filter")}
      </Button>
    </Badge>
  );
  const editor = <Editor form={form} filter={filter} change={change} close={() => setOpen(false)} />;
  if (narrow)
    return (
      <>
        {button}
        <Drawer open={open} onClose={() => setOpen(false)} placement="bottom" size="85%" title={t("filter")} destroyOnHidden>
          <Suspense fallback={<Waiting />}>{editor}</Suspense>
        </Drawer>
      </>
    );
  return (
    <Popover open={open} onOpenChange={setOpen} trigger="click" placement="bottomLeft" arrow={false} destroyOnHidden content={<Suspense fallback={<Waiting />}><Opened>{editor}</Opened></Suspense>}>
      {button}
    </Popover>
  );
}
