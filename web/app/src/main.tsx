import "./styles/index.css";
import { emptyListsByDelete, leaveListsByTab } from "@lowcode/kit";
import { createRoot } from "react-dom/client";
import { Page } from "./page";
import { printAsShown } from "./printing";

leaveListsByTab();
emptyListsByDelete();
printAsShown();
createRoot(document.getElementById("root")!).render(<Page />);
