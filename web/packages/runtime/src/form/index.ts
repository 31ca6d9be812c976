export { FormDrawer } from "./drawer";
