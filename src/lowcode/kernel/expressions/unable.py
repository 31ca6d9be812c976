"""What a database, a mirror or a browser cannot carry out of an expression, in words: by key, in both languages.

The stem of a sentence: it stands behind what could not be done because of it.
"""

from __future__ import annotations

from collections.abc import Mapping

UNABLE: Mapping[str, tuple[str, str]] = {
    "changed-at-save": (
        "CHANGED() is known only while a record is saved", "CHANGED() 只有在保存记录时才知道"
    ),
    "old-at-save": ("OLD() is known only while a record is saved", "OLD() 只有在保存记录时才知道"),
    "new-at-save": ("ISNEW() is known only while a record is saved", "ISNEW() 只有在保存记录时才知道"),
    "aggregate-within": ("an aggregate inside an aggregate", "汇总函数嵌套"),
    "rows-one-by-one": ("{function} over rows needs them one by one", "{function} 需要逐行计算"),
    "decimals-unknown": ("{function} over numbers of unknown decimals", "{function} 用于小数位数未知的数字"),
    "over-whole-set": ("{function} over the whole set", "{function} 用于全部记录"),
    "not-in": ("{what} cannot be carried out in {database}", "{database} 不能执行 {what}"),
    "no-zones": ("such a database knows no zones", "这种数据库没有时区"),
    "mirror-sets": ("a mirror holds no sets", "镜像不存多值"),
    "mirror-trees": ("a mirror walks no trees", "镜像不能沿层级查找"),
    "mirror-lacks": ("a mirror does not hold {name}", "镜像没有 {name}"),
    "mirror-node": ("{what} is not asked of a mirror", "不在镜像中计算 {what}"),
    "mirror-division": ("a mirror does not divide", "镜像不做除法"),
    "own-order": ("each database has its own order of texts", "各数据库的文本顺序不同"),
    "not-asked": ("{function} is not asked of such a database", "这种数据库不计算 {function}"),
    "not-asked-under-condition": (
        "{function} under a condition is not asked of such a database", "这种数据库不计算带条件的 {function}"
    ),
    "no-lowering": ("there is no lowering for {database}", "不支持数据库 {database}"),
    "places-among-all": ("places among all are the database's", "名次由数据库计算"),
    "product-rounded": ("a product of so many decimals is rounded", "小数位数如此多的乘积会被舍入"),
    "unit-unknown": ("a unit of time that is not known beforehand", "时间单位事先未知"),
    "period-begins": ("the beginning of such a period", "这种时段的开始"),
    "span-unknown": ("a span that is not known beforehand", "时间跨度事先未知"),
    "span-unit": ("a span of another unit", "其他单位的时间跨度"),
    "encrypted": (
        "{name} is encrypted, and the database cannot read it", "{name} 已加密，数据库无法读取"
    ),
    "too-large": ("a number too large for SQLite", "数字超出 SQLite 的范围"),
    "too-many-values": (
        "more than 90 values in one part of the expression", "表达式的一个部分有 90 个以上的值"
    ),
    "needs-tables": (
        "{function} needs decision tables, which SQLite does not see", "{function} 需要决策表，而 SQLite 看不到"
    ),
    "needs-calendars": (
        "{function} needs the working calendar, which SQLite does not see", "{function} 需要工作日历，而 SQLite 看不到"
    ),
    "browser-trees": (
        "the browser does not hold trees; the server walks them", "浏览器没有层级数据，由服务器查找"
    ),
    "browser-function": (
        "{function} is not known to the browser; the server computes it", "浏览器没有 {function}，由服务器计算"
    ),
    "nothing-asked": ("nothing is asked", "没有要计算的内容"),
    "list-of-any-length": ("a list of any length", "长度不定的列表"),
}  # fmt: skip
