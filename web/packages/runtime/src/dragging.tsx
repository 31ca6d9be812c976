import { Accessibility, type DragDropManager, type DragEndEvent, type DragOverEvent, type DragStartEvent } from "@dnd-kit/dom";
import { DragDropProvider, KeyboardSensor, PointerSensor, useDraggable, useDroppable } from "@dnd-kit/react";
import { useSpeech, type Speech } from "@lowcode/kit";
import { useMemo, type ReactNode } from "react";

const KEYBOARD = KeyboardSensor.configure({
  keyboardCodes: { start: ["Space"], cancel: ["Escape"], end: ["Space", "Enter", "Tab"], up: ["ArrowUp"], down: ["ArrowDown"], left: ["ArrowLeft"], right: ["ArrowRight"] },
  offset: { x: 140, y: 60 },
});

/** The one module that knows the drag library: things with an id are moved onto places with an id, and both are called
 * by their names for those who hear the page. */
export function Dragging({ children, onMove }: { children: ReactNode; onMove: (id: string, place: string) => void }) {
  const speech = useSpeech();
  const { locale } = speech;
  const told = useMemo(() => spoken(speech), [speech]);
  return (
    <DragDropProvider
      key={locale}
      sensors={[PointerSensor, KEYBOARD]}
      plugins={(defaults) => [...defaults.filter((each) => each !== Accessibility), told]}
      onDragEnd={({ operation, canceled }) => {
        if (canceled || !operation.source || !operation.target) return;
        onMove(String(operation.source.id), String(operation.target.id));
      }}
    >
      {children}
    </DragDropProvider>
  );
}

type Moving = DragDropManager["dragOperation"];
const nameOf = (thing: Moving["source"] | Moving["target"]): string => (thing ? String((thing.data as { name?: string }).name ?? "") : "");

/** What is said of a move, in the language of the page. */
function spoken({ t }: Speech) {
  return Accessibility.configure({
    screenReaderInstructions: { draggable: t("dragHow") },
    announcements: {
      dragstart: ({ operation }: DragStartEvent) => t("dragTaken", { name: nameOf(operation.source) }),
      dragover: ({ operation }: DragOverEvent) => (operation.target ? t("dragOver", { name: nameOf(operation.source), place: nameOf(operation.target) }) : t("dragNowhere", { name: nameOf(operation.source) })),
      dragend: ({ operation, canceled }: DragEndEvent) =>
        canceled || !operation.target ? t("dragLeft", { name: nameOf(operation.source) }) : t("dragPut", { name: nameOf(operation.source), place: nameOf(operation.target) }),
    },
  });
}

export function useMovable(id: string, name: string, disabled: boolean) {
  const { ref, handleRef, isDragging } = useDraggable({ id, disabled, data: { name }, feedback: "clone" } as Parameters<typeof useDraggable>[0]);
  return { ref, handle: handleRef, moving: isDragging };
}

export function usePlaceFor(id: string, name: string, disabled: boolean) {
  const { ref, isDropTarget } = useDroppable({ id, disabled, data: { name } });
  return { ref, over: isDropTarget };
}
