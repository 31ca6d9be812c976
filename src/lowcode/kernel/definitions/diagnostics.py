"""What can be wrong with the text of a document, and with the folder it lies in."""

from __future__ import annotations

from lowcode.kernel.diagnostics import Catalogue, Message

_SYNTAX = {
    "empty": Message("the document is empty", "A file without content is not JSON.", "Write at least {{}}."),
    "byte-order-mark": Message(
        "the file begins with a byte order mark",
        "Some editors put three invisible bytes before the text; other programs stumble over them.",
        "Save it as 'UTF-8' without BOM, or run `lowcode format`.",
        "warning",
    ),
    "encoding": Message(
        "the file is not UTF-8: byte {seen} cannot be read",
        "Documents are UTF-8. Text saved in another encoding (GBK, UTF-16, Latin-1) turns to garbage.",
        "Save it as UTF-8{guess}.",
    ),
    "trailing-comma": Message(
        "a comma before '{bracket}' with nothing after it",
        "JSON has commas between members only, not after the last one.",
        "Remove the comma.",
    ),
    "extra-comma": Message("a comma too many", "Two commas with nothing in between.", "Remove one comma."),
    "missing-comma": Message(
        "a comma is missing before {seen}",
        "Members of an object or a list are divided by commas.",
        "Put a comma after the value before it.",
    ),
    "missing-colon": Message(
        "a colon is missing after the key {seen}", "A key and its value are divided by a colon.", "Write {seen}: value."
    ),
    "missing-value": Message("a value is missing here", "A key must have a value.", "Write a value, or null."),
    "missing-key": Message(
        "{seen} stands where a key in double quotes must stand",
        "An object holds pairs of a quoted key and a value.",
        'Write "key": value.',
    ),
    "unquoted": Message("{seen} is not in quotes", "Keys and texts stand in double quotes.", 'Write "{seen}".'),
    "quotes": Message(
        "{seen} is in the wrong quotes",
        "JSON knows the straight double quote only; single and curly quotes come from other languages and editors.",
        'Write "{bare}".',
    ),
    "punctuation": Message(
        "'{seen}' is full-width punctuation",
        "A Chinese input method was on while punctuation of JSON was typed.",
        "Write '{cure}'.",
    ),
    "comment": Message(
        "JSON has no comments",
        "Documents are plain JSON, so that every program can read them.",
        'Remove it, or keep the words in a key of your own, such as "x-note".',
    ),
    "unclosed": Message(
        "'{bracket}' is never closed", "A bracket opened here has no partner.", "Close it with '{cure}'{guess}."
    ),
    "wrong-bracket": Message(
        "'{seen}' closes a '{bracket}' that was opened in line {line}",
        "Brackets close in the reverse order of opening.",
        "Write '{cure}' here, or remove one of the two.",
    ),
    "unclosed-text": Message(
        "the text has no closing quote in this line",
        "A text ends with a double quote in the line where it began.",
        "Put a '\"' at its end; write a line break inside a text as \\n.",
    ),
    "control-character": Message(
        "a {seen} stands inside a text", "Control characters must be escaped inside texts.", "Write {cure}."
    ),
    "escape": Message(
        "'{seen}' is no escape that JSON knows",
        'A backslash in a text begins an escape: \\" \\\\ \\/ \\b \\f \\n \\r \\t \\u0000.',
        "To mean the backslash itself, write it twice: \\\\.",
    ),
    "surrogate": Message(
        "'{seen}' is half a character",
        "Characters beyond U+FFFF are written as two \\u escapes, or as themselves.",
        "Write the character itself.",
    ),
    "number": Message(
        "{seen} is not a number in JSON",
        "No leading zero or plus, a digit on both sides of the point, no other notation.",
        "Write {cure}.",
    ),
    "not-a-number": Message(
        "{seen} cannot be written in JSON", "JSON has no NaN and no infinity.", "Write null for 'no value'."
    ),
    "word": Message("{seen} is no value that JSON knows", "Bare words are true, false and null only.", "Write {cure}."),
    "duplicate-key": Message(
        "the key '{seen}' stands twice in one object; first in line {line}",
        "Only one of two equal keys could count, and nobody could tell which.",
        "Remove or rename one of them.",
    ),
    "after-end": Message(
        "there is more after the end of the document",
        "A document is one object; it ended in line {line}.",
        "Remove what follows, or check for a bracket closed too early.",
    ),
    "merge-conflict": Message(
        "a merge conflict was left in the file",
        "Version control marked two versions and nobody chose.",
        "Keep one of the two versions and remove the marks.",
    ),
    "too-deep": Message(
        "more than {limit} levels inside one another", "So deep a document is a mistake or an attack.", "Flatten it."
    ),
    "unexpected": Message("'{seen}' does not belong here", "No JSON begins with this character.", "Remove it."),
}

_SHAPE = {
    "unknown-key": Message(
        "the key '{seen}' is not known here", "Documents are closed, so that a misspelt key is never ignored."
    ),
    "missing": Message("the key '{seen}' is missing", "This key must be given.", 'Add "{seen}".'),
    "wrong-type": Message(
        "{seen} stands where {expected} is needed",
        "The value is of another sort than this key takes.",
        "Write {expected}.",
    ),
    "unknown-value": Message("{seen} is not one of the values possible here", "This key takes one of a few words."),
    "name": Message(
        "'{seen}' cannot be a name",
        "Names begin with a letter a-z, go on with a-z, 0-9 and _, and have at most 48 characters.",
        "Write '{cure}', and put the words people see into the title.",
    ),
    "no-shape-fits": Message(
        "nothing of the sort is known here", "The value fits none of the shapes this key takes.", "Expected {expected}."
    ),
    "value": Message("{problem}", "The value breaks a limit of this key.", "{cure}"),
}

_FOLDER = {
    "no-app": Message(
        "there is no app.json", "Every app has one document app.json at its root.", "Add app.json with name and title."
    ),
    "not-an-object": Message(
        "{seen} stands where the document's object must stand", "A document is one JSON object.", "Wrap it in {{ }}."
    ),
    "name-unlike-file": Message(
        "the name is '{seen}', the file's is '{file}'",
        "A document is named like its file, so that it can be found.",
        "Rename the file to {seen}.json, or the document to '{file}'.",
    ),
    "name-twice": Message(
        "there are two {kind} named '{seen}'; the other is {other}",
        "Names are unique within a folder.",
        "Rename one of them.",
    ),
    "unknown-folder": Message(
        "the folder '{seen}' is not known", "Each engine reads the folder of its name; this one would be ignored."
    ),
    "unknown-file": Message(
        "nothing reads the file '{seen}'",
        "Documents are .json files in the folders of the engines.",
        "Write it as JSON, or move it into templates/, or into a folder whose name begins with x-.",
        "warning",
    ),
    "unreadable": Message(
        "it cannot be read: {problem}",
        "The operating system or the archive refuses to give it.",
        "Check it and its rights.",
    ),
    "unsafe-path": Message(
        "the path '{seen}' leads out of the app",
        "A hostile archive could write or read outside its folder.",
        "Make the archive anew from the app's folder.",
    ),
    "too-large": Message(
        "{what} is larger than {limit}",
        "Limits keep a broken or hostile archive from filling memory.",
        "Split it, or leave it out of the app.",
    ),
    "newer-format": Message(
        "it has format {seen}; this version of lowcode reads up to {known_format}",
        "It was written by a newer version.",
        "Install a newer lowcode.",
    ),
    "gate": Message("{problem}", "The value does not fit the schema.", "{cure}"),
}

_OVERLAY = {
    "overlay-over-what": Message(
        "overlay.json does not say what it lies over",
        "An overlay holds the changes to an app that somebody else keeps up.",
        'Write "over": the folder or archive of the app, from here.',
    ),
    "overlay-of-nothing": Message(
        "there is no app at '{seen}'",
        "The app that an overlay lies over is sought from the overlay's folder: {at}.",
        "Correct 'over', or put the app there.",
    ),
    "overlay-without-place": Message(
        "the app at '{seen}' is sought from the overlay's folder, and this overlay has none",
        "An archive or a mapping stands nowhere, so nothing stands beside it.",
        "Load the overlay from its folder; `lowcode pull` writes the two as one app.",
    ),
    "overlay-too-deep": Message(
        "more than {most} overlays lie over one another",
        "This many are taken for a circle: an overlay that lies over itself.",
        "Let 'over' name the app.",
    ),
    "overlay-unknown-key": Message(
        "overlay.json has no key '{seen}'", "It would be ignored.", "Did you mean '{near}'? Possible: {known}."
    ),
    "overlay-without-paths": Message(
        "'without' is not a list of paths",
        "It lists the documents of the app that are left out.",
        'Write "without": ["rules/welcome.json"].',
    ),
    "overlay-leaves-out-nothing": Message(
        "the app has no '{seen}' to leave out",
        "The app may have renamed or dropped it, and what is there now would be in.",
        "Did you mean '{near}'? Otherwise take it out of 'without'.",
    ),
    "overlay-clash": Message(
        "both sides changed this: it was {base}, the app made it {theirs}, the overlay made it {mine}",
        "The app has moved on since the overlay changed {path}, and one of the two would be lost.",
        "See `lowcode overlay status`; run `lowcode overlay update` with --take mine or --take theirs, or edit it.",
    ),
}

_CHINESE_SYNTAX = {
    "empty": ("文档是空的", "请至少写 {{}}。"),
    "byte-order-mark": ("文件开头有字节顺序标记（BOM）", "请另存为不带 BOM 的 UTF-8，或运行 `lowcode format`。"),
    "encoding": ("文件不是 UTF-8 编码，无法读取字节 {seen}", "请另存为 UTF-8（例如原为 GBK 或 UTF-16）。"),
    "trailing-comma": ("“{bracket}”之前多了一个逗号", "请删去这个逗号。"),
    "extra-comma": ("多了一个逗号", "请删去一个逗号。"),
    "missing-comma": ("{seen} 之前缺少逗号", "请在前一个值之后加上逗号。"),
    "missing-colon": ("键 {seen} 之后缺少冒号", "请写 {seen}: 值。"),
    "missing-value": ("此处缺少值", "请写一个值，或写 null。"),
    "missing-key": ("此处应为双引号中的键，却是 {seen}", '请写 "键": 值。'),
    "unquoted": ("{seen} 没有加引号", '请写 "{seen}"。'),
    "quotes": ("{seen} 用错了引号", '请用英文双引号，写 "{bare}"。'),
    "punctuation": ("“{seen}”是全角标点", "请切换到英文输入法，写 {cure}。"),
    "comment": ("JSON 中不能写注释", '请删去，或把文字写进自己的键，例如 "x-note"。'),
    "unclosed": ("“{bracket}”没有结束", "请补上“{cure}”。"),
    "wrong-bracket": ("“{seen}”与第 {line} 行的“{bracket}”不成对", "请在此处写“{cure}”，或删去其中一个。"),
    "unclosed-text": ("文字在这一行没有用双引号结束", "请在末尾加上双引号；文字中的换行写作 \\n。"),
    "control-character": ("文字中直接写了{seen}", "请用转义写法（制表符写作 \\t，换行写作 \\n），或删去。"),
    "escape": ("JSON 没有转义“{seen}”", "要写反斜杠本身，请写两个：\\\\。"),
    "surrogate": ("“{seen}”只是半个字符", "请直接写这个字符。"),
    "number": ("{seen} 不是 JSON 的数字", "请写 {cure}。"),
    "not-a-number": ("JSON 中不能写 {seen}", "没有值请写 null。"),
    "word": ("{seen} 不是 JSON 的值", "请写 {cure}。"),
    "duplicate-key": ("同一个对象中有两个键“{seen}”，前一个在第 {line} 行", "请删去其中一个，或给它改名。"),
    "after-end": ("文档已经结束，后面还有内容", "请删去后面的内容，或检查是否有括号过早结束。"),
    "merge-conflict": ("文件中留有合并冲突的标记", "请保留两个版本之一，并删去标记。"),
    "too-deep": ("嵌套超过 {limit} 层", "请减少嵌套。"),
    "unexpected": ("此处不能写“{seen}”", "请删去。"),
}

_CHINESE = {
    "unknown-key": ("没有键“{seen}”", ""),
    "missing": ("缺少键“{seen}”", "请加上“{seen}”。"),
    "wrong-type": ("此处是{seen}，需要{expected}", "请改为{expected}。"),
    "unknown-value": ("{seen} 不是此处可用的值", ""),
    "name": (
        "“{seen}”不能作为名称：须以小写字母开头，其后为小写字母、数字和下划线，最多 48 个字符",
        "请写“{cure}”，给人看的文字写在标题里。",
    ),
    "value": ("{problem}", "{cure}"),
    "not-an-object": ("此处是{seen}，文档应为一个对象", "请用 {{ }} 括起来。"),
    "no-shape-fits": ("此处没有这样的写法", "可用：{expected}。"),
    "name-twice": ("有两个{kind}都叫“{seen}”，另一个是 {other}", "请给其中一个改名。"),
    "name-unlike-file": ("名称是“{seen}”，文件名是“{file}”", "请把文件改名为 {seen}.json，或把文档改名为“{file}”。"),
    "no-app": ("没有 app.json", "请加上 app.json，至少写明 name。"),
    "unknown-folder": ("没有文件夹“{seen}”", ""),
    "unreadable": ("无法读取：{problem}", "请检查该文件及其访问权限。"),
    "unsafe-path": ("路径“{seen}”会离开应用所在的文件夹", "请由应用的文件夹重新生成。"),
    "newer-format": ("格式为 {seen}，此版本的 lowcode 只能读取到 {known_format}", "请安装更新版本的 lowcode。"),
    "unknown-file": ("没有引擎读取文件“{seen}”", "请写成 JSON，或移到 templates/，或移到名称以 x- 开头的文件夹。"),
    "too-large": ("{what}超过上限 {limit}", "请拆分，或从应用中去掉。"),
    "gate": ("{problem}", "{cure}"),
    "overlay-over-what": ("overlay.json 没有写明覆盖哪个应用", '请写 "over"：从此处到该应用的文件夹或压缩包的路径。'),
    "overlay-of-nothing": ("“{seen}”处没有应用", "请改正 over，或把应用放到该处。"),
    "overlay-without-place": (
        "应用“{seen}”要从覆盖层所在的文件夹查找，而此覆盖层不在任何文件夹中",
        "请从文件夹加载覆盖层；`lowcode pull` 会把二者写成一个应用。",
    ),
    "overlay-too-deep": ("超过 {most} 层覆盖层相互叠加", "请让 over 指向应用。"),
    "overlay-unknown-key": ("overlay.json 没有键“{seen}”", "是否指“{near}”？可用：{known}。"),
    "overlay-without-paths": ("without 不是路径列表", '请写 "without": ["rules/welcome.json"]。'),
    "overlay-leaves-out-nothing": ("应用中没有“{seen}”可以去掉", "是否指“{near}”？否则请从 without 中删去。"),
    "overlay-clash": (
        "双方都改了此处：原为 {base}，应用改为 {theirs}，覆盖层改为 {mine}",
        "请看 `lowcode overlay status`；运行 `lowcode overlay update` 并加 --take mine 或 --take theirs，或自行编辑。",
    ),
}
MESSAGES = Catalogue("definitions", {**_SYNTAX, **_SHAPE, **_FOLDER, **_OVERLAY}, {**_CHINESE_SYNTAX, **_CHINESE})
