import { DragDropProvider, KeyboardSensor, PointerSensor, useDraggable, useDroppable } from "@dnd-kit/react";
import type { ReactNode } from "react";

/** The one module that knows the drag library: things with an id are moved onto places with an id. */
export function Dragging({ children, onMove }: { children: ReactNode; onMove: (id: string, place: string) => void }) {
  return (
    <DragDropProvider
      sensors={[PointerSensor, KeyboardSensor.configure({ keyboardCodes: { start: ["Space"], cancel: ["Escape"], end: ["Space", "Enter", "Tab"], up: ["ArrowUp"], down: ["ArrowDown"], left: ["ArrowLeft"], right: ["ArrowRight"] }, offset: { x: 140, y: 60 } })]}
      onDragEnd={({ operation, canceled }) => {
        if (canceled || !operation.source || !operation.target) return;
        onMove(String(operation.source.id), String(operation.target.id));
      }}
    >
      {children}
    </DragDropProvider>
  );
}

export function useMovable(id: string, disabled: boolean) {
  const { ref, handleRef, isDragging } = useDraggable({ id, disabled, feedback: "clone" } as Parameters<typeof useDraggable>[0]);
  return { ref, handle: handleRef, moving: isDragging };
}

export function usePlaceFor(id: string, disabled: boolean) {
  const { ref, isDropTarget } = useDroppable({ id, disabled });
  return { ref, over: isDropTarget };
}
