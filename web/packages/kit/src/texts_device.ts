/** The words of what a device finds and sees: places, and codes before its camera. */
export const DEVICE = {
  locate: ["获取当前位置", "Use my location"],
  locationExample: ["例如 30.274150,120.155150", "e.g. 30.274150,120.155150"],
  scan: ["扫码", "Scan"],
  noCamera: ["无法打开摄像头，可以拍照识别或手动输入", "The camera cannot be opened: take a picture of the code, or type it in"],
  scanPicture: ["拍照识别", "Take a picture of it"],
  noCode: ["图片中没有识别到码，请靠近、对正后再拍", "No code was found in the picture: go nearer and hold it straight"],
  locating: ["正在定位…", "Looking for your place…"],
  locationExact: ["精确到 {metres} 米", "Exact to {metres} m"],
  locationRough: ["误差约 {metres} 米；到室外或窗边再试一次会更准", "Only exact to {metres} m; try again outdoors or at a window"],
  locationDenied: ["没有定位权限：请在浏览器或系统设置中允许本页面使用位置，再试一次", "This page may not know your place: allow it in the settings of the browser or the device, and try again"],
  locationUnknown: ["设备暂时无法确定位置：请打开系统定位，或到室外再试", "The device cannot tell where it is: switch its location on, or try outdoors"],
  locationLate: ["定位超时，请到室外或窗边再试", "It took too long to find your place: try outdoors or at a window"],
  locationInsecure: ["只有 HTTPS 页面才能使用定位", "A place is found on pages with HTTPS only"],
} as const;
