import { useRef, type PointerEvent, type RefObject } from "react";

const WIDTH = 480;
const HEIGHT = 160;

interface PadProps {
  canvas: RefObject<HTMLCanvasElement | null>;
  label: string;
  disabled?: boolean;
  /** Something was written. */
  onMark: () => void;
}

/** A place to write on with a finger, a pen or a mouse. */
export function Pad({ canvas, label, disabled, onMark }: PadProps) {
  const writing = useRef(false);
  const at = (event: PointerEvent) => {
    const box = canvas.current!.getBoundingClientRect();
    return [((event.clientX - box.left) * WIDTH) / box.width, ((event.clientY - box.top) * HEIGHT) / box.height] as const;
  };
  const begin = (event: PointerEvent) => {
    if (disabled) return;
    canvas.current!.setPointerCapture(event.pointerId);
    const pen = canvas.current!.getContext("2d")!;
    pen.lineWidth = 2.5;
    pen.lineCap = pen.lineJoin = "round";
    pen.strokeStyle = "#1a1a1a";
    pen.beginPath();
    pen.moveTo(...at(event));
    writing.current = true;
  };
  const go = (event: PointerEvent) => {
    if (!writing.current) return;
    const pen = canvas.current!.getContext("2d")!;
    pen.lineTo(...at(event));
    pen.stroke();
  };
  const end = () => {
    if (writing.current) onMark();
    writing.current = false;
  };
  return <canvas ref={canvas} width={WIDTH} height={HEIGHT} aria-label={label} onPointerDown={begin} onPointerMove={go} onPointerUp={end} onPointerCancel={end} />;
}

/** What was written is gone. */
export const wipe = (canvas: HTMLCanvasElement | null): void => canvas?.getContext("2d")?.clearRect(0, 0, WIDTH, HEIGHT);
