// What modellers of bpmn.io do with a model: read it (and say what they do not understand), look at the drawing, change
// it as a hand does, and save it. One request in, one answer out, as JSON.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const { xml, change } = JSON.parse(await new Promise((done) => {
  let text = "";
  process.stdin.on("data", (part) => (text += part)).on("end", () => done(text));
}));
const require = createRequire(`${process.argv[2]}/package.json`);
const { BpmnModdle } = await import(pathToFileURL(require.resolve("bpmn-moddle")));
const moddle = new BpmnModdle();
const { rootElement, warnings } = await moddle.fromXML(xml);
const process_ = rootElement.rootElements.find((each) => each.$type === "bpmn:Process");
const plane = rootElement.diagrams?.[0]?.plane;

/** Every element of a process with all that is inside it. */
function all(holder) {
  const inside = [...(holder.flowElements ?? []), ...(holder.artifacts ?? [])];
  return inside.flatMap((each) => [each, ...all(each)]);
}

const elements = all(process_);
const places = new Map((plane?.planeElement ?? []).map((each) => [each.bpmnElement?.id, each]));
const unplaced = elements.filter((each) => {
  const place = places.get(each.id);
  if (!place) return !/DataObject$/.test(each.$type);
  return place.$type === "bpmndi:BPMNEdge" ? !(place.waypoint?.length >= 2) : !(place.bounds?.width > 0);
});
const loose = elements.filter((each) => each.$type === "bpmn:SequenceFlow" && !(each.sourceRef?.outgoing?.includes(each) && each.targetRef?.incoming?.includes(each)));

if (change) {
  // A user task is drawn between an element and what follows it; its arrow is bent over to it.
  const flow = elements.find((each) => each.$type === "bpmn:SequenceFlow" && each.sourceRef.id === change.after);
  const holder = flow.$parent;
  const task = moddle.create("bpmn:UserTask", { id: "Activity_0x1", name: change.name });
  const onward = moddle.create("bpmn:SequenceFlow", { id: "Flow_0x1", sourceRef: task, targetRef: flow.targetRef });
  const at = places.get(change.after).bounds;
  flow.targetRef.incoming = flow.targetRef.incoming.filter((each) => each !== flow).concat(onward);
  flow.targetRef = task;
  Object.assign(task, { incoming: [flow], outgoing: [onward], $parent: holder });
  onward.$parent = holder;
  holder.flowElements.push(task, onward);
  const shape = moddle.create("bpmndi:BPMNShape", { id: "Activity_0x1_di", bpmnElement: task, bounds: moddle.create("dc:Bounds", { x: at.x + 80, y: at.y + 200, width: 100, height: 80 }) });
  const edge = moddle.create("bpmndi:BPMNEdge", { id: "Flow_0x1_di", bpmnElement: onward, waypoint: [moddle.create("dc:Point", { x: at.x + 180, y: at.y + 240 }), moddle.create("dc:Point", { x: at.x + 300, y: at.y + 40 })] });
  plane.planeElement.push(shape, edge);
  const renamed = elements.find((each) => each.id === change.rename?.id);
  if (renamed) renamed.name = change.rename.name;
}
const saved = await moddle.toXML(rootElement, { format: true });
process.stdout.write(JSON.stringify({
  warnings: warnings.map((each) => each.message),
  unplaced: unplaced.map((each) => each.id),
  loose: loose.map((each) => each.id),
  elements: elements.length,
  saved: saved.xml,
}));
