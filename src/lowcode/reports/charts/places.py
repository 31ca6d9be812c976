"""The provinces of China: the name of their outlines, of the file with their cities, and their names in English."""

from __future__ import annotations

PROVINCES = {
    "北京": ("beijing", "Beijing"), "天津": ("tianjin", "Tianjin"), "河北": ("hebei", "Hebei"),
    "山西": ("shanxi", "Shanxi"), "内蒙古": ("neimenggu", "Inner Mongolia"), "辽宁": ("liaoning", "Liaoning"),
    "吉林": ("jilin", "Jilin"), "黑龙江": ("heilongjiang", "Heilongjiang"), "上海": ("shanghai", "Shanghai"),
    "江苏": ("jiangsu", "Jiangsu"), "浙江": ("zhejiang", "Zhejiang"), "安徽": ("anhui", "Anhui"),
    "福建": ("fujian", "Fujian"), "江西": ("jiangxi", "Jiangxi"), "山东": ("shandong", "Shandong"),
    "河南": ("henan", "Henan"), "湖北": ("hubei", "Hubei"), "湖南": ("hunan", "Hunan"),
    "广东": ("guangdong", "Guangdong"), "广西": ("guangxi", "Guangxi"), "海南": ("hainan", "Hainan"),
    "重庆": ("chongqing", "Chongqing"), "四川": ("sichuan", "Sichuan"), "贵州": ("guizhou", "Guizhou"),
    "云南": ("yunnan", "Yunnan"), "西藏": ("xizang", "Tibet"), "陕西": ("shanxi1", "Shaanxi"),
    "甘肃": ("gansu", "Gansu"), "青海": ("qinghai", "Qinghai"), "宁夏": ("ningxia", "Ningxia"),
    "新疆": ("xinjiang", "Xinjiang"), "香港": ("xianggang", "Hong Kong"), "澳门": ("aomen", "Macao"),
    "台湾": ("taiwan", "Taiwan"),
}  # fmt: skip


def province_of(text: str) -> str | None:
    """The province that a place lies in, from the beginning of its name: 浙江省/杭州市, 浙江 or Zhejiang."""
    head = text.split("/")[0].strip()
    for name, (_, english) in PROVINCES.items():
        if head.startswith(name) or head.lower() == english.lower():
            return name
    return None


def city_of(text: str) -> str:
    """The city of a place: the second step of 浙江省/杭州市, or what is said when it is the only one."""
    steps = [step.strip() for step in text.split("/") if step.strip()]
    return steps[1] if len(steps) > 1 else text.strip()
