import { useSpeech } from "@lowcode/kit";
import { useState, type ComponentProps, type KeyboardEvent, type PointerEvent } from "react";

interface HeadProps extends ComponentProps<"th"> {
  width?: number;
  resize?: (width: number) => void;
}

const LEAST = 60;
const MOST = 800;
const within = (width: number): number => Math.round(Math.min(MOST, Math.max(LEAST, width)));

/** The head of a column, whose edge can be moved with the mouse and with the arrow keys. */
export function ResizableHead({ width, resize, children, title, ...rest }: HeadProps) {
  const { t } = useSpeech();
  const [start, setStart] = useState<{ at: number; width: number } | null>(null);
  if (!resize || !width) return <th {...rest}>{children}</th>;
  const move = (event: PointerEvent) => start && resize(within(start.width + event.clientX - start.at));
  const keys = (event: KeyboardEvent) => {
    const step = event.key === "ArrowRight" ? 16 : event.key === "ArrowLeft" ? -16 : 0;
    if (step === 0) return;
    event.preventDefault();
    event.stopPropagation();
    resize(within(width + step));
  };
  return (
    <th {...rest}>
      {children}
      <span
        role="separator"
        aria-orientation="vertical"
        aria-label={t("columnWidth", { name: title ?? "" })}
        aria-valuenow={width}
        aria-valuemin={LEAST}
        aria-valuemax={MOST}
        tabIndex={0}
        className={start ? "lc-resize lc-resizing" : "lc-resize"}
        onClick={(event) => event.stopPropagation()}
        onKeyDown={keys}
        onPointerDown={(event) => {
          event.stopPropagation();
          event.currentTarget.setPointerCapture(event.pointerId);
          setStart({ at: event.clientX, width });
        }}
        onPointerMove={move}
        onPointerUp={() => setStart(null)}
      />
    </th>
  );
}
