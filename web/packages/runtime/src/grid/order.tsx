import { SortAscendingOutlined } from "@ant-design/icons";
import { Opened, useNarrow, useSpeech, Waiting } from "@lowcode/kit";
import type { Form } from "@lowcode/protocol";
import { Button, Drawer, Popover } from "antd";
import { lazy, Suspense, useState } from "react";
import type { ListState } from "./state";

const OrderEditor = lazy(() => import("./order_editor"));

/** By which fields a list is ordered, and which of them is a heading; on a phone it comes up from below. */
export function Order({ form, state, grouping }: { form: Form; state: ListState; grouping: boolean }) {
  const { t } = useSpeech();
  const [open, setOpen] = useState(false);
  const title = grouping ? t("sortAndGroup") : t("sortedBy");
  const narrow = useNarrow();
  const editor = <OrderEditor form={form} state={state} grouping={grouping} />;
  if (narrow)
    return (
      <>
        <Button icon={<SortAscendingOutlined />} aria-label={title} aria-expanded={open} onClick={() => setOpen(true)} />
        <Drawer open={open} onClose={() => setOpen(false)} placement="bottom" size="60%" title={title} destroyOnHidden>
          <Suspense fallback={<Waiting />}>{editor}</Suspense>
        </Drawer>
      </>
    );
  const content = (
    <Suspense fallback={<Waiting />}>
      <Opened>{editor}</Opened>
    </Suspense>
  );
  return (
    <Popover trigger="click" open={open} onOpenChange={setOpen} placement="bottomRight" arrow={false} title={title} destroyOnHidden content={content}>
      <Button icon={<SortAscendingOutlined />} aria-label={title} aria-expanded={open} />
    </Popover>
  );
}
