/** Files that are looked at. */
export const FILES = {
  fileLook: ["预览 {name}", "Look at {name}"],
  fileTake: ["下载 {name}", "Download {name}"],
  filePrevious: ["上一个文件", "Previous file"],
  fileNext: ["下一个文件", "Next file"],
  fileBegins: ["文件较大，只显示开头 {size}。", "The file is large; only its first {size} are shown."],
  fileNoPreview: ["此类文件不能预览", "There is no preview of files of this kind"],
  fileNoReader: ["此浏览器不能显示 PDF", "This browser does not show PDF files"],
  fileNotPdf: ["文件内容不是 PDF", "The file is no PDF, whatever its name says"],
  fileDownloadHint: ["可以下载后打开。", "Download it to open it."],
  uploadPicture: ["上传图片", "Upload a picture"],
  takePicture: ["拍照或选择图片", "Take or choose a picture"],
} as const;
