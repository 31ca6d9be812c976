import { lazy, Suspense } from "react";
import type { ShowProps, Widget } from "./widget";

const Qr = lazy(() => import("./qr"));

function Barcode({ field, value, dense }: ShowProps) {
  if (field.symbology !== "qr" || dense) return <span className="lc-number">{String(value)}</span>;
  return (
    <span className="lc-qr">
      <Suspense fallback={null}>
        <Qr value={String(value)} />
      </Suspense>
      <span className="lc-text">{String(value)}</span>
    </span>
  );
}

export const barcode: Widget = { Show: Barcode, width: 140 };
