declare module "virtual:texts/*" {
  const said: Record<string, string>;
  export default said;
}
